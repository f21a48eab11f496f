import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { gzipSync } from "node:zlib"
import * as Http from "../Http.ts"
import * as Meta from "../Meta.ts"
import * as Product from "../Product.ts"
import * as Shop from "../Shop.ts"
import * as Told from "../Told.ts"

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]

const paths = {
  "/send-message": ["POST"],
  "/sendmessage": ["POST"],
  "/health/live": ["GET", "HEAD"],
  "/health/ready": ["GET", "HEAD"],
  "/metrics": ["GET", "HEAD"],
  "/openapi.json": ["GET", "HEAD"],
  "/docs": ["GET", "HEAD"],
  "/docs/errors": ["GET", "HEAD"]
}

const sending = ["/send-message", "/sendmessage"] as const

const ask = (request: Http.Request) => Effect.flatMap(Product.Product, ({ url }) => Http.send(url, request))

const rightBody = (path: string, shop: Shop.Shop) =>
  path === "/send-message" ? Shop.templateBody(shop) : Shop.directBody(shop)

const json = { "content-type": "application/json" }

/** Longer than what is accepted, and JSON. */
const tooLarge = JSON.stringify({ number: "1".repeat(64 * 1024) })

export const protocol = (it: Product.It) =>
  describe("The HTTP interface", () => {
    it.effect.each(Object.entries(paths))("%s answers 405 and Allow to every other method than %s", ([path, allowed]) =>
      Effect.gen(function* () {
        for (const method of methods.filter((method) => !allowed.includes(method))) {
          const answer = yield* ask({ method, path })
          assert.strictEqual(answer.status, 405, method)
          assert.strictEqual(answer.headers["allow"], allowed.join(", "), method)
          if (method === "HEAD") assert.strictEqual(answer.text, "")
          else assert.strictEqual(Told.failureOn(path, answer).code, "method_not_allowed")
        }
      })
    )

    it.effect("the paths that are read answer HEAD as they answer GET, without the body", () =>
      Effect.gen(function* () {
        for (const path of ["/health/live", "/health/ready", "/metrics", "/openapi.json", "/docs", "/docs/errors"]) {
          const got = yield* ask({ method: "GET", path })
          const head = yield* ask({ method: "HEAD", path })
          assert.strictEqual(got.status, 200, path)
          assert.strictEqual(head.status, 200, path)
          assert.strictEqual(head.headers["content-type"], got.headers["content-type"])
          assert.strictEqual(head.text, "")
        }
      })
    )

    it.effect.each([
      "/",
      "/nothing",
      "/send-message/15",
      "/docs/nothing",
      "/SEND-MESSAGE",
      "/send-message/",
      "//send-message",
      "/%",
      "*",
      "/__proto__",
      "/constructor"
    ])("%s does not exist, under any method", (path) =>
      Effect.gen(function* () {
        for (const method of methods) {
          const answer = yield* ask({ method, path })
          assert.strictEqual(answer.status, 404, method)
          assert.isUndefined(answer.headers["allow"])
          if (method === "HEAD") assert.strictEqual(answer.text, "")
          else assert.strictEqual(Told.failureOn(path, answer).code, "not_found")
        }
      })
    )

    it.effect("a query string changes nothing of which path it is", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        const headers = { ...json, apikey: shop.key }
        const sent = yield* ask({ path: "/send-message?x=1", headers, body: Shop.templateBody(shop) })
        Told.acceptedOn("/send-message", sent)
        const refused = yield* ask({ method: "GET", path: "/sendmessage?x=/send-message" })
        assert.strictEqual(Told.failureOn("/sendmessage", refused).code, "method_not_allowed")
      })
    )

    it.effect("every answer carries the caller's X-Request-Id where it is sane, else one of ours", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        const sent = yield* Shop.sendTemplate(shop, {}, { "x-request-id": "order:4711/a.b_c-d" })
        assert.strictEqual(sent.headers["request-id"], "order:4711/a.b_c-d")
        for (const insane of ["", " ", "-x", "a b", "a".repeat(129), "a\tb", '"a"', "a;b"]) {
          const { headers } = yield* Shop.sendTemplate(shop, {}, { "x-request-id": insane })
          assert.match(String(headers["request-id"]), /^[0-9a-f-]{36}$/u, insane)
        }
        for (const path of [...sending, "/nothing"]) {
          const answer = yield* ask({ path, headers: { "x-request-id": "r-1" } })
          assert.strictEqual(Told.failureOn(path, answer).request_id, "r-1")
        }
      })
    )

    it.effect.each(sending)("%s asks for the key before it looks at the body", (path) =>
      Effect.gen(function* () {
        const bodies: ReadonlyArray<Partial<Http.Request>> = [
          {},
          { body: "{" },
          { body: "<xml/>", headers: { "content-type": "text/xml" } },
          { body: tooLarge, headers: json },
          { body: tooLarge, headers: json, chunked: true }
        ]
        for (const request of bodies) {
          const without = yield* ask({ path, ...request })
          assert.strictEqual(Told.failureOn(path, without).code, "missing_api_key")
          const wrong = yield* ask({ path, ...request, headers: { ...request.headers, apikey: "ad_test_wrong" } })
          assert.strictEqual(Told.failureOn(path, wrong).code, "invalid_api_key")
        }
      })
    )

    it.effect.each(sending)("%s takes a body of 64 KiB and no larger one, whether or not it tells its length", (path) =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        const headers = { ...json, apikey: shop.key }
        // Blanks at the end are still JSON.
        const padded = (bytes: number) => {
          const body = Buffer.alloc(bytes, " ")
          body.write(JSON.stringify(rightBody(path, shop)))
          return body
        }
        for (const chunked of [false, true]) {
          Told.acceptedOn(path, yield* ask({ path, headers, chunked, body: padded(64 * 1024) }))
          const larger = yield* ask({ path, headers, chunked, body: padded(64 * 1024 + 1) })
          assert.strictEqual(Told.failureOn(path, larger).code, "body_too_large")
          const farLarger = yield* ask({ path, headers, chunked, body: padded(4 * 1024 * 1024) }).pipe(
            // Answered before all of it is read: whether the answer is seen is the network's affair.
            Effect.catchTag("Unanswered", () => Effect.undefined)
          )
          if (farLarger !== undefined) assert.strictEqual(farLarger.status, 413)
        }
        assert.strictEqual(yield* Meta.count(shop), 2)
      })
    )

    it.effect("looks at the size before the type, at the type before the body", () =>
      Effect.gen(function* () {
        const { key } = yield* Shop.open()
        const large = yield* ask({ path: "/send-message", headers: { apikey: key }, body: tooLarge })
        assert.strictEqual(Told.failureOn("/send-message", large).code, "body_too_large")
        const broken = yield* ask({ path: "/send-message", headers: { apikey: key }, body: "{" })
        assert.strictEqual(Told.failureOn("/send-message", broken).code, "unsupported_media_type")
      })
    )

    it.effect.each([
      ["no Content-Type", {}],
      ["an empty Content-Type", { "content-type": "" }],
      ["text/plain", { "content-type": "text/plain" }],
      ["a form", { "content-type": "application/x-www-form-urlencoded" }],
      ["a multipart form", { "content-type": "multipart/form-data; boundary=x" }],
      ["latin1", { "content-type": "application/json; charset=latin1" }],
      ["UTF-16", { "content-type": "application/json; charset=utf-16" }],
      ["what only begins like JSON", { "content-type": "application/jsonp" }],
      ["two types", { "content-type": "application/json, text/plain" }],
      ["gzip", { "content-type": "application/json", "content-encoding": "gzip" }],
      ["br", { "content-type": "application/json", "content-encoding": "br" }]
    ] as const)("refuses %s with 415", ([, headers]) =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        for (const path of sending) {
          const text = JSON.stringify(rightBody(path, shop))
          const body = "content-encoding" in headers ? gzipSync(text) : text
          const answer = yield* ask({ path, headers: { ...headers, apikey: shop.key }, body })
          assert.strictEqual(Told.failureOn(path, answer).code, "unsupported_media_type")
        }
        assert.strictEqual(yield* Meta.count(shop), 0)
      })
    )

    it.effect.each([
      "application/json",
      "Application/JSON",
      "application/json; charset=utf-8",
      'application/json;charset="UTF-8"',
      "application/vnd.integrator+json"
    ])("takes %s", (type) =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        Told.acceptedOn("/send-message", yield* Shop.sendTemplate(shop, {}, { "content-type": type }))
      })
    )

    it.effect.each([
      ["nothing", ""],
      ["half an object", '{"number": '],
      ["single quotes", "{'number': '5511978049825'}"],
      ["a comma too many", '{"number": "5511978049825",}'],
      ["a comment", '{} // "number"'],
      ["NaN", '{"queue_id": NaN}'],
      ["a line break within a text", '{"number": "55\n11"}'],
      ["two objects", "{}{}"],
      ["bytes that are no UTF-8", Buffer.from('{"contact_name": "Jo\xe3o"}', "latin1")],
      ["a surrogate in UTF-8", Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
      ["UTF-16", Buffer.from("{}", "utf16le")],
      ["zeros", Buffer.alloc(16)]
    ] as const)("calls %s no valid JSON", ([, body]) =>
      Effect.gen(function* () {
        const { key } = yield* Shop.open()
        for (const path of sending) {
          const answer = yield* ask({ path, headers: { ...json, apikey: key }, body })
          assert.strictEqual(Told.failureOn(path, answer).code, "invalid_json")
        }
      })
    )

    it.effect.each(["[]", '[{"number": "5511978049825"}]', "null", "true", "15", '"texto"'])(
      "wants an object, and not %s",
      (body) =>
        Effect.gen(function* () {
          const { key } = yield* Shop.open()
          for (const path of sending) {
            const answer = yield* ask({ path, headers: { ...json, apikey: key }, body })
            assert.strictEqual(Told.failureOn(path, answer).code, "invalid_body")
          }
        })
    )

    it.effect("thirty thousand lists in each other are no object either", () =>
      Effect.gen(function* () {
        const { key } = yield* Shop.open()
        const body = "[".repeat(30_000) + "]".repeat(30_000)
        const answer = yield* ask({ path: "/send-message", headers: { ...json, apikey: key }, body })
        assert.strictEqual(Told.failureOn("/send-message", answer).code, "invalid_body")
      })
    )
  })
