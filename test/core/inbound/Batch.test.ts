import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { read } from "../../../core/inbound/Payload.ts"
import { contact, metadata, newsOf, payloadOf } from "./samples/envelope.ts"
import { messages } from "./samples/messages.ts"
import { statuses } from "./samples/statuses.ts"

const news = [
  ...Object.values(messages).map((item) => ({ list: "messages", item })),
  ...Object.values(statuses).map((item) => ({ list: "statuses", item }))
]

const readAll = (payloads: ReadonlyArray<unknown>) =>
  payloads
    .flatMap((payload) => read(payload).updates)
    .toSorted((one, other) => one.key.localeCompare(other.key))
    .map(({ key, route, update }) => ({ key, route, update }))

const alone = readAll(news.map(({ item, list }) => payloadOf(newsOf({ [list]: [item] }))))

describe("a batch", () => {
  it.prop(
    "says the same however its news are divided among lists, changes, entries and requests",
    { cuts: Schema.Array(Schema.Literals(["item", "change", "entry", "payload"])).check(Schema.isMaxLength(60)) },
    ({ cuts }) => {
      const payloads: Array<{ object: string; entry: Array<{ id: string; changes: Array<unknown> }> }> = []
      const object = "whatsapp_business_account"
      const id = payloadOf().entry[0]?.id ?? ""
      let lists: { [name: string]: Array<unknown> } = {}
      for (const [index, { item, list }] of news.entries()) {
        const cut = index === 0 ? "payload" : (cuts[index % Math.max(cuts.length, 1)] ?? "item")
        if (cut === "payload") payloads.push({ object, entry: [{ id, changes: [] }] })
        const payload = payloads.at(-1)
        if (cut === "entry") payload?.entry.push({ id, changes: [] })
        if (cut !== "item") {
          lists = {}
          payload?.entry.at(-1)?.changes.push({ field: "messages", value: { metadata, contacts: [contact], ...lists } })
        }
        const value = payload?.entry.at(-1)?.changes.at(-1)
        lists[list] = [...(lists[list] ?? []), item]
        if (value !== undefined) payload?.entry.at(-1)?.changes.splice(-1, 1, newsOf({ ...lists }))
      }
      assert.deepStrictEqual(readAll(payloads), alone)
    }
  )

  it("of several numbers and accounts says of each piece where it belongs", () => {
    const other = { display_phone_number: "551133334444", phone_number_id: "999" }
    const payload = {
      object: "whatsapp_business_account",
      entry: [
        ...payloadOf(newsOf({ statuses: [statuses.sent] }), newsOf({ metadata: other, statuses: [statuses.read] }))
          .entry,
        { id: "777", changes: [newsOf({ metadata: other, statuses: [statuses.failed] })] }
      ]
    }
    assert.deepStrictEqual(
      read(payload).updates.map(({ route }) => [route.wabaId, route._tag === "Number" && route.phoneNumberId]),
      [
        ["108920475631204", "215039484771625"],
        ["108920475631204", "999"],
        ["777", "999"]
      ]
    )
  })

  it("of a thousand statuses is read whole", () => {
    const list = Array.from({ length: 1000 }, (_, index) => ({ ...statuses.delivered, id: `wamid.N${index}` }))
    assert.strictEqual(read(payloadOf(newsOf({ statuses: list }))).updates.length, 1000)
  })
})
