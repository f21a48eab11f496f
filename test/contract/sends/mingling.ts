import { assert } from "@effect/vitest"
import { Array, Effect } from "effect"
import { ContactId } from "../../../core/contact/Contact.ts"
import { type Reservation, Sends } from "../../../core/message/Sends.ts"
import { Fixture } from "../Fixture.ts"
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

const person = (index: number) => toNumber(`551197804980${index}`, `Pessoa ${index}`)

/** People of an instance who have been written to before. */
const people = Array.makeBy(8, person)

/** What reserving came to, in a word. */
const verdictOn = Effect.fnUntraced(function* (send: Reservation) {
  const sends = yield* Sends
  return yield* Effect.match(sends.reserve(send), {
    onFailure: ({ _tag }): string => _tag,
    onSuccess: ({ moves }) => (moves ? "reserved, moves" : "reserved")
  })
})

/** Sends that have little in common and are in storage at the same moment: each comes to what it would alone. */
export const mingling = (it: SendsIt): void => {
  it.effect("known and new, keyed and not, right and wrong: each gets the answer that is its own", () =>
    Effect.gen(function* () {
      const fixture = yield* Fixture
      const sends = yield* Sends
      const { id: instanceId } = yield* fixture.instance
      const stranger = yield* fixture.instance
      const queue = yield* fixture.queue(instanceId)
      const status = yield* fixture.status(instanceId)
      const to = (recipient: Reservation["recipient"], given: Partial<Reservation> = {}) =>
        reservationIn(instanceId, { recipient, ...given })

      for (const recipient of people) yield* sends.reserve(yield* to(recipient))
      const mine = yield* to(person(1), { idempotency: keyed("mine") })
      yield* sends.reserve(mine)
      const revision = yield* fixture.revision(instanceId)
      const { contactId: closed } = yield* sends.reserve(yield* to(person(6)))
      yield* fixture.closeConversation(closed)
      const { contactId: byId } = yield* sends.reserve(yield* to(person(7)))

      const asked: ReadonlyArray<readonly [string, Reservation]> = [
        ["reserved", yield* to(person(0))],
        ["reserved", yield* to(person(0), { revision })],
        ["DirectoryChanged", yield* to(person(0), { revision: revision - 1 })],
        // Repeated: the first answer was lost on its way.
        ["reserved", mine],
        ["KeyTaken", yield* to(person(2), { idempotency: keyed("mine") })],
        ["reserved", yield* to(person(2), { idempotency: keyed("new") })],
        ["reserved", yield* to(person(3), { idempotency: keyed("mine", "/sendmessage") })],
        ["reserved, moves", yield* to(toNumber("5511978049804", "Outro nome"))],
        ["reserved, moves", yield* to(person(4), { queueId: queue.id, statusId: status.id })],
        ["reserved", yield* to(person(5), { marketing: true })],
        ["reserved", yield* to(person(6))],
        ["reserved", yield* to({ _tag: "Known", contactId: byId })],
        ["ContactGone", yield* to({ _tag: "Known", contactId: ContactId.make(2_000_000_000) })],
        ["ContactGone", yield* reservationIn(stranger.id, { recipient: { _tag: "Known", contactId: byId } })],
        ["reserved", yield* to(toNumber("5521978049825"))],
        ["reserved", yield* to(toNumber("5521978049826"), { idempotency: keyed("newer") })]
      ]
      const verdicts = yield* Effect.forEach(asked, ([, send]) => verdictOn(send), { concurrency: "unbounded" })
      assert.deepStrictEqual(
        verdicts,
        asked.map(([verdict]) => verdict)
      )
      for (const [verdict, send] of asked) {
        assert.strictEqual((yield* fixture.message(send.messageId)) !== undefined, verdict.startsWith("reserved"))
      }
      assert.deepStrictEqual(
        (yield* fixture.conversations(closed)).map(({ open }) => open),
        [false, true]
      )
    })
  )

  it.effect("outcomes of every kind, some of which change more than their message: each is kept as told", () =>
    Effect.gen(function* () {
      const fixture = yield* Fixture
      const sends = yield* Sends
      const { id: instanceId } = yield* fixture.instance
      const queue = yield* fixture.queue(instanceId)
      const status = yield* fixture.status(instanceId)
      const reserved = yield* Effect.forEach(people, (recipient, index) =>
        Effect.tap(reservationIn(instanceId, { recipient, idempotency: keyed(`key ${index}`) }), sends.reserve)
      )
      const told = [
        [accepted, {}],
        [{ ...accepted, held: true }, {}],
        [accepted, { contactName: "Novo nome" }],
        [accepted, { queueId: queue.id, statusId: status.id }],
        [refusedForGood, {}],
        [refusedForNow, {}],
        [unknown, {}],
        [accepted, {}]
      ] as const
      const settlements = yield* Effect.forEach(Array.zip(reserved, told), ([send, [outcome, effects]]) =>
        settlementOf(send, outcome, effects)
      )
      // Told once more of some, together with the rest: the first counts.
      const again = yield* Effect.forEach([reserved[0], reserved[4]], (send) =>
        send === undefined ? Effect.die("nothing reserved") : settlementOf(send, unknown)
      )
      yield* Effect.forEach([...settlements, ...again], sends.settle, { concurrency: "unbounded", discard: true })

      const kept = yield* Effect.forEach(reserved, ({ messageId }) => fixture.message(messageId))
      assert.deepStrictEqual(
        kept.map((message) => message?.status),
        ["accepted", "held", "accepted", "accepted", "failed", "failed", "unknown", "accepted"]
      )
      const contacts = yield* fixture.contacts(instanceId)
      assert.deepStrictEqual(
        kept.map((message) => contacts.find(({ id }) => id === message?.contactId)?.name),
        ["Pessoa 0", "Pessoa 1", "Novo nome", "Pessoa 3", "Pessoa 4", "Pessoa 5", "Pessoa 6", "Pessoa 7"]
      )
      assert.deepStrictEqual(
        kept.map((message) => message?.conversation.queueId),
        [undefined, undefined, undefined, queue.id, undefined, undefined, undefined, undefined]
      )
      const keysAgain = yield* Effect.forEach(people, (recipient, index) =>
        Effect.flatMap(reservationIn(instanceId, { recipient, idempotency: keyed(`key ${index}`) }), verdictOn)
      )
      // What sent nothing, and may pass, has given its key back.
      assert.deepStrictEqual<ReadonlyArray<string>>(
        keysAgain,
        people.map((_, index) => (index === 5 ? "reserved" : "KeyTaken"))
      )
    })
  )
}
