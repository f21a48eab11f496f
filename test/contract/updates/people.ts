import { assert } from "@effect/vitest"
import { Effect, Option } from "effect"
import { ContactId } from "../../../core/contact/Contact.ts"
import { Contacts } from "../../../core/contact/Contacts.ts"
import { Traces } from "../Traces.ts"
import { Fixture } from "../Fixture.ts"
import { toNumber } from "../sends/Example.ts"
import {
  after,
  entryOf,
  eventTypes,
  itIs,
  onlyOne,
  sending,
  sent,
  stamp,
  statusOf,
  survivors,
  tell,
  tellMessages,
  tellStatuses,
  textOf,
  type UpdatesIt
} from "./Desk.ts"

const lia = "BR.9920001112223334"

/** The person gives their own number, as asked. */
const cardOf = (wamid: string, userId: string, number: string, seconds: number) => ({
  ...textOf(wamid, { from_user_id: userId }, seconds),
  type: "contacts",
  contacts: [{ origin: "contact_request", phones: [{ phone: `+${number}`, wa_id: number, type: "CELL" }] }]
})

const systemOf = (wamid: string, from: object, seconds: number, system: object) => ({
  ...from,
  id: wamid,
  timestamp: stamp(seconds),
  type: "system",
  system: { body: "User changed", ...system }
})

