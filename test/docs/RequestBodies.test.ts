import * as Incoming from "../../apps/http/Incoming.ts"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option, Result, Schema } from "effect"
import { HttpServerRequest } from "effect/http"
import * as Examples from "../../apps/http/docs/Examples.ts"
import { openApi } from "../../apps/http/docs/OpenApi.ts"
import { claim } from "../../apps/http/IdempotencyKey.ts"
import { SendDirect } from "../../apps/http/sendDirect.ts"
import { SendMessage } from "../../apps/http/sendMessage.ts"
import { fault, PhoneNumber } from "../../core/contact/PhoneNumber.ts"
import { inspect } from "../../core/media/MediaLink.ts"
import { MediaProbe } from "../../core/media/MediaProbe.ts"
import { validator } from "./JsonSchema.ts"

const document = openApi("https://api.example.com")

const described = (path: string) => {
  const body = document.paths[path]?.post?.requestBody?.content["application/json"]
  return validator(document, body?.schema ?? assert.fail(`POST ${path} has no body in the document`)).accepts
}

const isDescribedMessage = described("/send-message")
const isDescribedDirect = described("/sendmessage")

const decodeMessage = Schema.decodeUnknownOption(SendMessage, { onExcessProperty: "error" })
const decodeDirect = Schema.decodeUnknownOption(SendDirect, { onExcessProperty: "error" })
const isPhoneNumber = Schema.is(PhoneNumber)

/** The shape that `POST /send-message` takes; whether a number is possible is more than a shape. */
const takesMessage = (body: unknown): boolean =>
  Option.exists(
    decodeMessage(body),
    ({ campaign_id, number, template_id }) =>
      isPhoneNumber(number) && (template_id === undefined) !== (campaign_id === undefined)
  )

/** Every server answers, with a picture. */
const probe = MediaProbe.of({
  isLiterallyPrivate: () => false,
  head: () => Effect.succeed({ contentType: Option.some("image/jpeg"), contentLength: Option.none() })
})

const isLink = (url: string): boolean =>
  Result.isSuccess(Effect.runSync(Effect.result(Effect.provideService(inspect(url, "media_url"), MediaProbe, probe))))

const takesDirect = (body: unknown): boolean =>
  Option.exists(decodeDirect(body), ({ media_caption, media_url, message_content }) =>
    media_url === undefined
      ? message_content !== undefined && media_caption === undefined
      : message_content === undefined && isLink(media_url)
  )

/** Where the limits are, in characters that take one code unit and in such that take two. */
const long = [255, 256, 1024, 1025, 4096, 4097].flatMap((length) => ["x".repeat(length), "😀".repeat(length)])
const short = ["", " ", "\n\t ", "\u00a0", "\ufeff", "\u2028", "a", " a ", "a\nb", "a\0b", "\0", "😀", "{{1}}"]
const phones = ["5511978049825", "+5511978049825", "55 11 97804-9825", "1234567", "12345678", "0123456789"]
const links = ["https://a.example/b.jpg", "https://a.example/b c.jpg", `https://a.example/${"x".repeat(2031)}`]

const numbers = [0, -0, 1, -1, 1.5, 1e300, 2_147_483_647, 2_147_483_648, 2 ** 53 - 1, 2 ** 53, -(2 ** 53)] as const

/** Well-formed: of half a surrogate pair the document says nothing. */
const Text = Schema.Union([
  Schema.Literals([...long, ...short, ...phones, ...links]),
  Schema.String.check(Schema.makeFilter((text) => text.isWellFormed()))
])
const Scalar = Schema.Union([Text, Schema.Literals(numbers), Schema.Int, Schema.Boolean, Schema.Null])
const Anything = Schema.Union([Scalar, Schema.Array(Scalar), Schema.Record(Text, Scalar), Schema.Undefined])

const ids = ["template_id", "campaign_id", "queue_id", "status_id", "contact_id", "instance_id"]
const texts = ["contact_name", "message_content", "media_url", "media_caption"]
const fields = [...ids, ...texts, "number", "variables", "extra", "constructor"]

/** What happens to a body: a field gets a value that might be right, or any, or goes (`undefined`). */
const Change = Schema.Union([
  Schema.Struct({ field: Schema.Literals(ids), value: Schema.Literals(numbers) }),
  Schema.Struct({ field: Schema.Literals(texts), value: Text }),
  Schema.Struct({ field: Schema.Literal("number"), value: Schema.String.check(Schema.isPattern(/^\d{6,17}$/u)) }),
  Schema.Struct({ field: Schema.Literal("variables"), value: Schema.Record(Text, Scalar) }),
  Schema.Struct({ field: Schema.Literal("variables"), value: Schema.Struct({ codigo: Scalar }) }),
  Schema.Struct({ field: Schema.Literals(fields), value: Anything })
])
const Changes = Schema.Array(Change).check(Schema.isMinLength(1), Schema.isMaxLength(2))

