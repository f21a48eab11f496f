import { assert } from "@effect/vitest"
import { DateTime, Effect } from "effect"
import { type Outcome, Sends } from "../../../core/message/Sends.ts"
import { Fixture, Peer } from "../Fixture.ts"
import type { SendsIt } from "../sends.ts"
import { accepted, refusedForGood, refusedForNow, reservationIn, settlementOf, toNumber, unknown } from "./Example.ts"

export const settling = (it: SendsIt) => {
  it.effect.each([
    ["accepted", accepted],
    ["held", { ...accepted, held: true }],
    ["failed", refusedForGood],
    ["failed", refusedForNow],
    ["unknown", unknown]
  ] as const)("an outcome is kept with what is known of it: %s", ([status, outcome]) =>
    Effect.gen(function* () {
      const fixture = yield* Fixture
      const sends = yield* Sends
      const { id: instanceId } = yield* fixture.instance
      const send = yield* reservationIn(instanceId)
      yield* sends.reserve(send)
      yield* sends.settle(yield* settlementOf(send, outcome, { calls: 3 }))
      const stored = yield* fixture.message(send.messageId)
      assert.strictEqual(stored?.status, status)
      assert.strictEqual(stored?.wamid, outcome._tag === "Accepted" ? outcome.wamid : undefined)
      assert.strictEqual(stored?.waId, outcome._tag === "Accepted" ? outcome.waId : undefined)
      assert.strictEqual(stored?.failure?.code, outcome._tag === "Failed" ? outcome.failure.code : undefined)
      assert.strictEqual(stored?.reason, outcome._tag === "Unknown" ? outcome.reason : undefined)
      assert.strictEqual(stored?.calls, 3)
    })
  )

  it.effect("a message keeps its first outcome, also when the second comes in the same millisecond", () =>
    Effect.gen(function* () {
      const fixture = yield* Fixture
      const sends = yield* Sends
      const { id: instanceId } = yield* fixture.instance
      const sales = yield* fixture.queue(instanceId)
      const support = yield* fixture.queue(instanceId)
      const status = yield* fixture.status(instanceId)
      const send = yield* reservationIn(instanceId, { queueId: sales.id, statusId: status.id })
      yield* sends.reserve(send)
      yield* sends.settle(yield* settlementOf(send, refusedForGood))
      const effects = { contactName: "Ana Lima", queueId: support.id, statusId: status.id }
      yield* sends.settle(yield* settlementOf(send, accepted, effects))
      const stored = yield* fixture.message(send.messageId)
      assert.strictEqual(stored?.status, "failed")
      assert.strictEqual(stored?.conversation.queueId, sales.id)
      assert.strictEqual((yield* fixture.contacts(instanceId))[0]?.name, "Ana")
    })
  )

  it.effect("a settlement that is repeated does not undo what later ones changed", () =>
    Effect.gen(function* () {
      const fixture = yield* Fixture
      const sends = yield* Sends
      const { id: instanceId } = yield* fixture.instance
      const first = yield* reservationIn(instanceId)
      const second = yield* reservationIn(instanceId)
      yield* sends.reserve(first)
      yield* sends.reserve(second)
      const settlement = yield* settlementOf(first, accepted, { contactName: "Ana Lima" })
      yield* sends.settle(settlement)
      yield* sends.settle(yield* settlementOf(second, accepted, { contactName: "Ana Maria" }))
      yield* sends.settle(settlement)
      assert.strictEqual((yield* fixture.contacts(instanceId))[0]?.name, "Ana Maria")
    })
  )

  it.effect("of many outcomes of one message at once one is kept, and it alone has effects", () =>
    Effect.gen(function* () {
      const fixture = yield* Fixture
      const both = [yield* Sends, yield* Peer] as const
      const { id: instanceId } = yield* fixture.instance
      const send = yield* reservationIn(instanceId)
      yield* both[0].reserve(send)
      const outcomes: ReadonlyArray<Outcome> = [accepted, unknown, refusedForNow, refusedForGood]
      yield* Effect.forEach(
        Array.from({ length: 40 }, (_, index) => index),
        (index) =>
          settlementOf(send, outcomes[index % 4] ?? accepted, {
            contactName: String(index),
            calls: index
          }).pipe(Effect.flatMap(both[index % 2 === 0 ? 0 : 1].settle)),
        { concurrency: "unbounded" }
      )
      const stored = yield* fixture.message(send.messageId)
      const name = (yield* fixture.contacts(instanceId))[0]?.name
      assert.notStrictEqual(stored?.status, "reserved")
      assert.strictEqual(name, stored?.status === "failed" ? "Ana" : String(stored?.calls))
    })
  )

  it.effect("an outcome of what was never reserved makes nothing", () =>
    Effect.gen(function* () {
      const fixture = yield* Fixture
      const sends = yield* Sends
      const { id: instanceId } = yield* fixture.instance
      const send = yield* reservationIn(instanceId)
      yield* sends.settle(yield* settlementOf(send, accepted, { contactName: "Ana" }))
      assert.isUndefined(yield* fixture.message(send.messageId))
      assert.deepStrictEqual(yield* fixture.contacts(instanceId), [])
      yield* sends.reserve(send)
      assert.strictEqual((yield* fixture.message(send.messageId))?.status, "reserved")
    })
  )

  it.effect.each([
    ["accepted", accepted, true],
    ["held", { ...accepted, held: true }, true],
    ["unknown", unknown, true],
    ["refused for good", refusedForGood, false],
    ["refused for now", refusedForNow, false]
  ] as const)(
    "the contact is renamed and the open conversation moved where the message may have gone: %s",
    ([, outcome, moves]) =>
      Effect.gen(function* () {
        const fixture = yield* Fixture
        const sends = yield* Sends
        const { id: instanceId } = yield* fixture.instance
        const sales = yield* fixture.queue(instanceId)
        const support = yield* fixture.queue(instanceId)
        const young = yield* fixture.status(instanceId)
        const old = yield* fixture.status(instanceId)
        const send = yield* reservationIn(instanceId, { queueId: sales.id, statusId: young.id })
        const { contactId } = yield* sends.reserve(send)
        const effects = { contactName: "Ana Lima", queueId: support.id, statusId: old.id }
        yield* sends.settle(yield* settlementOf(send, outcome, effects))
        assert.strictEqual((yield* fixture.contacts(instanceId))[0]?.name, moves ? "Ana Lima" : "Ana")
        assert.deepInclude((yield* fixture.conversations(contactId))[0], {
          queueId: moves ? support.id : sales.id,
          statusId: moves ? old.id : young.id
        })
      })
  )

  it.effect("a settlement that names nobody and no place leaves both as they are", () =>
    Effect.gen(function* () {
      const fixture = yield* Fixture
      const sends = yield* Sends
      const { id: instanceId } = yield* fixture.instance
      const queue = yield* fixture.queue(instanceId)
      const status = yield* fixture.status(instanceId)
      const send = yield* reservationIn(instanceId, { queueId: queue.id, statusId: status.id })
      yield* sends.reserve(send)
      yield* sends.settle(yield* settlementOf(send, accepted))
      const { conversation } = (yield* fixture.message(send.messageId)) ?? {}
      assert.deepInclude(conversation, { queueId: queue.id, statusId: status.id })
      assert.strictEqual((yield* fixture.contacts(instanceId))[0]?.name, "Ana")
    })
  )

  it.effect("a conversation that was closed in the meantime stays where it was, and so does the one after it", () =>
    Effect.gen(function* () {
      const fixture = yield* Fixture
      const sends = yield* Sends
      const { id: instanceId } = yield* fixture.instance
      const sales = yield* fixture.queue(instanceId)
      const support = yield* fixture.queue(instanceId)
      const status = yield* fixture.status(instanceId)
      const into = { queueId: sales.id, statusId: status.id }
      const send = yield* reservationIn(instanceId, into)
      const { contactId } = yield* sends.reserve(send)
      yield* fixture.closeConversation(contactId)
      yield* sends.reserve(yield* reservationIn(instanceId, into))
      yield* sends.settle(yield* settlementOf(send, accepted, { queueId: support.id, statusId: status.id }))
      assert.deepStrictEqual(
        (yield* fixture.conversations(contactId)).map(({ queueId }) => queueId),
        [sales.id, sales.id]
      )
    })
  )

  it.effect("of many that are settled at once the latest message names the contact and places the conversation", () =>
    Effect.gen(function* () {
      const fixture = yield* Fixture
      const sends = yield* Sends
      const { id: instanceId } = yield* fixture.instance
      const status = yield* fixture.status(instanceId)
      const all = yield* Effect.forEach(Array.from({ length: 20 }), () =>
        Effect.all({ send: reservationIn(instanceId), queue: fixture.queue(instanceId) })
      )
      yield* Effect.forEach(all, ({ send }) => sends.reserve(send), { concurrency: "unbounded" })
      yield* Effect.forEach(
        all.toReversed(),
        ({ queue, send }) =>
          settlementOf(send, accepted, { contactName: `Ana ${queue.id}`, queueId: queue.id, statusId: status.id }).pipe(
            Effect.flatMap(sends.settle)
          ),
        { concurrency: "unbounded" }
      )
      const latest = all.at(-1)
      assert.strictEqual((yield* fixture.contacts(instanceId))[0]?.name, `Ana ${latest?.queue.id}`)
      const stored = latest === undefined ? undefined : yield* fixture.message(latest.send.messageId)
      assert.deepInclude(stored?.conversation, { queueId: latest?.queue.id, statusId: status.id })
    })
  )

  it.effect("what was reserved long ago and never settled becomes unknown, and stays so", () =>
    Effect.gen(function* () {
      const fixture = yield* Fixture
      const sends = yield* Sends
      const { id: instanceId } = yield* fixture.instance
      const now = yield* DateTime.now
      const before = DateTime.subtract(now, { seconds: 20 })
      // Whatever other tests have left behind.
      yield* sends.abandon(before, now)
      const at = DateTime.subtract(before, { milliseconds: 1 })
      const dead = yield* reservationIn(instanceId, { at })
      const settled = yield* reservationIn(instanceId, { at })
      const young = yield* reservationIn(instanceId, { at: before })
      for (const send of [dead, settled, young]) yield* sends.reserve(send)
      yield* sends.settle(yield* settlementOf(settled, accepted))

      assert.strictEqual(yield* sends.abandon(before, now), 1)
      assert.strictEqual(yield* sends.abandon(before, now), 0)
      yield* sends.settle(yield* settlementOf(dead, accepted, { contactName: "Ana Lima", at: now }))

      const statusOf = (send: typeof dead) => Effect.map(fixture.message(send.messageId), (stored) => stored?.status)
      assert.strictEqual(yield* statusOf(dead), "unknown")
      assert.strictEqual(yield* statusOf(settled), "accepted")
      assert.strictEqual(yield* statusOf(young), "reserved")
      assert.strictEqual((yield* fixture.contacts(instanceId))[0]?.name, "Ana")
    })
  )

  it.effect("an abandoned send still holds its key", () =>
    Effect.gen(function* () {
      const sends = yield* Sends
      const { id: instanceId } = yield* (yield* Fixture).instance
      const now = yield* DateTime.now
      const idempotency = { path: "/send-message", key: "crashed", bodyHash: "b0d1", requestId: "1" }
      const send = yield* reservationIn(instanceId, {
        idempotency,
        at: DateTime.subtract(now, { minutes: 1 }),
        recipient: toNumber("14155552671")
      })
      yield* sends.reserve(send)
      yield* sends.abandon(now, now)
      const earlier = yield* sends.earlier(instanceId, idempotency.path, idempotency.key, now)
      assert.strictEqual(earlier._tag === "Some" ? earlier.value.status : earlier._tag, "unknown")
    })
  )
}
