import { assert, describe, it } from "@effect/vitest"
import { read } from "../../../core/inbound/Payload.ts"
import { short } from "./Reading.ts"
import { contact, managementOf, metadata, newsOf, payloadOf } from "./samples/envelope.ts"
import { messages, withoutNumber } from "./samples/messages.ts"
import { statuses } from "./samples/statuses.ts"

const ofPayload = (payload: unknown) => short(read(payload)).quarantined

const broken = [
  ["a status nobody knows", "unknown_status", { ...statuses.sent, status: "teleported" }, "statuses"],
  ["a status without an id", "malformed", { status: "sent", timestamp: "1790000000" }, "statuses"],
  ["a status with an id that is none", "malformed", { ...statuses.sent, id: "wamid A" }, "statuses"],
  ["a status without a time", "malformed", { ...statuses.sent, timestamp: "ontem" }, "statuses"],
  ["a status of a group", "group", { ...statuses.sent, recipient_type: "group" }, "statuses"],
  ["a status that is no object", "malformed", "sent", "statuses"],
  ["a message of a type nobody knows", "unknown_message_type", { ...messages.text, type: "hologram" }, "messages"],
  [
    "a reply of a kind nobody knows",
    "unknown_message_type",
    { ...messages.flow, interactive: { type: "dance_reply" } },
    "messages"
  ],
  [
    "a system message of a type nobody knows",
    "unknown_message_type",
    { ...messages.text, type: "system", system: { type: "user_vanished" } },
    "messages"
  ],
  ["a message without what its type promises", "malformed", { ...messages.image, image: null }, "messages"],
  ["a file without an id", "malformed", { ...messages.image, image: { mime_type: "image/png" } }, "messages"],
  ["a message in a group", "group", { ...messages.text, group_id: "120363" }, "messages"],
  [
    "a message from nobody",
    "no_sender",
    { id: "wamid.X", timestamp: "1790000000", type: "text", text: { body: "oi" }, from: "ninguém" },
    "messages"
  ],
  [
    "a message whose type is a member of every object",
    "unknown_message_type",
    { ...messages.text, type: "toString" },
    "messages"
  ],
  ["an error without a code", "malformed", { title: "Algo deu errado" }, "errors"]
] as const

const ofPreference = (item: object) =>
  ofPayload(payloadOf({ field: "user_preferences", value: { metadata, user_preferences: [item] } }))

