import { assert } from "@effect/vitest"
import { DateTime, Effect, Option } from "effect"
import type { InstanceId } from "../../../core/instance/Instance.ts"
import { keptFor } from "../../../core/message/Idempotency.ts"
import { type Earlier, type Reservation, Sends } from "../../../core/message/Sends.ts"
import { Fixture, Peer } from "../Fixture.ts"
import type { SendsIt } from "../sends.ts"
import {
  accepted,
  keyed,
  refusedForGood,
  refusedForNow,
  reservationIn,
  settlementOf,
  toNumber,
  unknown
} from "./Example.ts"

/** What is found under the key, as of now or `at`. */
const under = Effect.fnUntraced(function* (
  instanceId: InstanceId,
  { key, path }: { readonly key: string; readonly path: string },
  at?: DateTime.Utc
) {
  const sends = yield* Sends
  return Option.getOrUndefined(yield* sends.earlier(instanceId, path, key, at ?? (yield* DateTime.now)))
})

const isTaken = (send: Reservation) =>
  Effect.gen(function* () {
    return (yield* Effect.flip((yield* Sends).reserve(send)))._tag
  })

export const claimingKeys = (it: SendsIt) => {
  it.effect("the send that first used a key is found under it, from the reservation on", () =>
    Effect.gen(function* () {
      const sends = yield* Sends
      const { id: instanceId } = yield* (yield* Fixture).instance
      const key = keyed("order-1")
      assert.isUndefined(yield* under(instanceId, key))

      const send = yield* reservationIn(instanceId, { idempotency: key })
      const { contactId } = yield* sends.reserve(send)
      const earlier: Earlier = {
        bodyHash: key.bodyHash,
        requestId: key.requestId,
        messageId: send.messageId,
        contactId,
        reservedAt: send.at,
        status: "reserved",
        kind: "text",
        wamid: undefined,
        failure: undefined
      }
      assert.deepStrictEqual(yield* under(instanceId, key), earlier)
      yield* sends.settle(yield* settlementOf(send, accepted))
      assert.deepStrictEqual(yield* under(instanceId, key), { ...earlier, status: "accepted", wamid: "wamid.ABC" })
    })
  )

  it.effect("fifty reservations under one key at once make one message; the others are told that it is taken", () =>
    Effect.gen(function* () {
      const fixture = yield* Fixture
      const both = [yield* Sends, yield* Peer] as const
      const { id: instanceId } = yield* fixture.instance
      const outcomes = yield* Effect.forEach(
        Array.from({ length: 50 }, (_, index) => index),
        (index) =>
          reservationIn(instanceId, {
            idempotency: keyed("once"),
            recipient: toNumber(`55119780498${10 + index}`)
          }).pipe(
            Effect.flatMap(both[index % 2 === 0 ? 0 : 1].reserve),
            Effect.match({ onFailure: ({ _tag }) => _tag, onSuccess: () => "reserved" })
          ),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(outcomes.filter((outcome) => outcome === "reserved").length, 1)
      assert.strictEqual(outcomes.filter((outcome) => outcome === "KeyTaken").length, 49)
      assert.strictEqual(yield* fixture.messageCount(instanceId), 1)
      assert.strictEqual((yield* fixture.contacts(instanceId)).length, 1)
    })
  )

  it.effect("a reservation repeated under its own key is not refused by itself", () =>
    Effect.gen(function* () {
      const sends = yield* Sends
      const { id: instanceId } = yield* (yield* Fixture).instance
      const send = yield* reservationIn(instanceId, { idempotency: keyed("mine") })
      const first = yield* sends.reserve(send)
      assert.deepStrictEqual(yield* sends.reserve(send), first)
    })
  )

  it.effect("the same key in another instance, on another path or in another case is another key", () =>
    Effect.gen(function* () {
      const fixture = yield* Fixture
      const sends = yield* Sends
      const ours = yield* fixture.instance
      const theirs = yield* fixture.instance
      const cases = [
        [ours.id, keyed("k", "/send-message")],
        [ours.id, keyed("k", "/sendmessage")],
        [ours.id, keyed("K", "/send-message")],
        [theirs.id, keyed("k", "/send-message")]
      ] as const
      for (const [instanceId, idempotency] of cases) {
        const send = yield* reservationIn(instanceId, { idempotency })
        yield* sends.reserve(send)
        assert.strictEqual((yield* under(instanceId, idempotency))?.messageId, send.messageId)
      }
    })
  )

  it.effect("a key is kept for 72 hours, to the millisecond; after that it is taken anew", () =>
    Effect.gen(function* () {
      const fixture = yield* Fixture
      const sends = yield* Sends
      const { id: instanceId } = yield* fixture.instance
      const idempotency = keyed("old")
      const now = yield* DateTime.now
      const at = DateTime.subtractDuration(now, keptFor)
      const first = yield* reservationIn(instanceId, { idempotency, at })
      yield* sends.reserve(first)

      assert.strictEqual((yield* under(instanceId, idempotency, now))?.messageId, first.messageId)
      assert.strictEqual(yield* isTaken(yield* reservationIn(instanceId, { idempotency, at: now })), "KeyTaken")

      const later = DateTime.add(now, { milliseconds: 1 })
      assert.isUndefined(yield* under(instanceId, idempotency, later))
      const second = yield* reservationIn(instanceId, { idempotency, at: later })
      yield* sends.reserve(second)
      assert.strictEqual((yield* under(instanceId, idempotency, later))?.messageId, second.messageId)
      assert.strictEqual((yield* fixture.message(first.messageId))?.status, "reserved")
    })
  )

  it.effect("of many that take an old key anew at once, one does", () =>
    Effect.gen(function* () {
      const both = [yield* Sends, yield* Peer] as const
      const { id: instanceId } = yield* (yield* Fixture).instance
      const idempotency = keyed("old and wanted")
      const now = yield* DateTime.now
      yield* both[0].reserve(
        yield* reservationIn(instanceId, { idempotency, at: DateTime.subtract(now, { hours: 73 }) })
      )
      const outcomes = yield* Effect.forEach(
        Array.from({ length: 20 }, (_, index) => both[index % 2 === 0 ? 0 : 1]),
        (sends) =>
          reservationIn(instanceId, { idempotency }).pipe(
            Effect.flatMap(sends.reserve),
            Effect.match({ onFailure: ({ _tag }) => _tag, onSuccess: () => "reserved" })
          ),
        { concurrency: "unbounded" }
      )
      assert.deepStrictEqual(outcomes.toSorted(), [...Array.from({ length: 19 }, () => "KeyTaken"), "reserved"])
    })
  )

  it.effect("a failure that sent nothing and may pass frees its key, and no other", () =>
    Effect.gen(function* () {
      const sends = yield* Sends
      const { id: instanceId } = yield* (yield* Fixture).instance
      const send = yield* reservationIn(instanceId, { idempotency: keyed("freed") })
      const other = yield* reservationIn(instanceId, { idempotency: keyed("bystander") })
      yield* sends.reserve(send)
      yield* sends.reserve(other)
      yield* sends.settle(yield* settlementOf(send, refusedForNow))
      assert.isUndefined(yield* under(instanceId, keyed("freed")))
      assert.strictEqual((yield* under(instanceId, keyed("bystander")))?.messageId, other.messageId)

      const again = yield* reservationIn(instanceId, { idempotency: keyed("freed") })
      yield* sends.reserve(again)
      assert.strictEqual((yield* under(instanceId, keyed("freed")))?.messageId, again.messageId)
    })
  )

  it.effect.each([
    ["accepted", accepted],
    ["held", { ...accepted, held: true }],
    ["failed", refusedForGood],
    ["unknown", unknown]
  ] as const)("a key is kept by an outcome that must not be repeated: %s", ([status, outcome]) =>
    Effect.gen(function* () {
      const sends = yield* Sends
      const { id: instanceId } = yield* (yield* Fixture).instance
      const idempotency = keyed(status)
      const send = yield* reservationIn(instanceId, { idempotency })
      yield* sends.reserve(send)
      yield* sends.settle(yield* settlementOf(send, outcome))
      const earlier = yield* under(instanceId, idempotency)
      assert.strictEqual(earlier?.status, status)
      assert.strictEqual(earlier?.failure?.code, outcome._tag === "Failed" ? "meta_rejected" : undefined)
      assert.strictEqual(yield* isTaken(yield* reservationIn(instanceId, { idempotency })), "KeyTaken")
    })
  )

  it.effect("a key is not freed by a failure of the send that held it before", () =>
    Effect.gen(function* () {
      const sends = yield* Sends
      const { id: instanceId } = yield* (yield* Fixture).instance
      const idempotency = keyed("passed on")
      const now = yield* DateTime.now
      const old = yield* reservationIn(instanceId, { idempotency, at: DateTime.subtract(now, { hours: 73 }) })
      const young = yield* reservationIn(instanceId, { idempotency })
      yield* sends.reserve(old)
      yield* sends.reserve(young)
      yield* sends.settle(yield* settlementOf(old, refusedForNow))
      assert.strictEqual((yield* under(instanceId, idempotency))?.messageId, young.messageId)
    })
  )

  it.effect("a reservation that was refused takes no key", () =>
    Effect.gen(function* () {
      const fixture = yield* Fixture
      const sends = yield* Sends
      const { id: instanceId } = yield* fixture.instance
      const idempotency = keyed("untouched")
      const stale = yield* reservationIn(instanceId, { idempotency, revision: 0 })
      assert.strictEqual((yield* Effect.flip(sends.reserve(stale)))._tag, "DirectoryChanged")
      assert.isUndefined(yield* under(instanceId, idempotency))
      const send = yield* reservationIn(instanceId, { idempotency })
      yield* sends.reserve(send)
      assert.strictEqual((yield* under(instanceId, idempotency))?.messageId, send.messageId)
    })
  )

  it.effect("keys made before a given time are forgotten, and their messages kept", () =>
    Effect.gen(function* () {
      const fixture = yield* Fixture
      const sends = yield* Sends
      const { id: instanceId } = yield* fixture.instance
      const now = yield* DateTime.now
      const before = DateTime.subtract(now, { hours: 100 })
      yield* sends.forgetKeys(before)
      const old = yield* reservationIn(instanceId, {
        idempotency: keyed("old"),
        at: DateTime.subtract(before, { milliseconds: 1 })
      })
      const edge = yield* reservationIn(instanceId, { idempotency: keyed("edge"), at: before })
      yield* sends.reserve(old)
      yield* sends.reserve(edge)
      assert.strictEqual(yield* sends.forgetKeys(before), 1)
      assert.strictEqual(yield* sends.forgetKeys(before), 0)
      assert.isUndefined(yield* under(instanceId, keyed("old"), before))
      assert.strictEqual((yield* under(instanceId, keyed("edge"), before))?.messageId, edge.messageId)
      assert.strictEqual((yield* fixture.message(old.messageId))?.status, "reserved")
    })
  )
}
