import { assert } from "@effect/vitest"
import { DateTime, Effect } from "effect"
import { type Outcome, Sends } from "../../../core/message/Sends.ts"
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

const outcomes: ReadonlyArray<Outcome> = [accepted, unknown, refusedForNow, refusedForGood]

/** Seven people, five of whom go by two numbers. */
const people = [
  ["5511978049825", "551178049825"],
  ["5521987654321", "552187654321"],
  ["5547991234567", "554791234567"],
  ["5561999998888", "556199998888"],
  ["5588966665555", "558866665555"],
  ["551133334444"],
  ["14155552671"]
] as const

export const storming = (it: SendsIt) => {
  it.effect("two processes send to the same people at once and neither is held up by the other", () =>
    Effect.gen(function* () {
      const fixture = yield* Fixture
      const both = [yield* Sends, yield* Peer] as const
      const [one, other] = [yield* fixture.instance, yield* fixture.instance]
      const places = yield* Effect.forEach([one, other], ({ id }) =>
        Effect.all({
          id: Effect.succeed(id),
          queues: Effect.all([fixture.queue(id), fixture.queue(id)]),
          status: fixture.status(id)
        })
      )

      const work = Effect.fnUntraced(function* (index: number) {
        const place = places[index % 2] ?? places[0]
        assert.isDefined(place)
        const spellings = people[index % people.length] ?? people[0]
        const queueId = place.queues[index % 3 === 0 ? 0 : 1].id
        const send = yield* reservationIn(place.id, {
          recipient: toNumber(spellings[Math.floor(index / 7) % spellings.length] ?? spellings[0], `first ${index}`),
          queueId,
          statusId: place.status.id,
          // Every third under one of ten keys that others want, too.
          idempotency: index % 3 === 0 ? keyed(`key ${index % 10}`) : undefined
        })
        const [ours, theirs] = index % 4 < 2 ? both : both.toReversed()
        assert.isDefined(ours)
        assert.isDefined(theirs)
        const reserved = yield* ours.reserve(send).pipe(
          Effect.as(true),
          Effect.catchTag("KeyTaken", () => Effect.succeed(false))
        )
        if (!reserved) return undefined
        const outcome = outcomes[index % outcomes.length] ?? accepted
        const settlement = yield* settlementOf(send, outcome, {
          contactName: `then ${index}`,
          queueId,
          statusId: place.status.id
        })
        // Every fifth is settled from both sides.
        yield* Effect.all(
          index % 5 === 0 ? [ours.settle(settlement), theirs.settle(settlement)] : [ours.settle(settlement)],
          {
            concurrency: "unbounded",
            discard: true
          }
        )
        return { send, outcome }
      })

      const done = yield* Effect.forEach(
        Array.from({ length: 300 }, (_, index) => index),
        work,
        { concurrency: 48 }
      )

      const sent = done.filter((each) => each !== undefined)
      for (const { outcome, send } of sent) {
        const stored = yield* fixture.message(send.messageId)
        const status = outcome._tag === "Accepted" ? "accepted" : outcome._tag === "Failed" ? "failed" : "unknown"
        assert.strictEqual(stored?.status, status)
      }
      for (const { id } of places) {
        const contacts = yield* fixture.contacts(id)
        assert.strictEqual(contacts.length, people.length)
        for (const contact of contacts) {
          assert.match(contact.name ?? "", /^then /u)
          assert.strictEqual((yield* fixture.conversations(contact.id)).length, 1)
        }
        const ours = sent.filter(({ send }) => send.instanceId === id)
        assert.strictEqual(yield* fixture.messageCount(id), ours.length)
        const kept = ours.filter(({ outcome, send }) => send.idempotency !== undefined && outcome !== refusedForNow)
        assert.strictEqual(new Set(kept.map(({ send }) => send.idempotency?.key)).size, kept.length)
      }
    })
  )

  it.effect("two processes take many old keys anew in opposite orders and neither is held up by the other", () =>
    Effect.gen(function* () {
      const sends = yield* Sends
      const peer = yield* Peer
      const { id: instanceId } = yield* (yield* Fixture).instance
      const old = DateTime.subtract(yield* DateTime.now, { hours: 80 })
      for (let round = 0; round < 6; round++) {
        const keys = Array.from({ length: 60 }, (_, index) => keyed(`${round}: ${index}`))
        const claim = (through: Sends["Service"], at?: DateTime.Utc) => (idempotency: (typeof keys)[number]) =>
          reservationIn(instanceId, { idempotency, ...(at === undefined ? {} : { at }) }).pipe(
            Effect.flatMap(through.reserve),
            Effect.as(true),
            Effect.catchTag("KeyTaken", () => Effect.succeed(false))
          )
        const at = { concurrency: "unbounded" } as const
        yield* Effect.forEach(keys, claim(sends, old), at)
        const taken = yield* Effect.all(
          [Effect.forEach(keys, claim(sends), at), Effect.forEach(keys.toReversed(), claim(peer), at)],
          at
        )
        assert.strictEqual(taken.flat().filter(Boolean).length, keys.length)
      }
    })
  )
}
