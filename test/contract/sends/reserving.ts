import { assert } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { ContactId } from "../../../core/contact/Contact.ts"
import { Sends } from "../../../core/message/Sends.ts"
import { Fixture, Peer } from "../Fixture.ts"
import type { SendsIt } from "../sends.ts"
import { accepted, ana, reservationIn, settlementOf, toNumber, unknown } from "./Example.ts"

export const reserving = (it: SendsIt) => {
  it.effect("a reservation is kept, with the contact and the conversation it needed", () =>
    Effect.gen(function* () {
      const fixture = yield* Fixture
      const { id: instanceId } = yield* fixture.instance
      const queue = yield* fixture.queue(instanceId)
      const status = yield* fixture.status(instanceId)
      const send = yield* reservationIn(instanceId, { queueId: queue.id, statusId: status.id })
      const { contactId } = yield* (yield* Sends).reserve(send)

      assert.deepStrictEqual(yield* fixture.contacts(instanceId), [
        { id: contactId, number: "5511978049825", name: "Ana" }
      ])
      const [conversation, ...others] = yield* fixture.conversations(contactId)
      assert.deepInclude(conversation, { queueId: queue.id, statusId: status.id, open: true })
      assert.deepStrictEqual(others, [])
      const message = yield* fixture.message(send.messageId)
      assert.deepStrictEqual(message?.conversation, conversation)
      assert.deepStrictEqual(message?.record, send.record)
      assert.strictEqual(message?.contactId, Number(contactId))
      assert.strictEqual(message?.status, "reserved")
    })
  )

  it.effect("a reservation that is repeated is one reservation", () =>
    Effect.gen(function* () {
      const fixture = yield* Fixture
      const sends = yield* Sends
      const { id: instanceId } = yield* fixture.instance
      const send = yield* reservationIn(instanceId)
      const first = yield* sends.reserve(send)
      const again = yield* Effect.all([sends.reserve(send), (yield* Peer).reserve(send)], { concurrency: "unbounded" })
      assert.deepStrictEqual(again, [first, first])
      assert.strictEqual(yield* fixture.messageCount(instanceId), 1)
      assert.strictEqual((yield* fixture.contacts(instanceId)).length, 1)
      assert.strictEqual((yield* fixture.conversations(first.contactId)).length, 1)
    })
  )

  it.effect("a reservation that is repeated after its settlement unsettles nothing", () =>
    Effect.gen(function* () {
      const fixture = yield* Fixture
      const sends = yield* Sends
      const { id: instanceId } = yield* fixture.instance
      const send = yield* reservationIn(instanceId)
      yield* sends.reserve(send)
      yield* sends.settle(yield* settlementOf(send, accepted))
      yield* sends.reserve(send)
      yield* sends.settle(yield* settlementOf(send, unknown))
      assert.strictEqual((yield* fixture.message(send.messageId))?.status, "accepted")
    })
  )

  it.effect("twenty first sights of a number at once make one contact and one open conversation", () =>
    Effect.gen(function* () {
      const fixture = yield* Fixture
      const both = [yield* Sends, yield* Peer] as const
      const { id: instanceId } = yield* fixture.instance
      const seen = yield* Effect.forEach(
        Array.from({ length: 20 }, (_, index) => both[index % 2 === 0 ? 0 : 1]),
        (sends) => Effect.flatMap(reservationIn(instanceId), sends.reserve),
        { concurrency: "unbounded" }
      )
      const [contact, ...others] = yield* fixture.contacts(instanceId)
      assert.deepStrictEqual(others, [])
      assert.deepStrictEqual(new Set(seen.map(({ contactId }) => Number(contactId))), new Set([contact?.id]))
      assert.strictEqual((yield* fixture.conversations(contact?.id ?? 0)).length, 1)
      assert.strictEqual(yield* fixture.messageCount(instanceId), 20)
    })
  )

  it.effect.prop(
    "a Brazilian mobile is one contact with and without its ninth digit, also when both are seen at once",
    { areaCode: Schema.Literals([11, 21, 47, 61, 88, 99]), subscriber: digits(6, 9), atOnce: Schema.Boolean },
    ({ areaCode, atOnce, subscriber }) =>
      Effect.gen(function* () {
        const fixture = yield* Fixture
        const sends = yield* Sends
        const peer = yield* Peer
        const { id: instanceId } = yield* fixture.instance
        const long = yield* reservationIn(instanceId, { recipient: toNumber(`55${areaCode}9${subscriber}`) })
        const short = yield* reservationIn(instanceId, { recipient: toNumber(`55${areaCode}${subscriber}`) })
        const [one, other] = yield* Effect.all([sends.reserve(short), peer.reserve(long)], {
          concurrency: atOnce ? "unbounded" : 1
        })
        assert.deepStrictEqual(one, other)
        assert.strictEqual((yield* fixture.contacts(instanceId)).length, 1)
      }),
    { arbitrary: { runs: 25 } }
  )

  it.effect.prop(
    "a landline has no twin: with a 9 before it, it is somebody else's mobile or nobody's",
    { areaCode: Schema.Literals([11, 47, 61]), subscriber: digits(2, 5) },
    ({ areaCode, subscriber }) =>
      Effect.gen(function* () {
        const { id: instanceId } = yield* (yield* Fixture).instance
        const sends = yield* Sends
        const landline = yield* sends.reserve(
          yield* reservationIn(instanceId, { recipient: toNumber(`55${areaCode}${subscriber}`) })
        )
        const other = yield* sends.reserve(
          yield* reservationIn(instanceId, { recipient: toNumber(`55${areaCode}9${subscriber}`) })
        )
        assert.notStrictEqual(landline.contactId, other.contactId)
      }),
    { arbitrary: { runs: 10 } }
  )

  it.effect("a number known to two instances is two contacts", () =>
    Effect.gen(function* () {
      const fixture = yield* Fixture
      const sends = yield* Sends
      const ours = yield* fixture.instance
      const theirs = yield* fixture.instance
      const one = yield* sends.reserve(yield* reservationIn(ours.id))
      const other = yield* sends.reserve(yield* reservationIn(theirs.id))
      assert.notStrictEqual(one.contactId, other.contactId)
      assert.strictEqual((yield* fixture.contacts(ours.id)).length, 1)
      assert.strictEqual((yield* fixture.contacts(theirs.id)).length, 1)
    })
  )

  it.effect("a new contact is named; a known one keeps its name until the message has gone", () =>
    Effect.gen(function* () {
      const fixture = yield* Fixture
      const sends = yield* Sends
      const { id: instanceId } = yield* fixture.instance
      yield* sends.reserve(yield* reservationIn(instanceId, { recipient: toNumber("5511978049825", "Ana") }))
      yield* sends.reserve(yield* reservationIn(instanceId, { recipient: toNumber("551178049825", "Ana Lima") }))
      assert.deepStrictEqual(
        (yield* fixture.contacts(instanceId)).map(({ name }) => name),
        ["Ana"]
      )
    })
  )

  it.effect("a reservation says whether the contact's name or the conversation's place is to change", () =>
    Effect.gen(function* () {
      const fixture = yield* Fixture
      const sends = yield* Sends
      const { id: instanceId } = yield* fixture.instance
      const sales = yield* fixture.queue(instanceId)
      const support = yield* fixture.queue(instanceId)
      const fresh = yield* fixture.status(instanceId)
      const known = yield* fixture.status(instanceId)
      const moves = Effect.fnUntraced(function* (
        name: string | undefined,
        queueId: typeof sales.id | undefined,
        statusId: typeof fresh.id | undefined
      ) {
        const recipient = toNumber("5511978049825", name)
        return (yield* sends.reserve(yield* reservationIn(instanceId, { recipient, queueId, statusId }))).moves
      })
      assert.isFalse(yield* moves("Ana", sales.id, fresh.id), "what is made is made as asked for")
      assert.isFalse(yield* moves("Ana", sales.id, fresh.id))
      assert.isFalse(yield* moves(undefined, sales.id, fresh.id))
      assert.isFalse(yield* moves("Ana", undefined, undefined))
      assert.isTrue(yield* moves("Ana Lima", sales.id, fresh.id))
      assert.isTrue(yield* moves("Ana", support.id, fresh.id))
      assert.isTrue(yield* moves("Ana", sales.id, known.id))
    })
  )

  it.effect(
    "a message joins the open conversation and leaves it where it is; after its closing it opens a new one",
    () =>
      Effect.gen(function* () {
        const fixture = yield* Fixture
        const sends = yield* Sends
        const { id: instanceId } = yield* fixture.instance
        const sales = yield* fixture.queue(instanceId)
        const support = yield* fixture.queue(instanceId)
        const status = yield* fixture.status(instanceId)
        const into = (queueId: typeof sales.id) =>
          Effect.flatMap(reservationIn(instanceId, { queueId, statusId: status.id }), sends.reserve)

        const { contactId } = yield* into(sales.id)
        yield* into(support.id)
        assert.deepStrictEqual(
          (yield* fixture.conversations(contactId)).map(({ open, queueId }) => ({ open, queueId })),
          [{ open: true, queueId: sales.id }]
        )
        yield* fixture.closeConversation(contactId)
        yield* into(support.id)
        assert.deepStrictEqual(
          (yield* fixture.conversations(contactId)).map(({ open, queueId }) => ({ open, queueId })),
          [
            { open: false, queueId: sales.id },
            { open: true, queueId: support.id }
          ]
        )
      })
  )

  it.effect("a contact is written to by its id, by its own instance only", () =>
    Effect.gen(function* () {
      const fixture = yield* Fixture
      const sends = yield* Sends
      const ours = yield* fixture.instance
      const theirs = yield* fixture.instance
      const { id: contactId } = yield* fixture.contact({ instanceId: ours.id })
      const known = { _tag: "Known", contactId } as const
      assert.deepStrictEqual(yield* sends.reserve(yield* reservationIn(ours.id, { recipient: known })), {
        contactId,
        moves: false
      })

      const foreign = yield* reservationIn(theirs.id, { recipient: known })
      const never = yield* reservationIn(ours.id, {
        recipient: { _tag: "Known", contactId: ContactId.make(2_000_000_000) }
      })
      for (const send of [foreign, never]) {
        assert.strictEqual((yield* Effect.flip(sends.reserve(send)))._tag, "ContactGone")
        assert.isUndefined(yield* fixture.message(send.messageId))
      }
      assert.strictEqual((yield* fixture.conversations(contactId)).length, 1)
    })
  )

  it.effect("what was judged on a directory that has changed since is refused, and nothing of it is kept", () =>
    Effect.gen(function* () {
      const fixture = yield* Fixture
      const sends = yield* Sends
      const { id: instanceId } = yield* fixture.instance
      const revision = yield* fixture.revision(instanceId)
      const current = yield* reservationIn(instanceId, { revision, recipient: toNumber("5521978049825") })
      yield* sends.reserve(current)
      yield* fixture.queue(instanceId)

      const stale = yield* reservationIn(instanceId, { revision, recipient: ana })
      const [refused, allowed] = yield* Effect.all(
        [
          Effect.flip(sends.reserve(stale)),
          sends.reserve(
            yield* reservationIn(instanceId, { revision: revision + 1, recipient: toNumber("14155552671") })
          )
        ],
        { concurrency: "unbounded" }
      )
      assert.strictEqual(refused._tag, "DirectoryChanged")
      assert.isUndefined(yield* fixture.message(stale.messageId))
      assert.deepStrictEqual(
        (yield* fixture.contacts(instanceId)).map(({ number }) => number),
        ["5521978049825", "14155552671"]
      )
      assert.include(
        (yield* fixture.contacts(instanceId)).map(({ id }) => id),
        Number(allowed.contactId)
      )
    })
  )
}

/** Eight digits, the first of them between the two. */
function digits(from: number, to: number) {
  return Schema.Int.check(Schema.isBetween({ minimum: from * 10_000_000, maximum: to * 10_000_000 + 9_999_999 }))
}
