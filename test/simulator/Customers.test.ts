import { assert, it as alone, layer } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { TestClock } from "effect/testing"
import { createHash } from "node:crypto"
import { join } from "node:path"
import type { CustomerMessage } from "../../adapters/simulator/CustomerMessage.ts"
import { Simulator } from "../../adapters/simulator/Simulator.ts"
import type { InboundMessage } from "../../core/inbound/InboundMessage.ts"
import type { Update } from "../../core/inbound/Update.ts"
import { Receiver, quiet, take, telling } from "./Receiver.ts"
import { mobile, phoneNumberId, refusalOf, request, send, temporaryFolder, wamidOf } from "./RunningSimulator.ts"

type Given = (typeof CustomerMessage)["Encoded"]

const write = (message: Given | Readonly<Record<string, unknown>>) =>
  request("POST", "/_simulator/customers/messages", { from: mobile, ...message })

const Answer = Schema.Struct({
  wamid: Schema.NullOr(Schema.String),
  from: Schema.NullOr(Schema.String),
  user_id: Schema.String,
  phone_number_id: Schema.String,
  timestamp: Schema.String
})

/** What the customer wrote, as the product reads it, beside what the author was answered. */
const written = Effect.fnUntraced(function* (message: Given) {
  const answer = yield* write(message)
  assert.strictEqual(answer.status, 201, answer.text)
  const post = yield* take
  return { answer: Schema.decodeUnknownSync(Answer)(answer.json), update: post.updates[0], text: post.text }
})

const messageOf = ({ update }: { readonly update: Update | undefined }): InboundMessage =>
  update?._tag === "Message" ? update : assert.fail("no message came")

const said = (message: Given) => Effect.map(written(message), messageOf)

