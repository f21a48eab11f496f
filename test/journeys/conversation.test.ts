/** A whole conversation with the product in one process: Meta and the customer are played by its simulator. */
import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import * as demo from "../../apps/standalone/demoData.ts"
import { eventually } from "./Child.ts"
import * as Http from "./Http.ts"
import * as Meta from "./Meta.ts"
import * as Product from "./Product.ts"

const running = Layer.effect(
  Product.Product,
  Effect.gen(function* () {
    return yield* Product.standalone(yield* Product.temporaryFolder)
  })
)

const headers = { apikey: Product.demoKey, "content-type": "application/json" }

const ask = Effect.fnUntraced(function* (method: string, path: string, body?: unknown) {
  const { url } = yield* Product.Product
  return yield* Effect.orDie(Http.send(url, { method, path, headers, body }))
})

const simulate = Effect.fnUntraced(function* (path: string, body: unknown) {
  const { simulatorUrl } = yield* Product.Product
  const { json, status } = yield* Effect.orDie(
    Http.send(simulatorUrl, { path: `/_simulator${path}`, headers: { "content-type": "application/json" }, body })
  )
  assert.isBelow(status, 300, JSON.stringify(json))
  return json
})

const sendTemplate = (number: string, further: Readonly<Record<string, string>> = {}) =>
  Effect.gen(function* () {
    const { url } = yield* Product.Product
    return yield* Effect.orDie(
      Http.send(url, {
        path: "/send-message",
        headers: { ...headers, ...further },
        body: {
          number,
          template_id: demo.templateId,
          variables: { nome: "João", codigo: "ABC123" },
          queue_id: demo.queue.id,
          status_id: demo.status.id
        }
      })
    )
  })

const say = (contactId: number, text: string) =>
  ask("POST", "/sendmessage", { contact_id: contactId, instance_id: demo.instance.id, message_content: text })

const Message = Schema.Struct({
  id: Schema.String,
  status: Schema.String,
  contact_id: Schema.Int,
  timeline: Schema.Array(Schema.Struct({ status: Schema.String, source: Schema.String }))
})
const decodeMessage = Schema.decodeUnknownEffect(Message)

const messageIs = (id: string, status: string) =>
  eventually(
    Effect.gen(function* () {
      const { json } = yield* ask("GET", `/v1/messages/${encodeURIComponent(id)}`)
      const message = yield* decodeMessage(json)
      assert.strictEqual(message.status, status)
      return message
    })
  )

const Events = Schema.Struct({
  data: Schema.Array(
    Schema.Struct({ id: Schema.String, type: Schema.String, data: Schema.Record(Schema.String, Schema.Unknown) })
  ),
  next_cursor: Schema.String
})
const decodeEvents = Schema.decodeUnknownEffect(Events)

/** Everything that happened since the cursor, whatever the pages. */
const eventsAfter = Effect.fnUntraced(function* (cursor: string | undefined) {
  const query = cursor === undefined ? "" : `&after=${encodeURIComponent(cursor)}`
  const { json } = yield* ask("GET", `/v1/events?limit=100${query}`)
  return yield* decodeEvents(json)
})

const end = Effect.gen(function* () {
  let page = yield* eventsAfter(undefined)
  while (page.data.length > 0) page = yield* eventsAfter(page.next_cursor)
  return page.next_cursor
})

const typesOf = (cursor: string, about: string) =>
  Effect.map(eventsAfter(cursor), ({ data }) =>
    data.filter((event) => event.data["message_id"] === about).map(({ type }) => type)
  )

const idOf = ({ headers }: Http.Answer): string => String(headers["message-id"])

const Window = Schema.Struct({ open: Schema.Boolean, reason: Schema.String })
const windowOf = (contactId: number) =>
  Effect.flatMap(ask("GET", `/v1/contacts/${contactId}/window`), ({ json }) =>
    Effect.orDie(Schema.decodeUnknownEffect(Window)(json))
  )

const codeOf = ({ json }: Http.Answer) =>
  Schema.decodeUnknownSync(Schema.Struct({ error: Schema.Struct({ code: Schema.String }) }))(json).error.code

