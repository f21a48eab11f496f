import { assert } from "@effect/vitest"
import { Effect, Option } from "effect"
import { ContactId } from "../../../core/contact/Contact.ts"
import { Contacts } from "../../../core/contact/Contacts.ts"
import { messages, withoutNumber } from "../../core/inbound/samples/messages.ts"
import { contact as joana, customer } from "../../core/inbound/samples/envelope.ts"
import { Traces } from "../Traces.ts"
import { Fixture } from "../Fixture.ts"
import { toNumber } from "../sends/Example.ts"
import {
  after,
  entryOf,
  eventTypes,
  itIs,
  onlyOne,
  sent,
  stamp,
  survivors,
  tell,
  tellMessages,
  textOf,
  type UpdatesIt
} from "./Desk.ts"

const sibling = (wa_id: string, name: string) => ({ wa_id, profile: { name } })

const withFile = new Map<string, string>([
  ["image", "7001"],
  ["video", "7002"],
  ["voice", "7003"],
  ["audio", "7004"],
  ["document", "7005"],
  ["sticker", "7006"]
])

/** What people write. */
export const inbound = (it: UpdatesIt) => {
  it.effect("messages of every type are kept whole, in one conversation of one contact", () =>
    Effect.gen(function* () {
      yield* itIs(100)
      const traces = yield* Traces
      const fixture = yield* Fixture
      const instance = yield* fixture.instance
      const all = Object.values(messages).map((message) => ({ ...message, timestamp: stamp(100) }))
      yield* tell(entryOf(instance, { contacts: [joana], messages: all }))
      const kept = yield* traces.inbound(instance.id)
      assert.deepStrictEqual(
        kept.map(({ wamid }) => wamid),
        all.map(({ id }) => id)
      )
      const person = onlyOne(yield* survivors(instance.id))
      const conversation = onlyOne(yield* fixture.conversations(person.id))
      assert.isTrue(conversation.open)
      for (const { at, contactId, conversationId, receivedAt } of kept) {
        assert.deepStrictEqual(
          { at, contactId, conversationId, receivedAt },
          {
            at: after(100),
            contactId: ContactId.make(person.id),
            conversationId: kept[0]?.conversationId,
            receivedAt: after(100)
          }
        )
      }
      assert.strictEqual(kept[0]?.conversationId, conversation.id)
      const byWamid = (name: string) => kept.find(({ wamid }) => wamid === `wamid.IN_${name}`) ?? assert.fail(name)
      assert.strictEqual(byWamid("text").text, "Bom dia! O pedido 4417 já saiu?")
      assert.strictEqual(byWamid("reply").context?.repliedTo, "wamid.OUT_1")
      assert.strictEqual(byWamid("ad").referral?.clickId, "Aff-x")
      assert.deepStrictEqual(byWamid("button").content, {
        type: "button",
        button: { payload: "confirma-4417", text: "Confirmar" }
      })
      assert.strictEqual(byWamid("reaction").text, "[reação] ❤️")
      assert.deepStrictEqual(
        byWamid("unsupported").errors.map(({ code }) => code),
        [131051]
      )
      for (const { id, wamid } of kept) {
        const file = yield* traces.file(id)
        assert.strictEqual(file?.metaId, withFile.get(wamid.slice("wamid.IN_".length)), wamid)
      }
      assert.deepStrictEqual(
        yield* eventTypes(instance.id),
        all.map(() => "message.received")
      )
      assert.deepStrictEqual(person, {
        id: person.id,
        number: customer.waId,
        name: "Joana Prado",
        username: undefined,
        userId: customer.userId,
        lastInboundAt: after(100),
        optedOut: false,
        keys: person.keys,
        consents: [],
        mergedInto: undefined
      })
    })
  )

  it.effect("a file is kept with what Meta tells of it", () =>
    Effect.gen(function* () {
      yield* itIs(100)
      const traces = yield* Traces
      const instance = yield* (yield* Fixture).instance
      yield* tellMessages(instance, messages.document)
      const { id } = onlyOne(yield* traces.inbound(instance.id))
      assert.deepStrictEqual(yield* traces.file(id), {
        metaId: "7005",
        kind: "document",
        mimeType: "application/pdf",
        filename: "nota-fiscal.pdf"
      })
    })
  )

  it.effect("a message counts once, however often it comes", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const traces = yield* Traces
      const instance = yield* (yield* Fixture).instance
      const text = textOf("wamid.twice", { from: "5511978049825" }, 0)
      yield* tellMessages(instance, text, text)
      yield* tellMessages(instance, text)
      assert.strictEqual((yield* traces.inbound(instance.id)).length, 1)
      assert.deepStrictEqual(yield* eventTypes(instance.id), ["message.received"])
    })
  )

  it.effect("two instances may get the same id of Meta's", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const traces = yield* Traces
      const fixture = yield* Fixture
      const [one, other] = [yield* fixture.instance, yield* fixture.instance]
      const text = textOf("wamid.same", { from: "5511978049825" }, 0)
      yield* tell(entryOf(one, { messages: [text] }), entryOf(other, { messages: [text] }))
      for (const { id } of [one, other]) assert.strictEqual((yield* traces.inbound(id)).length, 1)
    })
  )

  it.effect("the window opens by Meta's time, and a message that comes late does not move it back", () =>
    Effect.gen(function* () {
      yield* itIs(500)
      const contacts = yield* Contacts
      const instance = yield* (yield* Fixture).instance
      const from = { from: "5511978049825" }
      const lastInbound = Effect.gen(function* () {
        const { id } = onlyOne(yield* survivors(instance.id))
        return Option.flatMap(
          yield* contacts.find(instance.id, ContactId.make(id)),
          ({ lastInboundAt }) => lastInboundAt
        )
      })
      yield* tellMessages(instance, textOf("wamid.w1", from, 100))
      assert.deepStrictEqual(yield* lastInbound, Option.some(after(100)))
      yield* tellMessages(instance, textOf("wamid.w3", from, 300), textOf("wamid.w2", from, 200))
      assert.deepStrictEqual(yield* lastInbound, Option.some(after(300)))
      yield* tellMessages(instance, textOf("wamid.w0", from, 50))
      assert.deepStrictEqual(yield* lastInbound, Option.some(after(300)))
      const edit = { ...messages.edit, ...from, id: "wamid.w4", timestamp: stamp(400) }
      yield* tellMessages(instance, edit)
      assert.deepStrictEqual(yield* lastInbound, Option.some(after(300)))
    })
  )

  it.effect("a message joins the conversation that a send has opened, and opens another once it is closed", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const traces = yield* Traces
      const fixture = yield* Fixture
      const instance = yield* fixture.instance
      const send = yield* sent(instance.id)
      const from = { from: "5511978049825" }
      yield* tellMessages(instance, textOf("wamid.c1", from, 1))
      const { contactId, conversation } = (yield* fixture.message(send.messageId)) ?? assert.fail("no message")
      yield* fixture.closeConversation(ContactId.make(contactId))
      yield* tellMessages(instance, textOf("wamid.c2", from, 2), textOf("wamid.c3", from, 3))
      const next = yield* sent(instance.id)
      const kept = yield* traces.inbound(instance.id)
      assert.strictEqual(kept[0]?.conversationId, conversation.id)
      assert.notStrictEqual(kept[1]?.conversationId, conversation.id)
      assert.strictEqual(kept[1]?.conversationId, kept[2]?.conversationId)
      assert.strictEqual((yield* fixture.message(next.messageId))?.conversation.id, kept[1]?.conversationId)
      assert.deepStrictEqual(
        (yield* fixture.conversations(contactId)).map(({ open }) => open),
        [false, true]
      )
    })
  )

  it.effect("the name that a business gave stays, the name that a person gives themselves fills a gap", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const instance = yield* (yield* Fixture).instance
      yield* sent(instance.id, { recipient: toNumber("5511978049825", "Ana da loja") })
      yield* sent(instance.id, { recipient: toNumber("5521987654321") })
      yield* tell(
        entryOf(instance, {
          contacts: [sibling("5511978049825", "aninha ✨"), sibling("5521987654321", "Rui")],
          messages: [textOf("wamid.n1", { from: "5511978049825" }, 1), textOf("wamid.n2", { from: "5521987654321" }, 1)]
        })
      )
      assert.deepStrictEqual(
        (yield* survivors(instance.id)).map(({ name }) => name),
        ["Ana da loja", "Rui"]
      )
    })
  )

  it.effect("a person without a number is a contact, under the name that Meta gives them", () =>
    Effect.gen(function* () {
      yield* itIs(200)
      const contacts = yield* Contacts
      const instance = yield* (yield* Fixture).instance
      yield* tell(entryOf(instance, { contacts: [withoutNumber.contact], messages: [withoutNumber.message] }))
      const person = onlyOne(yield* survivors(instance.id))
      assert.strictEqual(person.number, undefined)
      assert.strictEqual(person.username, "lia.souza")
      const contact = Option.getOrThrow(yield* contacts.find(instance.id, ContactId.make(person.id)))
      assert.strictEqual(contact.userId, "BR.9920001112223334")
      assert.deepStrictEqual(contact.name, Option.some("Lia"))
    })
  )
}
