import { assert, layer } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { createHash } from "node:crypto"
import { Simulator } from "../../adapters/simulator/Simulator.ts"
import { phoneNumberId, refusalOf, request, running } from "./RunningSimulator.ts"

const path = `/v25.0/${phoneNumberId}/media`
const pdf = new Uint8Array([0x25, 0x50, 0x44, 0x46, 0x00, 0xff])

const form = (type: string | undefined, bytes: Uint8Array<ArrayBuffer> = pdf, product = "whatsapp") => {
  const upload = new FormData()
  upload.set("messaging_product", product)
  if (type !== undefined) upload.set("file", new File([bytes], "arquivo", { type }))
  return upload
}

const idOf = Schema.decodeUnknownSync(Schema.Struct({ id: Schema.String }))
const upload = (type: string) => Effect.map(request("POST", path, form(type)), ({ json }) => idOf(json).id)

layer(running())("Media", (it) => {
  it.effect("are uploaded, described and downloaded", () =>
    Effect.gen(function* () {
      const id = yield* upload("application/pdf")
      const { url: base } = yield* Simulator
      const url = `${base}/_simulator/media/${id}?until=300000`
      assert.deepStrictEqual((yield* request("GET", `/v25.0/${id}`)).json, {
        messaging_product: "whatsapp",
        url,
        mime_type: "application/pdf",
        sha256: createHash("sha256").update(pdf).digest("hex"),
        file_size: "6",
        id
      })
      const bytes = yield* Effect.promise(async () => {
        const answer = await fetch(url, { headers: { authorization: "Bearer x" } })
        return new Uint8Array(await answer.arrayBuffer())
      })
      assert.deepStrictEqual(bytes, pdf)
      assert.strictEqual((yield* request("GET", url, undefined, {})).status, 401)
    })
  )

  it.effect("are gone once deleted", () =>
    Effect.gen(function* () {
      const id = yield* upload("image/png")
      assert.deepStrictEqual((yield* request("DELETE", `/v25.0/${id}`)).json, { success: true })
      assert.deepInclude(refusalOf(yield* request("GET", `/v25.0/${id}`)), { code: 100, subcode: 33 })
      assert.deepInclude(refusalOf(yield* request("DELETE", `/v25.0/${id}`)), { code: 100, subcode: 33 })
      assert.strictEqual((yield* request("GET", `/_simulator/media/${id}`)).status, 404)
    })
  )

  it.effect("may have parameters in their type", () =>
    Effect.gen(function* () {
      const id = yield* upload("audio/ogg; codecs=opus")
      assert.include((yield* request("GET", `/v25.0/${id}`)).text, '"mime_type":"audio/ogg"')
    })
  )

  it.effect.each([
    ["a type Meta does not take", form("application/zip"), 100],
    ["no file", form(undefined), 100],
    ["another product", form("image/png", pdf, "instagram"), 100],
    ["more bytes than their type allows", form("image/webp", new Uint8Array(512 * 1024 + 1)), 131053]
  ] as const)("with %s are refused", ([, body, code]) =>
    Effect.map(request("POST", path, body), (answer) => assert.deepInclude(refusalOf(answer), { status: 400, code }))
  )

  it.effect("that come in no form are refused", () =>
    Effect.gen(function* () {
      assert.deepInclude(refusalOf(yield* request("POST", path, { file: "x" })), { status: 400, code: 100 })
    })
  )
})
