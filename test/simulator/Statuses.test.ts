import { assert, layer } from "@effect/vitest"
import { Effect, Redacted, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Simulator } from "../../adapters/simulator/Simulator.ts"
import { Receiver, behave, log, logOnce, quiet, secret, take, takeMany, telling } from "./Receiver.ts"
import type { Post } from "./Receiver.ts"
import { mobile, phoneNumberId, request, running, script, send, wamidOf } from "./RunningSimulator.ts"

const Value = Schema.Struct({
  messaging_product: Schema.Literal("whatsapp"),
  metadata: Schema.Struct({ display_phone_number: Schema.String, phone_number_id: Schema.String }),
  contacts: Schema.optionalKey(Schema.Array(Schema.Record(Schema.String, Schema.Unknown))),
  statuses: Schema.Array(Schema.Record(Schema.String, Schema.Unknown))
})

const valueOf = ({ payload }: Post) => Schema.decodeUnknownSync(Value)(payload.entry[0]?.changes[0]?.value)
const statusOf = (post: Post) => valueOf(post).statuses[0] ?? {}
const names = (posts: ReadonlyArray<Post>) => posts.map((post) => statusOf(post)["status"])

/** Past every delay, in steps that no exchange takes for its end of time. */
const later = Effect.andThen(TestClock.adjust("3 seconds"), TestClock.adjust("3 seconds"))