/** Who is who. */
export const people = (it: UpdatesIt) => {
  it.effect("whoever answers from the twelve-digit name of their account is the contact that was written to", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const instance = yield* (yield* Fixture).instance
      const send = yield* sent(instance.id, { recipient: toNumber("5561987654321") })
      yield* tellMessages(instance, textOf("wamid.twin", { from: "556187654321" }, 1))
      const person = onlyOne(yield* survivors(instance.id))
      assert.strictEqual(person.number, "5561987654321")
      const next = yield* sent(instance.id, { recipient: toNumber("556187654321") })
      const contactOf = (id: typeof send.messageId) =>
        Effect.flatMap(Fixture, (fixture) => Effect.map(fixture.message(id), (message) => message?.contactId))
      assert.strictEqual(yield* contactOf(next.messageId), yield* contactOf(send.messageId))
    })
  )

  it.effect("a landline has no twin", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const instance = yield* (yield* Fixture).instance
      yield* tellMessages(
        instance,
        textOf("wamid.l1", { from: "551133334444" }, 1),
        textOf("wamid.l2", { from: "5511933334444" }, 2)
      )
      assert.strictEqual((yield* survivors(instance.id)).length, 2)
    })
  )

  it.effect("a status tells the user id of whom the message went to", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const instance = yield* (yield* Fixture).instance
      const send = yield* sent(instance.id)
      yield* tellStatuses(instance, statusOf(send, "delivered", 1, { recipient_user_id: lia }))
      yield* tellMessages(instance, textOf("wamid.u1", { from_user_id: lia }, 2))
      const person = onlyOne(yield* survivors(instance.id))
      assert.strictEqual(person.userId, lia)
      assert.strictEqual(person.number, "5511978049825")
      assert.deepStrictEqual(person.lastInboundAt, after(2))
    })
  )

  it.effect("a status may name its recipient by a number that another contact has by now", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const instance = yield* (yield* Fixture).instance
      const send = yield* sent(instance.id, { recipient: toNumber("5215512345678") })
      yield* tellMessages(instance, textOf("wamid.mx", { from: "525512345678" }, 1))
      const seen = { recipient_id: "525512345678", recipient_user_id: "MX.1" }
      assert.deepStrictEqual(yield* tellStatuses(instance, statusOf(send, "delivered", 2, seen)), {
        applied: 1,
        setAside: 0
      })
      const person = onlyOne(yield* survivors(instance.id))
      assert.strictEqual(person.userId, "MX.1")
      assert.deepStrictEqual(person.lastInboundAt, after(1))
    })
  )

  it.effect("of two contacts that prove to be one the older survives, with all that both had", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const traces = yield* Traces
      const contacts = yield* Contacts
      const fixture = yield* Fixture
      const instance = yield* fixture.instance
      // Known by number, with an open conversation; then somebody writes without one.
      const send = yield* sent(instance.id, { recipient: toNumber("5561987654321", "Lia") })
      yield* tellMessages(instance, textOf("wamid.m1", { from_user_id: lia }, 1))
      const [older, newer] = yield* survivors(instance.id)
      assert.isDefined(older)
      assert.isDefined(newer)
      yield* tellMessages(instance, cardOf("wamid.m2", lia, "5561987654321", 2))

      const person = onlyOne(yield* survivors(instance.id))
      assert.strictEqual(person.id, older.id)
      assert.strictEqual(person.userId, lia)
      assert.strictEqual(person.number, "5561987654321")
      assert.deepStrictEqual(person.lastInboundAt, after(2))
      const found = Option.getOrThrow(yield* contacts.find(instance.id, ContactId.make(newer.id)))
      assert.strictEqual(found.id, older.id)
      assert.deepStrictEqual(
        (yield* traces.events(instance.id)).flatMap(({ contactId, data, type }) =>
          type === "contact.merged" ? [{ contactId, data }] : []
        ),
        [{ contactId: ContactId.make(older.id), data: { retired_contact_ids: [newer.id] } }]
      )
      // One conversation goes on; the other is over.
      const open = [...(yield* fixture.conversations(older.id)), ...(yield* fixture.conversations(newer.id))].filter(
        (one) => one.open
      )
      assert.deepStrictEqual(
        open.map(({ id }) => id),
        [(yield* fixture.message(send.messageId))?.conversation.id]
      )
      assert.strictEqual((yield* traces.inbound(instance.id)).length, 2)

      // Whoever is sent to by the retired id, or by the number, is the survivor.
      const byId = yield* sending(instance.id, {
        recipient: { _tag: "Known", contactId: ContactId.make(newer.id) }
      })
      const byNumber = yield* sending(instance.id, { recipient: toNumber("556187654321") })
      for (const { messageId } of [byId, byNumber]) {
        assert.strictEqual((yield* fixture.message(messageId))?.contactId, older.id)
      }

      // And whoever is heard by the retired id is the survivor, whose window that opens.
      yield* contacts.heard(instance.id, ContactId.make(newer.id), after(9))
      assert.deepStrictEqual(onlyOne(yield* survivors(instance.id)).lastInboundAt, after(9))
    })
  )

  it.effect(
    "somebody who writes first and is known by number next, all in one payload, is the contact of the number",
    () =>
      Effect.gen(function* () {
        yield* itIs(0)
        const traces = yield* Traces
        const fixture = yield* Fixture
        const instance = yield* fixture.instance
        yield* sent(instance.id, { recipient: toNumber("5561987654321") })
        const before = onlyOne(yield* survivors(instance.id))
        yield* tellMessages(
          instance,
          textOf("wamid.f1", { from_user_id: lia }, 1),
          cardOf("wamid.f2", lia, "5561987654321", 2),
          textOf("wamid.f3", { from: "5561987654321" }, 3)
        )
        const person = onlyOne(yield* survivors(instance.id))
        assert.strictEqual(person.id, before.id)
        const people = yield* traces.people(instance.id)
        const open = (yield* Effect.forEach(people, ({ id }) => fixture.conversations(id)))
          .flat()
          .filter((one) => one.open)
        assert.strictEqual(open.length, 1)
        const kept = yield* traces.inbound(instance.id)
        assert.strictEqual(kept.length, 3)
        assert.strictEqual(kept[2]?.conversationId, open[0]?.id)
        for (const { contactId } of kept) {
          const owner = people.find(({ id }) => id === contactId) ?? assert.fail("a message of nobody")
          assert.strictEqual(owner.mergedInto ?? owner.id, person.id)
        }
      })
  )

  it.effect("the survivor without an open conversation goes on with that of the retired", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const traces = yield* Traces
      const fixture = yield* Fixture
      const instance = yield* fixture.instance
      const known = yield* fixture.contact({ instanceId: instance.id, number: "5561987654321" })
      yield* tellMessages(instance, textOf("wamid.s1", { from_user_id: lia }, 1))
      const [first] = yield* traces.inbound(instance.id)
      yield* tellMessages(instance, cardOf("wamid.s2", lia, "5561987654321", 2))
      const conversation = onlyOne(yield* fixture.conversations(known.id))
      assert.strictEqual(conversation.id, first?.conversationId)
      assert.isTrue(conversation.open)
      assert.strictEqual((yield* traces.inbound(instance.id))[1]?.conversationId, first?.conversationId)
    })
  )

  it.effect("three that prove to be one, one after the other in one payload, leave one open conversation", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const traces = yield* Traces
      const fixture = yield* Fixture
      const instance = yield* fixture.instance
      const oldest = yield* fixture.contact({ instanceId: instance.id, number: "5561987654321" })
      const middle = yield* fixture.contact({ instanceId: instance.id, number: "525512345678" })
      yield* tellMessages(instance, textOf("wamid.t1", { from_user_id: lia }, 1))
      // First the user id proves to be the middle one's, then the middle one's to be the oldest.
      yield* tellMessages(
        instance,
        cardOf("wamid.t2", lia, "525512345678", 2),
        cardOf("wamid.t3", lia, "5561987654321", 3)
      )
      assert.strictEqual(onlyOne(yield* survivors(instance.id)).id, oldest.id)
      const conversation = onlyOne(yield* fixture.conversations(oldest.id))
      assert.isTrue(conversation.open)
      for (const { conversationId } of yield* traces.inbound(instance.id)) {
        assert.strictEqual(conversationId, conversation.id)
      }
      // Either number leads to the one contact.
      for (const number of ["5561987654321", "525512345678"]) {
        const { messageId } = yield* sending(instance.id, { recipient: toNumber(number) })
        assert.strictEqual((yield* fixture.message(messageId))?.contactId, oldest.id)
      }
      const { messageId } = yield* sending(instance.id, { recipient: { _tag: "Known", contactId: middle.id } })
      assert.strictEqual((yield* fixture.message(messageId))?.contactId, oldest.id)
    })
  )

  it.effect("a number that comes with another user id has a new owner, and what the former said stays theirs", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const fixture = yield* Fixture
      const instance = yield* fixture.instance
      yield* tellMessages(instance, textOf("wamid.o1", { from: "5511978049825", from_user_id: "BR.1" }, 1))
      const former = onlyOne(yield* survivors(instance.id))
      yield* tellMessages(instance, textOf("wamid.o2", { from: "5511978049825", from_user_id: "BR.2" }, 2))
      const [first, second] = yield* survivors(instance.id)
      assert.deepStrictEqual([first?.id, first?.number, first?.userId], [former.id, undefined, "BR.1"])
      assert.deepStrictEqual([second?.number, second?.userId], ["5511978049825", "BR.2"])
      const { messageId } = yield* sending(instance.id)
      assert.strictEqual((yield* fixture.message(messageId))?.contactId, second?.id)
      assert.include(yield* eventTypes(instance.id), "contact.updated")
      // The former owner is answered by their user id still.
      yield* tellMessages(instance, textOf("wamid.o3", { from_user_id: "BR.1" }, 3))
      assert.deepStrictEqual((yield* survivors(instance.id))[0]?.lastInboundAt, after(3))
    })
  )

  it.effect("a person is followed to a new number, and found under it in both spellings", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const fixture = yield* Fixture
      const instance = yield* fixture.instance
      const send = yield* sent(instance.id, { recipient: toNumber("5561987654321") })
      yield* tell(
        entryOf(instance, {
          messages: [
            systemOf("wamid.sys1", { from: "556187654321" }, 1, {
              type: "user_changed_number",
              wa_id: "554891234567",
              user_id: "BR.4440002221117778"
            })
          ]
        })
      )
      const person = onlyOne(yield* survivors(instance.id))
      assert.strictEqual(person.number, "554891234567")
      assert.strictEqual(person.userId, "BR.4440002221117778")
      assert.strictEqual(person.lastInboundAt, undefined)
      for (const number of ["5548991234567", "554891234567"]) {
        const { messageId } = yield* sending(instance.id, { recipient: toNumber(number) })
        assert.strictEqual((yield* fixture.message(messageId))?.contactId, person.id)
      }
      assert.strictEqual((yield* fixture.message(send.messageId))?.contactId, person.id)
      // Whoever is found under the old number from now on is somebody else.
      const { messageId } = yield* sending(instance.id, { recipient: toNumber("5561987654321") })
      assert.notStrictEqual((yield* fixture.message(messageId))?.contactId, person.id)
      assert.deepStrictEqual(
        (yield* eventTypes(instance.id)).filter((type) => type.startsWith("contact.")),
        ["contact.updated"]
      )
    })
  )

  it.effect("a person is followed to a new user id", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const instance = yield* (yield* Fixture).instance
      yield* tellMessages(instance, textOf("wamid.i1", { from_user_id: "BR.1" }, 1))
      yield* tell(
        entryOf(instance, {
          messages: [
            systemOf("wamid.sys2", {}, 2, {
              type: "user_changed_user_id",
              user_id: "BR.2",
              previous_user_id: "BR.1"
            })
          ]
        })
      )
      yield* tellMessages(instance, textOf("wamid.i2", { from_user_id: "BR.2" }, 3))
      const person = onlyOne(yield* survivors(instance.id))
      assert.strictEqual(person.userId, "BR.2")
      assert.deepStrictEqual(person.lastInboundAt, after(3))
    })
  )

  it.effect("people of one number in two instances are two contacts", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const fixture = yield* Fixture
      const [one, other] = [yield* fixture.instance, yield* fixture.instance]
      const messages = [textOf("wamid.both", { from: "5511978049825", from_user_id: "BR.7" }, 1)]
      yield* tell(entryOf(one, { messages }), entryOf(other, { messages }))
      const [first, second] = [onlyOne(yield* survivors(one.id)), onlyOne(yield* survivors(other.id))]
      assert.notStrictEqual(first.id, second.id)
    })
  )
}
