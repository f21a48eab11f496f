import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { HttpRouter } from "effect/http"
import { createHash } from "node:crypto"
import * as Docs from "../../apps/http/docs/Docs.ts"
import { PublicUrl } from "../../apps/http/PublicUrl.ts"
import { errorCodes } from "../../core/failure/Catalogue.ts"

const publicUrl = "https://api.example.com"

const served = Effect.acquireRelease(
  Effect.sync(() =>
    HttpRouter.toWebHandler(Docs.layer.pipe(Layer.provide(Layer.succeed(PublicUrl, publicUrl))), {
      disableLogger: true
    })
  ),
  ({ dispose }) => Effect.promise(dispose)
)

const get = Effect.fnUntraced(function* (path: string, init?: RequestInit) {
  const { handler } = yield* served
  const response = yield* Effect.promise(() => handler(new Request(`http://localhost${path}`, init)))
  return { response, text: yield* Effect.promise(() => response.text()) }
})

const accepting = (accept: string): RequestInit => ({ headers: { accept } })

const typeOf = (response: Response): string | undefined => response.headers.get("content-type")?.split(";")[0]

describe("The documentation", () => {
  it.effect("serves the OpenAPI document of the public address as JSON", () =>
    Effect.gen(function* () {
      const { response, text } = yield* get("/openapi.json")
      assert.strictEqual(response.status, 200)
      assert.strictEqual(typeOf(response), "application/json")
      assert.deepInclude(JSON.parse(text), { servers: [{ url: publicUrl, description: "Este servidor" }] })
    })
  )

  it.effect.each(["/docs", "/docs/errors"])("serves %s as a page that may load nothing but its own style", (path) =>
    Effect.gen(function* () {
      const { response, text } = yield* get(path)
      assert.strictEqual(response.headers.get("content-type"), "text/html; charset=utf-8")
      const style = /<style>([^<]*)<\/style>/u.exec(text)?.[1] ?? assert.fail("no style")
      const hash = createHash("sha256").update(style).digest("base64")
      const policy = (response.headers.get("content-security-policy") ?? "").split("; ")
      assert.includeMembers(policy, ["default-src 'none'", `style-src 'sha256-${hash}'`, "frame-ancestors 'none'"])
      assert.notInclude(policy.join(), "unsafe")
    })
  )

  it.effect.each(["/openapi.json", "/docs", "/docs/errors"])("%s is never taken for another type", (path) =>
    Effect.gen(function* () {
      const { response } = yield* get(path)
      assert.strictEqual(response.headers.get("x-content-type-options"), "nosniff")
    })
  )

  it.effect("writes the public address into the commands", () =>
    Effect.gen(function* () {
      const { text } = yield* get("/docs")
      assert.include(text, `curl -X POST ${publicUrl}/send-message`)
      assert.notInclude(text, "127.0.0.1")
    })
  )

  it.effect("answers HEAD with the headers alone", () =>
    Effect.gen(function* () {
      const { response, text } = yield* get("/docs", { method: "HEAD" })
      assert.strictEqual(response.status, 200)
      assert.strictEqual(text, "")
    })
  )

  it.effect("gives the catalogue of failures as JSON to a program", () =>
    Effect.gen(function* () {
      const { response, text } = yield* get("/docs/errors", accepting("application/json"))
      assert.strictEqual(response.headers.get("vary"), "Accept")
      const { errors } = JSON.parse(text)
      assert.deepStrictEqual(
        errors.map(({ code }: { readonly code: string }) => code),
        errorCodes
      )
      assert.deepStrictEqual(errors[0], {
        code: "invalid_json",
        status: 400,
        message: "O corpo da requisição não é um JSON válido.",
        retryable: false,
        action: "Envie um objeto JSON em UTF-8, como nos exemplos da documentação.",
        doc_url: `${publicUrl}/docs/errors#invalid_json`
      })
    })
  )

  it.effect.each([
    ["application/json", "application/json"],
    ["application/json, text/html;q=0.5", "application/json"],
    ["application/json, text/plain, */*", "text/html"],
    ["APPLICATION/JSON", "application/json"],
    ["application/*", "application/json"],
    ["text/html;q=0, */*", "application/json"],
    ["*/*", "text/html"],
    ["", "text/html"],
    ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"],
    ["application/json;q=0.1, text/html;q=0.2", "text/html"],
    ["application/json;q=x", "text/html"]
  ] as const)("to Accept: %s the catalogue is %s", ([accept, type]) =>
    Effect.gen(function* () {
      const { response } = yield* get("/docs/errors", accepting(accept))
      assert.strictEqual(typeOf(response), type)
    })
  )
})