layer(telling())("The statuses of an accepted message", (it) => {
  it.effect("come signed, in order and after their delays", () =>
    Effect.gen(function* () {
      const { seen } = yield* Receiver
      const wamid = wamidOf(yield* send())
      yield* TestClock.adjust("299 millis")
      assert.strictEqual(seen(), 0)
      yield* TestClock.adjust("1 millis")
      assert.deepInclude(statusOf(yield* take), { id: wamid, status: "sent", timestamp: "0" })
      yield* TestClock.adjust("700 millis")
      assert.deepInclude(statusOf(yield* take), { id: wamid, status: "delivered", timestamp: "1" })
      yield* TestClock.adjust("2 seconds")
      assert.deepInclude(statusOf(yield* take), { id: wamid, status: "read", timestamp: "3" })
      yield* quiet
    })
  )

  it.effect("have Meta's form of version 24 and later", () =>
    Effect.gen(function* () {
      yield* send({ to: "+5531998765432", biz_opaque_callback_data: "tentativa-1" })
      yield* later
      const [sent, delivered, read] = yield* takeMany(3)
      if (sent === undefined || delivered === undefined || read === undefined) return assert.fail()
      const { contacts, metadata } = valueOf(sent)
      assert.deepStrictEqual(sent.payload.entry[0]?.id, "102290129340398")
      assert.deepStrictEqual(metadata, { display_phone_number: "15552242922", phone_number_id: phoneNumberId })
      const userId = statusOf(sent)["recipient_user_id"]
      assert.match(String(userId), /^BR\.\d+$/u)
      assert.deepStrictEqual(Object.keys(contacts?.[0] ?? {}), ["profile", "wa_id", "user_id"])
      assert.deepInclude(contacts?.[0], { wa_id: "553198765432", user_id: userId })
      assert.deepInclude(statusOf(sent), {
        recipient_id: "553198765432",
        biz_opaque_callback_data: "tentativa-1",
        pricing: { billable: true, pricing_model: "PMP", type: "regular", category: "service" }
      })
      assert.notProperty(statusOf(sent), "conversation")
      assert.property(statusOf(delivered), "pricing")
      assert.notProperty(statusOf(read), "pricing")
    })
  )

  it.effect("are written in ASCII, so that only who keeps the bytes gets the signature right", () =>
    Effect.gen(function* () {
      yield* request("POST", "/_simulator/customers/messages", { from: mobile, text: "Olá, coração 😀 a/b" })
      const { text, updates } = yield* take
      assert.match(text, /^[\u0020-\u007e]+$/u)
      assert.include(text, String.raw`Ol\u00e1, cora\u00e7\u00e3o \ud83d\ude00 a\/b`)
      assert.deepInclude(updates[0], { content: { type: "text", text: { body: "Olá, coração 😀 a/b" } } })
    })
  )

  it.effect("end with played for audio, and with sent for a reaction", () =>
    Effect.gen(function* () {
      yield* send({ type: "audio", audio: { link: "https://example.com/a.ogg" } })
      yield* later
      assert.deepStrictEqual(names(yield* takeMany(4)), ["sent", "delivered", "read", "played"])
      yield* send({ type: "reaction", reaction: { message_id: "wamid.x", emoji: "👍" } })
      yield* later
      assert.deepStrictEqual(names(yield* takeMany(1)), ["sent"])
      yield* quiet
    })
  )

  it.effect("show somebody addressed by user id without a number", () =>
    Effect.gen(function* () {
      yield* send({ to: undefined, recipient: "BR.1349120865530274" })
      yield* later
      const [sent] = yield* takeMany(3)
      if (sent === undefined) return assert.fail()
      assert.notProperty(statusOf(sent), "recipient_id")
      assert.deepInclude(statusOf(sent), { recipient_user_id: "BR.1349120865530274" })
      assert.notProperty(valueOf(sent).contacts?.[0] ?? {}, "wa_id")
    })
  )

  it.effect("tell the category of the template", () =>
    Effect.gen(function* () {
      yield* request("POST", "/v25.0/102290129340398/message_templates", {
        name: "promo",
        language: "pt_BR",
        category: "MARKETING",
        components: [{ type: "BODY", text: "Promoção" }]
      })
      yield* send({ type: "template", template: { name: "promo", language: { code: "pt_BR" } } })
      yield* later
      const [sent] = yield* takeMany(3)
      assert.deepInclude(sent && statusOf(sent)["pricing"], { type: "regular", category: "marketing" })
    })
  )

  it.effect("are free, in a conversation of their own, once a customer who came by an ad is answered", () =>
    Effect.gen(function* () {
      const from = "5511955554444"
      yield* request("POST", "/_simulator/customers/messages", { from, text: "Vi o anúncio", referral: true })
      yield* take
      yield* send({ to: from })
      yield* later
      const [sent, delivered] = yield* takeMany(3)
      if (sent === undefined || delivered === undefined) return assert.fail()
      assert.deepInclude(statusOf(sent)["pricing"], { billable: false, type: "free_entry_point" })
      assert.deepInclude(statusOf(sent)["conversation"], { origin: { type: "referral_conversion" } })
      assert.property(statusOf(sent)["conversation"], "expiration_timestamp")
      assert.notProperty(statusOf(delivered)["conversation"], "expiration_timestamp")
      yield* TestClock.adjust("73 hours")
      yield* send({ to: from })
      yield* later
      const [after] = yield* takeMany(3)
      assert.notProperty(after && statusOf(after), "conversation")
    })
  )

  it.effect.each([
    { kind: "lost_response" },
    { kind: "truncated" },
    { kind: "http_error", status: 503, accepted: true },
    { kind: "no_wamid" },
    { kind: "garbage" }
  ])("come although the send's own answer was spoilt by %o", (fault) =>
    Effect.gen(function* () {
      yield* script(fault)
      yield* Effect.exit(send({ biz_opaque_callback_data: "perdida" }))
      yield* later
      for (const post of yield* takeMany(3)) {
        assert.deepInclude(statusOf(post), { biz_opaque_callback_data: "perdida" })
      }
    })
  )

  it.effect("do not come for what was refused, or reset", () =>
    Effect.gen(function* () {
      const before = (yield* Receiver).seen()
      yield* send({ text: { body: "" } })
      yield* send({ to: "5511990131026" })
      yield* script({ kind: "reset", stage: "after_body" })
      yield* Effect.exit(send())
      yield* later
      yield* quiet
      assert.strictEqual((yield* Receiver).seen(), before)
    })
  )

  it.effect("tell a paused template's end by 132015, and let a held one go", () =>
    Effect.gen(function* () {
      const template = { type: "template", template: { name: "pedido", language: { code: "pt_BR" } } }
      yield* send({ ...template, to: "5511992000011" })
      yield* later
      const failed = yield* take
      assert.deepStrictEqual(names([failed]), ["failed"])
      assert.include(failed.text, "132015")
      yield* send({ ...template, to: "5511992000010" })
      yield* later
      assert.deepStrictEqual(names(yield* takeMany(3)), ["sent", "delivered", "read"])
    })
  )

  it.effect("are named in the log, which says when all is quiet", () =>
    Effect.gen(function* () {
      const wamid = wamidOf(yield* send())
      assert.strictEqual((yield* log).pending, 1)
      yield* later
      yield* takeMany(3)
      const { deliveries } = yield* quiet
      assert.deepInclude(deliveries.at(-1), {
        state: "delivered",
        attempts: 1,
        status: 200,
        updates: 1,
        first: [`read ${wamid}`]
      })
    })
  )
})