layer(telling())("A customer", (it) => {
  it.effect("writes with no more than a number and a text", () =>
    Effect.gen(function* () {
      const answer = yield* request("POST", "/_simulator/customers/messages", { from: mobile, text: "Oi" })
      assert.strictEqual(answer.status, 201)
      const { from, phone_number_id, wamid } = Schema.decodeUnknownSync(Answer)(answer.json)
      assert.deepStrictEqual([from, phone_number_id], [mobile, phoneNumberId])
      const message = messageOf({ update: (yield* take).updates[0] })
      assert.strictEqual(message.wamid, wamid)
      assert.deepStrictEqual(message.content, { type: "text", text: { body: "Oi" } })
      assert.strictEqual(message.from.phone, mobile)
      assert.match(String(message.from.userId), /^BR\.\d+$/u)
      assert.match(String(message.from.profileName), /^\p{L}+ \p{L}+$/u)
    })
  )

  it.effect.each([
    [{ button: "Quero" }, { type: "button", button: { payload: "Quero", text: "Quero" } }],
    [
      { button: { text: "Não pedi", payload: "DID_NOT_REQUEST_CODE" } },
      { type: "button", button: { payload: "DID_NOT_REQUEST_CODE", text: "Não pedi" } }
    ],
    [
      { button_reply: { id: "sim", title: "Sim" } },
      { type: "interactive", interactive: { type: "button_reply", reply: { id: "sim", title: "Sim" } } }
    ],
    [
      { list_reply: { id: "r1", title: "Rápida", description: "Amanhã" } },
      {
        type: "interactive",
        interactive: { type: "list_reply", reply: { id: "r1", title: "Rápida", description: "Amanhã" } }
      }
    ],
    [
      { location: { latitude: -23.55, longitude: -46.63, name: "Sé" } },
      { type: "location", location: { latitude: -23.55, longitude: -46.63, name: "Sé" } }
    ],
    [
      { reaction: { message_id: "wamid.x", emoji: "👍" } },
      { type: "reaction", reaction: { targetWamid: "wamid.x", emoji: "👍" } }
    ],
    [{ reaction: { message_id: "wamid.x" } }, { type: "reaction", reaction: { targetWamid: "wamid.x" } }],
    [{ unsupported: true }, { type: "unsupported" }],
    [{ unsupported: "poll_creation" }, { type: "unsupported", unsupported: { type: "poll_creation" } }],
    [{ opt_out: true }, { type: "text", text: { body: "PARAR" } }],
    [
      {
        raw: { type: "order", order: { catalog_id: "1", product_items: [{ product_retailer_id: "p", quantity: 2 }] } }
      },
      { type: "order", order: { catalogId: "1", items: [{ productId: "p", quantity: 2 }] } }
    ]
  ] as const)("says %j", ([message, content]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual<unknown>((yield* said(message)).content, content)
    })
  )

  it.effect("shares somebody's card", () =>
    Effect.gen(function* () {
      const { content } = yield* said({
        contacts: [{ name: { formatted_name: "Lia", first_name: "Lia" }, phones: [{ phone: "+55 11 97777-0000" }] }]
      })
      assert.deepInclude(content, { type: "contacts" })
    })
  )

  it.effect("answers to a message, forwards, and comes by an ad", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual((yield* said({ text: "1", reply_to: "wamid.abc" })).context, { repliedTo: "wamid.abc" })
      assert.deepStrictEqual((yield* said({ text: "2", forwarded: true })).context, { forwarded: true })
      assert.deepStrictEqual((yield* said({ text: "3", forwarded: "frequently" })).context, {
        frequentlyForwarded: true
      })
      assert.deepInclude((yield* said({ text: "4", referral: true })).referral, { sourceType: "ad" })
      assert.deepInclude((yield* said({ text: "5", referral: { source_type: "post", source_id: "77" } })).referral, {
        sourceType: "post",
        sourceId: "77"
      })
    })
  )

  it.effect("may have written long ago", () =>
    Effect.gen(function* () {
      yield* TestClock.adjust("30 days")
      const { answer, update } = yield* written({ text: "ontem", timestamp: 86_400 })
      assert.strictEqual(answer.timestamp, "86400")
      assert.strictEqual(messageOf({ update }).at.epochMilliseconds, 86_400_000)
      const iso = yield* said({ text: "anteontem", timestamp: "1970-01-03T00:00:00Z" })
      assert.strictEqual(iso.at.epochMilliseconds, 2 * 86_400_000)
    })
  )

  it.effect.each([
    ["5531998765432", undefined, "553198765432"],
    ["+55 (11) 97804-9825", undefined, "5511978049825"],
    ["5511978049825", false, "551178049825"],
    ["553198765432", true, "5531998765432"],
    ["551133334444", false, "551133334444"],
    ["16505551234", undefined, "16505551234"]
  ] as const)("%s, with ninth_digit %s, is shown as %s", ([from, ninth_digit, shown]) =>
    Effect.gen(function* () {
      const { answer, update } = yield* written({ from, text: "Oi", ...(ninth_digit !== undefined && { ninth_digit }) })
      assert.strictEqual(answer.from, shown)
      assert.strictEqual<string | undefined>(messageOf({ update }).from.phone, shown)
    })
  )

  it.effect("is the same person in both spellings of the number, and as the recipient of a send", () =>
    Effect.gen(function* () {
      const long = yield* said({ from: "5531991112222", text: "1", name: "Dona Zuleica" })
      const short = yield* said({ from: "553191112222", text: "2" })
      assert.strictEqual(long.from.userId, short.from.userId)
      assert.strictEqual(short.from.profileName, "Dona Zuleica")
      yield* send({ to: "5531991112222" })
      yield* TestClock.adjust("300 millis")
      const [sent] = (yield* take).updates
      assert.deepInclude(sent?._tag === "Status" ? sent.recipient : undefined, {
        userId: long.from.userId,
        profileName: "Dona Zuleica"
      })
      yield* TestClock.adjust("3 seconds")
      yield* take
      yield* take
    })
  )

  it.effect("may be without a number, and can then be answered by user id", () =>
    Effect.gen(function* () {
      const hidden = yield* written({ from: "5511955550000", text: "Oi", without_number: true })
      assert.strictEqual(hidden.answer.from, null)
      assert.notInclude(hidden.text, "5511955550000")
      const { from } = messageOf(hidden)
      assert.isUndefined(from.phone ?? from.waId)
      assert.isString(from.username)
      const answer = yield* send({ to: undefined, recipient: hidden.answer.user_id })
      assert.match(wamidOf(answer), /^wamid\./u)
      yield* TestClock.adjust("3 seconds")
      for (let count = 0; count < 3; count += 1) {
        assert.deepInclude((yield* take).updates[0], { wamid: wamidOf(answer) })
      }
      const byId = yield* request("POST", "/_simulator/customers/messages", { user_id: "BR.77", text: "Oi" })
      assert.strictEqual(byId.status, 201)
      assert.strictEqual(messageOf({ update: (yield* take).updates[0] }).from.userId, "BR.77")
    })
  )

  it.effect("stops marketing, and lets it come again", () =>
    Effect.gen(function* () {
      for (const value of ["stop", "resume"] as const) {
        const { answer, update } = yield* written({ preference: value })
        assert.strictEqual(answer.wamid, null)
        assert.deepInclude(update, { _tag: "UserPreference", value, category: "marketing_messages" })
      }
      const hidden = yield* written({ preference: "stop", without_number: true })
      assert.deepInclude(hidden.update, { _tag: "UserPreference" })
      assert.notInclude(hidden.text, mobile)
    })
  )

  it.effect("gets another number, and another user id", () =>
    Effect.gen(function* () {
      const number = yield* written({ changed_number: "5521988887777" })
      assert.deepInclude(number.update, { _tag: "IdentityChange", kind: "number" })
      assert.include(number.text, '"wa_id":"5521988887777"')
      const userId = yield* written({ changed_user_id: "BR.999" })
      assert.deepInclude(userId.update, { _tag: "IdentityChange", kind: "user_id" })
      assert.deepInclude(userId.update?._tag === "IdentityChange" ? userId.update.before : {}, {
        userId: userId.answer.user_id
      })
      assert.strictEqual((yield* said({ text: "depois" })).from.userId, "BR.999")
      const again = yield* written({ changed_user_id: true })
      assert.strictEqual(again.answer.user_id, "BR.999")
    })
  )

  it.effect("writes to the number that is named", () =>
    Effect.gen(function* () {
      yield* request("PUT", "/_simulator/numbers/200", { waba_id: "300", display_phone_number: "551140001234" })
      const { text } = yield* written({ text: "Oi", phone_number_id: "200" })
      assert.include(text, '"id":"300"')
      assert.include(text, '"metadata":{"display_phone_number":"551140001234","phone_number_id":"200"}')
    })
  )

  it.effect.each([
    {},
    { text: "Oi", image: true },
    { text: "" },
    { text: "Oi", textt: 1 },
    { text: "Oi", from: "abc" },
    { text: "Oi", timestamp: "ontem" },
    { location: { latitude: 1 } },
    { image: { data: "não é base64" } },
    { preference: "maybe" }
  ])("cannot write %j", (message) =>
    Effect.gen(function* () {
      const answer = yield* write(message)
      assert.strictEqual(answer.status, 400)
      assert.include(answer.text, "Comando inválido")
    })
  )

  it.effect("cannot write without being anybody", () =>
    Effect.map(request("POST", "/_simulator/customers/messages", { text: "Oi" }), ({ status }) =>
      assert.strictEqual(status, 400)
    )
  )
})