layer(running, { excludeTestServices: true, timeout: "90 seconds" })("A conversation by requests alone", (it) => {
  it.effect("what is sent is delivered and read, each told once in the feed", () =>
    Effect.gen(function* () {
      const cursor = yield* end
      const sent = yield* sendTemplate("5511978049801")
      assert.strictEqual(sent.status, 200)
      const { timeline } = yield* messageIs(idOf(sent), "read")
      assert.deepStrictEqual(
        timeline.map(({ status }) => status),
        ["accepted", "sent", "delivered", "read"]
      )
      const told = yield* eventually(
        Effect.tap(typesOf(cursor, idOf(sent)), (types) => Effect.sync(() => assert.strictEqual(types.length, 4)))
      )
      assert.deepStrictEqual(told.toSorted(), ["message.accepted", "message.delivered", "message.read", "message.sent"])
    })
  )

  it.effect("a customer writes, is answered, and a day later only by a template", () =>
    Effect.gen(function* () {
      const sent = yield* sendTemplate("5511978049802")
      const { contact_id: contactId } = yield* messageIs(idOf(sent), "read")
      assert.strictEqual((yield* windowOf(contactId)).open, false)
      assert.strictEqual(codeOf(yield* say(contactId, "Oi!")), "window_closed")

      yield* simulate("/customers/messages", { from: "5511978049802", text: "Quero saber do pedido" })
      yield* eventually(Effect.map(windowOf(contactId), ({ open }) => assert.isTrue(open)))
      assert.strictEqual((yield* say(contactId, "Saiu para entrega.")).status, 200)

      yield* simulate("/clock", { advance: "25 hours" })
      const later = yield* windowOf(contactId)
      assert.deepStrictEqual([later.open, later.reason], [false, "expired"])
      assert.strictEqual(codeOf(yield* say(contactId, "Chegou?")), "window_closed")
      assert.strictEqual((yield* sendTemplate("5511978049802")).status, 200)
    })
  )

  it.effect("an answer of Meta's that is lost: unknown, then settled by its webhook; one had left", () =>
    Effect.gen(function* () {
      const before = yield* Meta.count(demo.instance)
      const key = { "idempotency-key": "pedido-perdido" }
      yield* simulate("/webhooks", { hold: true })
      yield* Meta.script(demo.instance, { kind: "lost_response" })
      const lost = yield* sendTemplate("5511978049803", key)
      assert.strictEqual(lost.status, 504)
      assert.strictEqual(codeOf(lost), "outcome_unknown")
      yield* messageIs(idOf(lost), "unknown")
      assert.strictEqual((yield* sendTemplate("5511978049803", key)).status, 504)

      yield* simulate("/webhooks", { hold: false })
      yield* messageIs(idOf(lost), "read")
      const settled = yield* sendTemplate("5511978049803", key)
      assert.strictEqual(settled.status, 200)
      assert.strictEqual(settled.headers["idempotent-replayed"], "true")
      assert.strictEqual(yield* Meta.count(demo.instance), before + 1)
    })
  )

  it.effect("a picture that a customer sends can be fetched, as they sent it", () =>
    Effect.gen(function* () {
      const cursor = yield* end
      yield* simulate("/customers/messages", { from: "5511978049805", image: { caption: "Veio assim" } })
      const received = yield* eventually(
        Effect.gen(function* () {
          const { data } = yield* eventsAfter(cursor)
          const event = data.find(({ type }) => type === "message.received")
          return yield* Schema.decodeUnknownEffect(Schema.String)(event?.data["message_id"])
        })
      )
      const file = yield* eventually(
        Effect.tap(ask("GET", `/v1/messages/${received}/media`), ({ status }) =>
          Effect.sync(() => assert.strictEqual(status, 200))
        )
      )
      assert.match(String(file.headers["content-type"]), /^image\//u)
      assert.include(String(file.headers["content-disposition"]), "attachment")
      assert.isAbove(Number(file.headers["content-length"]), 0)
    })
  )

  it.effect("somebody who shows no number is answered all the same", () =>
    Effect.gen(function* () {
      const cursor = yield* end
      yield* simulate("/customers/messages", { from: "5511978049806", without_number: true, text: "Oi!" })
      const contactId = yield* eventually(
        Effect.gen(function* () {
          const { data } = yield* eventsAfter(cursor)
          const event = data.find(({ type }) => type === "message.received")
          return Number(yield* Effect.fromNullishOr(event?.data["contact_id"]))
        })
      )
      const answered = yield* say(contactId, "Olá! Como posso ajudar?")
      assert.strictEqual(answered.status, 200)
      const [send] = (yield* Meta.sends(demo.instance)).slice(-1)
      assert.isUndefined(send?.body["to"])
      assert.isString(send?.body["recipient"])
      yield* messageIs(idOf(answered), "read")
    })
  )

  it.effect("PARAR stops marketing, and nothing else", () =>
    Effect.gen(function* () {
      const number = "5511978049804"
      const { contact_id: contactId } = yield* messageIs(idOf(yield* sendTemplate(number)), "read")
      yield* simulate("/customers/messages", { from: number, text: "Parar!" })
      yield* eventually(Effect.map(windowOf(contactId), ({ open }) => assert.isTrue(open)))
      assert.strictEqual((yield* sendTemplate(number)).status, 200)

      const { language, name } = demo.template
      yield* simulate("/templates", { name, language, category: "MARKETING" })
      const before = yield* Meta.count(demo.instance)
      yield* eventually(
        Effect.gen(function* () {
          const refused = yield* sendTemplate(number)
          assert.strictEqual(refused.status, 400)
          assert.strictEqual(codeOf(refused), "contact_opted_out")
        })
      )
      const left = yield* Meta.count(demo.instance)
      assert.strictEqual((yield* sendTemplate(number)).status, 400)
      assert.strictEqual(yield* Meta.count(demo.instance), left)
      assert.isAtLeast(left, before)
      assert.strictEqual((yield* say(contactId, "Tudo bem, não enviaremos mais.")).status, 200)

      // Of one second, by Meta's clock, a refusal weighs more.
      yield* simulate("/clock", { advance: "2 seconds" })
      yield* simulate("/customers/messages", { from: number, text: "voltar" })
      yield* eventually(Effect.map(sendTemplate(number), ({ status }) => assert.strictEqual(status, 200)))
      yield* simulate("/templates", { name, language, category: "UTILITY" })
    })
  )
})
