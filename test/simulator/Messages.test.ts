import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, Option } from "effect"
import * as Wamid from "../../adapters/simulator/Wamid.ts"
import {
  acceptedAs,
  ledger,
  mobile,
  phoneNumberId,
  refusalOf,
  request,
  running,
  send,
  wamidOf
} from "./RunningSimulator.ts"

const chars = (count: number) => "x".repeat(count)
const photo = "https://exemplo.com.br/foto.jpg"

layer(running())("A send to the simulator", (it) => {
  it.effect("is answered with the contact and a wamid that holds its number", () =>
    Effect.gen(function* () {
      const answer = yield* send()
      const { contacts, messages } = acceptedAs(answer.json)
      assert.strictEqual(answer.status, 200)
      assert.deepStrictEqual(contacts, [{ input: `+${mobile}`, wa_id: mobile }])
      assert.deepStrictEqual(Object.keys(messages[0] ?? {}), ["id"])
      assert.deepStrictEqual(
        Option.map(Wamid.decode(wamidOf(answer)), ({ recipient }) => recipient),
        Option.some(mobile)
      )
    })
  )

  it.effect("takes a number without + and with blanks and dashes", () =>
    Effect.gen(function* () {
      for (const to of [mobile, "55 11 97804-9825", "+55 (11) 97804 9825"]) {
        assert.deepStrictEqual(acceptedAs((yield* send({ to })).json).contacts, [{ input: to, wa_id: mobile }])
      }
    })
  )

  it.effect.each([
    ["5561955550100", "556155550100"],
    ["5531987654321", "553187654321"],
    ["5528987654321", "5528987654321"],
    ["556133334444", "556133334444"],
    ["16505551234", "16505551234"]
  ] as const)("answers %s as wa_id %s", ([to, waId]) =>
    Effect.gen(function* () {
      const answer = yield* send({ to })
      assert.deepStrictEqual(acceptedAs(answer.json).contacts, [{ input: to, wa_id: waId }])
      assert.strictEqual(Option.getOrThrow(Wamid.decode(wamidOf(answer))).recipient, waId)
    })
  )

  it.effect("to a business-scoped id is answered with a user_id and no wa_id", () =>
    Effect.gen(function* () {
      const answer = yield* send({ to: undefined, recipient: "BR.13491208655302741918" })
      const userId = "BR.13491208655302741918"
      assert.deepStrictEqual(acceptedAs(answer.json).contacts, [{ input: userId, user_id: userId }])
      assert.strictEqual((yield* ledger(`?to=${userId}`)).count, 1)
    })
  )

  it.effect("with a number and a business-scoped id goes to the number", () =>
    Effect.gen(function* () {
      const answer = yield* send({ recipient: "BR.13491208655302741918" })
      assert.deepStrictEqual(acceptedAs(answer.json).contacts, [{ input: `+${mobile}`, wa_id: mobile }])
    })
  )

  it.effect.each([
    ["text at its limit", { type: "text", text: { body: chars(4096), preview_url: true } }],
    ["text, the default type", { type: undefined, text: { body: "x" } }],
    ["reply", { context: { message_id: "wamid.HBgLMTY1MDU1NTEyMzQ" }, text: { body: "sim" } }],
    ["image by link", { type: "image", image: { link: photo, caption: chars(1024) } }],
    ["image by id", { type: "image", image: { id: "1479537139650973" } }],
    ["video", { type: "video", video: { link: "http://exemplo.com.br/v.mp4", caption: "Vídeo" } }],
    ["audio", { type: "audio", audio: { id: "1013859600285441", voice: true } }],
    ["document", { type: "document", document: { link: photo, filename: "nota.pdf", caption: "Nota" } }],
    ["sticker", { type: "sticker", sticker: { id: "798882015472548" } }],
    ["location", { type: "location", location: { latitude: -23.55, longitude: "-46.63", name: "Sé", address: "SP" } }],
    ["reaction", { type: "reaction", reaction: { message_id: "wamid.HBgL", emoji: "👍" } }],
    ["reaction taken back", { type: "reaction", reaction: { message_id: "wamid.HBgL", emoji: "" } }],
    ["contacts", { type: "contacts", contacts: [{ name: { formatted_name: "Ana" } }] }],
    [
      "reply buttons",
      {
        type: "interactive",
        interactive: {
          type: "button",
          body: { text: "Confirma?" },
          action: { buttons: [{ type: "reply", reply: { id: "sim", title: "Sim" } }] }
        }
      }
    ],
    [
      "list",
      {
        type: "interactive",
        interactive: {
          type: "list",
          body: { text: "Escolha" },
          action: { button: "Opções", sections: [{ rows: [{ id: "1", title: "Primeira", description: "" }] }] }
        }
      }
    ],
    [
      "request for contact info",
      { type: "interactive", interactive: { type: "request_contact_info", action: { name: "request_contact_info" } } }
    ]
  ] as const)("accepts: %s", ([, fields]) =>
    Effect.map(send(fields), (answer) => assert.strictEqual(answer.status, 200, answer.text))
  )

  it.effect.each([
    ["no messaging_product", { messaging_product: undefined }, 100, /messaging_product is required/],
    ["another product", { messaging_product: "instagram" }, 100, /messaging_product/],
    ["no recipient", { to: undefined }, 131008, /The parameter to is required/],
    ["a number that is none", { to: "onze" }, 131009, /Param to/],
    ["a number that is too short", { to: "551197" }, 131009, /Param to/],
    ["a JSON number", { to: 5511978049825 }, 100, /Param to must be a string/],
    ["a recipient that is no business-scoped id", { to: undefined, recipient: "13491" }, 131009, /Param recipient/],
    ["a group", { recipient_type: "group" }, 100, /recipient_type/],
    ["an unknown type", { type: "fax" }, 100, /Param type must be one of \{TEXT.*got "fax"/],
    ["no content", { text: undefined }, 131008, /The parameter text is required/],
    ["content of another type", { type: "image" }, 131008, /The parameter image is required/],
    ["no body", { text: {} }, 131008, /text\['body'\] is required/],
    ["an empty body", { text: { body: "" } }, 100, /text\['body'\] must be at least 1/],
    ["a body over its limit", { text: { body: chars(4097) } }, 100, /text\['body'\] must be at most 4096/],
    ["an unknown key", { text: { body: "x", bold: true } }, 100, /Unexpected key "bold" on param "text"/],
    ["callback data over its limit", { biz_opaque_callback_data: chars(513) }, 100, /at most 512/],
    ["a caption over its limit", { type: "image", image: { link: photo, caption: chars(1025) } }, 100, /at most 1024/],
    ["a caption on audio", { type: "audio", audio: { link: photo, caption: "x" } }, 100, /"caption" on param "audio"/],
    ["a caption on a sticker", { type: "sticker", sticker: { link: photo, caption: "x" } }, 100, /"caption"/],
    ["media without a source", { type: "video", video: { caption: "x" } }, 100, /exactly one of id and link/],
    ["media with two sources", { type: "video", video: { id: "1", link: photo } }, 100, /exactly one of id and link/],
    [
      "a link that is not http",
      { type: "image", image: { link: "ftp://a/b.jpg" } },
      100,
      /image\['link'\] is not a valid/
    ],
    ["a link that is none", { type: "image", image: { link: "foto.jpg" } }, 100, /image\['link'\] is not a valid/],
    ["a latitude beyond the pole", { type: "location", location: { latitude: 91, longitude: 0 } }, 100, /latitude/],
    ["no contacts", { type: "contacts", contacts: [] }, 100, /contacts/],
    [
      "too many buttons",
      {
        type: "interactive",
        interactive: {
          type: "button",
          body: { text: "x" },
          action: { buttons: [1, 2, 3, 4].map((id) => ({ type: "reply", reply: { id: `${id}`, title: "x" } })) }
        }
      },
      100,
      /at most 3 buttons/
    ],
    [
      "too many rows",
      {
        type: "interactive",
        interactive: {
          type: "list",
          body: { text: "x" },
          action: {
            button: "x",
            sections: [1, 2].map(() => ({
              title: "x",
              rows: [1, 2, 3, 4, 5, 6].map((id) => ({ id: `${id}`, title: "x" }))
            }))
          }
        }
      },
      100,
      /at most 10 rows/
    ]
  ] as const)("refuses in Meta's envelope: %s", ([, fields, code, complaint]) =>
    Effect.gen(function* () {
      const before = (yield* ledger()).count
      const answer = yield* send(fields)
      const refusal = refusalOf(answer)
      assert.deepInclude(refusal, { status: 400, code })
      assert.match(`${refusal.message} ${refusal.details}`, complaint)
      assert.strictEqual((yield* ledger()).count, before)
    })
  )

  it.effect("that is no JSON is refused like an empty one", () =>
    Effect.gen(function* () {
      for (const body of ["{", "[]", "null", '"text"', "1"]) {
        const answer = yield* request("POST", `/v25.0/${phoneNumberId}/messages`, body)
        assert.deepInclude(refusalOf(answer), { status: 400, code: 100 })
      }
    })
  )

  it.effect("without a token is refused with code 190", () =>
    Effect.gen(function* () {
      for (const headers of [
        {},
        { authorization: "" },
        { authorization: "Bearer " },
        { authorization: "Basic eA==" }
      ]) {
        const answer = yield* request("POST", `/v25.0/${phoneNumberId}/messages`, {}, headers)
        assert.deepInclude(refusalOf(answer), { status: 401, code: 190 })
      }
    })
  )

  it.effect("from what is no phone number id is refused with subcode 33", () =>
    Effect.gen(function* () {
      const refusal = refusalOf(yield* request("POST", "/v25.0/me/messages", {}))
      assert.deepInclude(refusal, { status: 400, code: 100, subcode: 33 })
      assert.include(refusal.message, "Object with ID 'me' does not exist")
    })
  )

  it.effect("to a path that does not exist is refused with code 2500", () =>
    Effect.gen(function* () {
      for (const path of ["/", "/latest/1/messages", `/v25.0/${phoneNumberId}/mesages`]) {
        assert.deepInclude(refusalOf(yield* request("POST", path, {})), { status: 400, code: 2500 })
      }
    })
  )

  it.effect("that is a read receipt is answered with success and is no send", () =>
    Effect.gen(function* () {
      const before = (yield* ledger()).count
      const receipt = { messaging_product: "whatsapp", status: "read", message_id: "wamid.HBgL" }
      const path = `/v25.0/${phoneNumberId}/messages`
      assert.deepStrictEqual((yield* request("POST", path, receipt)).json, { success: true })
      const typing = { ...receipt, typing_indicator: { type: "text" } }
      assert.deepStrictEqual((yield* request("POST", path, typing)).json, { success: true })
      assert.strictEqual(refusalOf(yield* request("POST", path, { ...receipt, message_id: undefined })).code, 131008)
      assert.strictEqual((yield* ledger()).count, before)
    })
  )
})

layer(running({ knownNumbers: ["1"], accessTokens: [] }))("A simulator that knows its callers", (it) => {
  it.effect("refuses a token it was not given", () =>
    Effect.map(send(), (answer) => assert.deepInclude(refusalOf(answer), { status: 401, code: 190 }))
  )
})

layer(running({ knownNumbers: ["1"] }))("A simulator that knows its numbers", (it) => {
  it.effect("refuses any other with subcode 33", () =>
    Effect.map(send(), (answer) => assert.deepInclude(refusalOf(answer), { code: 100, subcode: 33 }))
  )
})

describe("A seed", () => {
  const story = Effect.gen(function* () {
    const sends = yield* Effect.forEach(["a", "b"], (body) => send({ text: { body } }))
    const refused = yield* send({ to: undefined })
    const form = new FormData()
    form.set("messaging_product", "whatsapp")
    form.set("file", new File(["%PDF"], "a.pdf", { type: "application/pdf" }))
    const uploaded = yield* request("POST", `/v25.0/${phoneNumberId}/media`, form)
    return [...sends, refused, uploaded].map(({ text }) => text)
  })

  it.effect("makes two simulators answer the same to the same requests", () =>
    Effect.gen(function* () {
      const first = yield* story.pipe(Effect.provide(running({ seed: "a" })))
      const second = yield* story.pipe(Effect.provide(running({ seed: "a" })))
      assert.deepStrictEqual(first, second)
      assert.strictEqual(new Set(first).size, first.length)
    })
  )

  it.effect("of another value, or none, makes them answer differently", () =>
    Effect.gen(function* () {
      const stories = yield* Effect.forEach(["a", "b", undefined, undefined], (seed) =>
        story.pipe(Effect.provide(running({ seed })))
      )
      assert.strictEqual(new Set(stories.map(([wamid]) => wamid)).size, 4)
    })
  )
})