const Described = Schema.Struct({
  url: Schema.String,
  mime_type: Schema.String,
  sha256: Schema.String,
  file_size: Schema.String,
  id: Schema.String
})

const download = (url: string) =>
  Effect.promise(async () => {
    const answer = await fetch(url, { headers: { authorization: "Bearer x" } })
    return { status: answer.status, type: answer.headers.get("content-type"), bytes: await answer.bytes() }
  })

const mediaOf = ({ content }: InboundMessage) => ("media" in content ? content.media : assert.fail("no file"))

layer(telling())("What a customer sends", (it) => {
  it.effect.each([
    ["image", "image/png", "\x89PNG"],
    ["audio", "audio/ogg; codecs=opus", "OggS"],
    ["video", "video/mp4", "\0\0\0\x18ftypmp42"],
    ["document", "application/pdf", "%PDF-1.4"],
    ["sticker", "image/webp", "RIFF"]
  ] as const)("as %s is a real file, which Meta's API describes and gives out", ([kind, mimeType, magic]) =>
    Effect.gen(function* () {
      const { url: base } = yield* Simulator
      const media = mediaOf(yield* said({ [kind]: true }))
      const described = Schema.decodeUnknownSync(Described)((yield* request("GET", `/v25.0/${media.id}`)).json)
      assert.isTrue(described.url.startsWith(`${base}/`))
      const { bytes, type } = yield* download(described.url)
      assert.deepStrictEqual([described.mime_type, type, media.mimeType], [mimeType, mimeType, mimeType])
      assert.isTrue(Buffer.from(bytes).toString("latin1").startsWith(magic))
      assert.strictEqual(described.sha256, createHash("sha256").update(bytes).digest("hex"))
      assert.strictEqual(media.sha256, createHash("sha256").update(bytes).digest("base64"))
      assert.strictEqual(described.file_size, String(bytes.length))
      assert.deepStrictEqual((yield* download(media.url ?? "")).bytes, bytes)
      const another = mediaOf(yield* said({ [kind]: true }))
      assert.notStrictEqual(another.sha256, media.sha256)
    })
  )

  it.effect("may be a file of one's own, with its caption, name and type", () =>
    Effect.gen(function* () {
      const media = mediaOf(
        yield* said({
          document: {
            data: Buffer.from("a;b\n").toString("base64"),
            mime_type: "text/csv",
            filename: "lista.csv",
            caption: "A lista"
          }
        })
      )
      assert.deepInclude(media, { mimeType: "text/csv", filename: "lista.csv", caption: "A lista" })
      assert.strictEqual(Buffer.from((yield* download(media.url ?? "")).bytes).toString(), "a;b\n")
    })
  )

  it.effect("is at an address for five minutes, which another may follow, and for seven days in all", () =>
    Effect.gen(function* () {
      const media = mediaOf(yield* said({ image: true }))
      yield* TestClock.adjust("5 minutes")
      assert.strictEqual((yield* download(media.url ?? "")).status, 404)
      const { url } = Schema.decodeUnknownSync(Described)((yield* request("GET", `/v25.0/${media.id}`)).json)
      assert.strictEqual((yield* download(url)).status, 200)
      assert.strictEqual(
        (yield* request("GET", new URL(url).pathname + new URL(url).search, undefined, {})).status,
        401
      )
      yield* TestClock.adjust("7 days")
      assert.deepInclude(refusalOf(yield* request("GET", `/v25.0/${media.id}`)), { code: 100, subcode: 33 })
    })
  )
})