/** As JSON would bring it: a field without a value is none. */
const changed = (body: object, changes: typeof Changes.Type): object =>
  Object.fromEntries(
    [
      ...new Map<string, unknown>([
        ...Object.entries(body),
        ...changes.map(({ field, value }) => [field, value] as const)
      ])
    ].filter(([, value]) => value !== undefined)
  )

const runs = { arbitrary: { runs: 3000 } }

describe("The described requests", () => {
  it.each([Examples.sendTemplate, Examples.sendCampaign])("$label: the published body is one", ({ body }) => {
    assert.isTrue(isDescribedMessage(body))
    assert.isTrue(takesMessage(body))
  })

  it.each([Examples.sendText, Examples.sendMedia])("$label: the published body is one", ({ body }) => {
    assert.isTrue(isDescribedDirect(body))
    assert.isTrue(takesDirect(body))
  })

  it.prop(
    "POST /send-message takes what is described and refuses what is not",
    [Schema.Boolean, Changes],
    ([isTemplate, changes]) => {
      const body = changed(isTemplate ? Examples.sendTemplate.body : Examples.sendCampaign.body, changes)
      assert.strictEqual(isDescribedMessage(body), takesMessage(body), JSON.stringify(body))
    },
    runs
  )

  it.prop(
    "POST /sendmessage takes what is described and refuses what is not",
    [Schema.Boolean, Changes],
    ([isText, changes]) => {
      const body = changed(isText ? Examples.sendText.body : Examples.sendMedia.body, changes)
      // A text without blanks may still be no link.
      const isOddLink = "media_url" in body && typeof body.media_url === "string" && !isLink(body.media_url)
      if (isOddLink) assert.isFalse(takesDirect(body))
      else assert.strictEqual(isDescribedDirect(body), takesDirect(body), JSON.stringify(body))
    },
    runs
  )

  it.each([
    ["contact_name", Examples.sendTemplate.body, "x".repeat(255), "x".repeat(256)],
    ["contact_name", Examples.sendTemplate.body, "😀".repeat(255), "😀".repeat(256)],
    ["message_content", Examples.sendText.body, "x".repeat(4096), "x".repeat(4097)],
    ["message_content", Examples.sendText.body, "😀".repeat(4096), "😀".repeat(4097)],
    ["media_caption", Examples.sendMedia.body, "x".repeat(1024), "x".repeat(1025)],
    ["media_url", Examples.sendMedia.body, `https://a.b/${"x".repeat(2036)}`, `https://a.b/${"x".repeat(2037)}`],
    ["media_url", Examples.sendMedia.body, "https://a.example/b", "https://a.example/b c"],
    ["number", Examples.sendTemplate.body, "9".repeat(15), "9".repeat(16)],
    ["number", Examples.sendTemplate.body, "9".repeat(8), "9".repeat(7)],
    ["queue_id", Examples.sendTemplate.body, 2_147_483_647, 2_147_483_648],
    ["queue_id", Examples.sendTemplate.body, 1, 0],
    ["variables", Examples.sendTemplate.body, { a: 2 ** 53 - 1 }, { a: 2 ** 53 }],
    ["variables", Examples.sendTemplate.body, { a: false }, { a: null }],
    ["variables", Examples.sendTemplate.body, { "": " " }, { "a\0": "b" }]
  ])("%s ends where it is said to end", (field, body, last, beyond) => {
    const [isDescribed, takes] =
      "number" in body ? [isDescribedMessage, takesMessage] : [isDescribedDirect, takesDirect]
    for (const accepted of [isDescribed, takes]) {
      assert.isTrue(accepted({ ...body, [field]: last }))
      assert.isFalse(accepted({ ...body, [field]: beyond }))
    }
  })

  it.prop(
    "a number that is taken is described",
    [Schema.String.check(Schema.isPattern(/^(?:55|351|1|)\d{6,14}$/u))],
    ([number]) => fault(number) !== undefined || isDescribedMessage({ ...Examples.sendTemplate.body, number }),
    { arbitrary: { runs: 300 } }
  )

  it.each(["k", "pedido-1234", "!~", "k".repeat(255), "k".repeat(256), "a b", "é", ""])(
    "Idempotency-Key %j is taken if it is described, and only then",
    (key) => {
      const { parameters } = document.components
      const { accepts } = validator(document, parameters["IdempotencyKey"]?.schema ?? assert.fail("not described"))
      const request = HttpServerRequest.fromWeb(
        new Request("http://localhost/", { headers: { "idempotency-key": key } })
      )
      const claimed = Effect.runSync(
        Effect.result(claim(Incoming.fromRouter(request), "/send-message", new Uint8Array()))
      )
      assert.strictEqual(accepts(key), Result.isSuccess(claimed))
    }
  )
})