describe("what is set aside", () => {
  it.each(broken)("is %s: %s", (_, reason, item, list) => {
    assert.deepStrictEqual(ofPayload(payloadOf(newsOf({ contacts: [], [list]: [item] }))), [
      `${reason} entry[0].changes[0].value.${list}[0]`
    ])
  })

  it("is a setting nobody knows, or of nobody", () => {
    const item = { wa_id: "556187654321", category: "marketing_messages", value: "snooze", timestamp: 1_790_000_000 }
    const path = "entry[0].changes[0].value.user_preferences[0]"
    assert.deepStrictEqual(ofPreference(item), [`unknown_preference ${path}`])
    assert.deepStrictEqual(ofPreference({ ...item, wa_id: undefined, value: "stop" }), [`no_sender ${path}`])
  })

  it("is a field nobody knows, and one whose value is not of its form", () => {
    assert.deepStrictEqual(ofPayload(managementOf("moon_phase", {})), ["unknown_field entry[0].changes[0]"])
    assert.deepStrictEqual(ofPayload(managementOf("constructor", {})), ["unknown_field entry[0].changes[0]"])
    assert.deepStrictEqual(ofPayload(managementOf("account_update", {})), ["malformed entry[0].changes[0]"])
  })

  it("is what names neither number nor account", () => {
    const list = { statuses: [statuses.sent] }
    assert.deepStrictEqual(ofPayload(payloadOf({ field: "messages", value: list })), ["unroutable entry[0].changes[0]"])
    const anonymous = { field: "account_update", value: { event: "ACCOUNT_DELETED" } }
    const payload = { object: "whatsapp_business_account", entry: [{ changes: [anonymous] }] }
    assert.deepStrictEqual(ofPayload(payload), ["unroutable entry[0].changes[0]"])
    const unnumbered = managementOf("business_username_updates", { display_phone_number: "nosso", status: "approved" })
    assert.deepStrictEqual(ofPayload(unnumbered), ["unroutable entry[0].changes[0]"])
  })

  it("is a change of messages with nothing in it that is known, or with something that is no list", () => {
    assert.deepStrictEqual(ofPayload(payloadOf(newsOf({ whispers: [] }))), ["unknown_value entry[0].changes[0]"])
    assert.deepStrictEqual(ofPayload(payloadOf(newsOf({ statuses: {}, messages: [messages.text] }))), [
      "malformed entry[0].changes[0].value.statuses"
    ])
    assert.deepStrictEqual(ofPayload(payloadOf({ field: "messages", value: [] })), ["malformed entry[0].changes[0]"])
  })

  it("is a payload about another product, and one that is none", () => {
    assert.deepStrictEqual(ofPayload({ object: "instagram", entry: [] }), ["unknown_object"])
    for (const payload of [null, 7, "oi", true, [], {}, { object: "whatsapp_business_account", entry: {} }]) {
      assert.deepStrictEqual(ofPayload(payload), ["malformed"])
    }
  })

  it("is an entry or a change that is none", () => {
    const object = "whatsapp_business_account"
    assert.deepStrictEqual(ofPayload({ object, entry: [null, { id: "1" }] }), [
      "malformed entry[0]",
      "malformed entry[1]"
    ])
    assert.deepStrictEqual(ofPayload(payloadOf(null, { value: {} })), [
      "malformed entry[0].changes[0]",
      "malformed entry[0].changes[1]"
    ])
  })

  it("is nothing, where there is nothing", () => {
    assert.deepStrictEqual(read(payloadOf()), { updates: [], quarantined: [] })
    assert.deepStrictEqual(read(payloadOf(newsOf({ statuses: [] }))), { updates: [], quarantined: [] })
  })

  it("never keeps what stands beside it from being read", () => {
    const items = (list: string) => broken.filter(([, , , of]) => of === list).map(([, , item]) => item)
    const reading = short(
      read(
        payloadOf(
          null,
          newsOf({
            statuses: [...items("statuses"), statuses.read, statuses.delivered],
            messages: [messages.text, ...items("messages")],
            errors: items("errors")
          }),
          newsOf({ statuses: [statuses.failed] })
        )
      )
    )
    assert.deepStrictEqual(reading.keys, [
      "message:wamid.IN_text",
      "status:wamid.OUT_1:read",
      "status:wamid.OUT_1:delivered",
      "status:wamid.OUT_6:failed"
    ])
    assert.strictEqual(reading.quarantined.length, broken.length + 1)
  })
})

describe("a quarantined item", () => {
  const { quarantined } = read(
    payloadOf(newsOf({ contacts: [contact, withoutNumber.contact], messages: broken.map(([, , item]) => item) }))
  )

  it("is kept as it came", () => {
    assert.deepStrictEqual(
      quarantined.map(({ raw }) => JSON.parse(raw)),
      broken.map(([, , item]) => item)
    )
  })

  it("comes with a payload that is read as the item was, and holds nothing else", () => {
    for (const { payload, reason, raw } of quarantined) {
      const again = read(JSON.parse(payload))
      assert.deepStrictEqual(again.updates, [])
      assert.deepStrictEqual(
        again.quarantined.map((item) => [item.reason, item.raw, item.path]),
        [[reason, raw, "entry[0].changes[0].value.messages[0]"]]
      )
    }
  })

  it("is read again with the people it names, once it is understood", () => {
    const message = { ...withoutNumber.message, type: "hologram" }
    const { quarantined } = read(
      payloadOf(newsOf({ contacts: [contact, withoutNumber.contact], messages: [messages.text, message] }))
    )
    const [item, ...others] = quarantined
    assert.deepStrictEqual(others, [])
    const payload = JSON.parse((item ?? assert.fail("nothing was set aside")).payload.replace("hologram", "text"))
    const [routed] = read(payload).updates
    assert.isTrue(routed?.update._tag === "Message" && routed.update.from.profileName === "Lia")
    assert.deepStrictEqual(read(payload).quarantined, [])
  })

  it("says in English what is wrong with it", () => {
    const [unnamed] = read(payloadOf(newsOf({ statuses: [{ status: "sent", timestamp: "1790000000" }] }))).quarantined
    assert.match(unnamed?.detail ?? "", /"id"/u)
  })
})