layer(telling({ jitter: 1 }))("The pace of statuses", (it) => {
  it.effect("differs from message to message, and keeps their order", () =>
    Effect.gen(function* () {
      yield* Effect.forEach([1, 2, 3, 4, 5, 6], () => send(), { discard: true })
      yield* later
      yield* TestClock.adjust("3 seconds")
      const read = (yield* takeMany(18)).map(statusOf).filter(({ status }) => status === "read")
      assert.isAbove(new Set(read.map(({ timestamp }) => timestamp)).size, 1)
      assert.strictEqual((yield* quiet).posts["delivered"], 18)
    })
  )
})

layer(running())("The callback", (it) => {
  const callback = Effect.map(request("GET", "/_simulator/callback"), ({ json }) => json)

  it.effect("is none at first: nothing is told, and a customer cannot write", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* callback, { url: null })
      yield* send()
      assert.strictEqual((yield* log).pending, 0)
      const refused = yield* request("POST", "/_simulator/customers/messages", { from: mobile, text: "Oi" })
      assert.strictEqual(refused.status, 409)
      assert.include(refused.text, "/_simulator/callback")
    })
  )

  it.effect("can be given by request and by the service, is shown without its secret, and taken away", () =>
    Effect.gen(function* () {
      const url = "http://127.0.0.1:9/hook"
      const answer = yield* request("PUT", "/_simulator/callback", { url, app_secret: "hunter2" })
      assert.deepStrictEqual(answer.json, { url })
      yield* (yield* Simulator).setCallback({ url: "http://127.0.0.1:9/other", appSecret: secret })
      const shown = yield* request("GET", "/_simulator/callback")
      assert.deepStrictEqual(shown.json, { url: "http://127.0.0.1:9/other" })
      assert.notInclude(shown.text + answer.text, Redacted.value(secret))
      assert.notInclude(answer.text, "hunter2")
      yield* request("DELETE", "/_simulator/callback")
      assert.deepStrictEqual(yield* callback, { url: null })
    })
  )

  it.effect.each([
    { url: "ftp://example.com", app_secret: "x" },
    { url: "http://example.com" },
    { url: "http://example.com", app_secret: "" },
    { url: "http://example.com", app_secret: "x", secret: "y" }
  ])("is refused as %o", (body) =>
    Effect.map(request("PUT", "/_simulator/callback", body), ({ status }) => assert.strictEqual(status, 400))
  )
})

layer(telling())("Another callback", (it) => {
  it.effect("gets what the old one did not take, at once and signed anew", () =>
    Effect.gen(function* () {
      const receiver = yield* Receiver
      yield* request("PUT", "/_simulator/callback", { url: receiver.url, app_secret: "errado" })
      yield* behave({ retries: { immediate: 0 } })
      yield* request("POST", "/_simulator/customers/messages", { from: mobile, text: "Oi" })
      const { deliveries } = yield* logOnce(({ posts }) => posts["retrying"] === 1)
      assert.deepInclude(deliveries.at(-1), { status: 401, attempts: 1 })
      yield* (yield* Simulator).setCallback({ url: receiver.url, appSecret: secret })
      assert.include((yield* take).text, "Oi")
      yield* quiet
    })
  )
})