alone.effect("Where no number is known yet, a customer's message says whom it is for", () =>
  Effect.gen(function* () {
    const { url } = yield* Receiver
    yield* request("PUT", "/_simulator/callback", { url, app_secret: "segredo-do-app" })
    const lost = yield* write({ text: "Oi" })
    assert.strictEqual(lost.status, 409)
    assert.include(lost.text, "phone_number_id")
    yield* send()
    yield* TestClock.adjust("3 seconds")
    for (let count = 0; count < 3; count += 1) yield* take
    assert.strictEqual(messageOf(yield* written({ text: "Oi" })).content.type, "text")
    yield* quiet
  }).pipe(Effect.provide(telling({}, { numbers: {} })))
)

alone.effect("Of customers' messages no id comes twice, not even after a restart with the same seed", () =>
  Effect.gen(function* () {
    const ids: Array<string | null> = []
    const folder = yield* temporaryFolder
    for (let run = 0; run < 2; run += 1) {
      yield* Effect.gen(function* () {
        for (let count = 0; count < 3; count += 1) ids.push((yield* written({ text: "Oi" })).answer.wamid)
      }).pipe(Effect.provide(telling({}, { ledgerPath: join(folder, "ledger.jsonl") })))
    }
    assert.strictEqual(new Set(ids).size, 6)
  })
)
