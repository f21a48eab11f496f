import { assert, describe, it } from "@effect/vitest"
import { Effect, Option, Schema } from "effect"
import { ContactId } from "../../core/contact/Contact.ts"
import { Unavailable } from "../../core/Unavailable.ts"
import * as Body from "../../apps/http/v1/Body.ts"
import * as Endpoint from "../../apps/http/v1/Endpoint.ts"
import * as Page from "../../apps/http/v1/Page.ts"
import * as Parameter from "../../apps/http/v1/Parameter.ts"
import * as Path from "../../apps/http/v1/Path.ts"
import * as Query from "../../apps/http/v1/Query.ts"
import * as Shape from "../../apps/http/Shape.ts"
import { MemorySetup } from "../../adapters/memory/MemorySetup.ts"
import type * as Http from "../journeys/Http.ts"
import { problemOf, serve, world } from "./Running.ts"

const places = Page.cursorOf(Schema.String.check(Schema.isPattern(/^place \d+$/u)))

const list = Endpoint.make({
  method: "GET",
  route: "/v1/messages",
  path: Path.none,
  query: Query.of(
    Schema.Struct({
      contact_id: Schema.optionalKey(Parameter.id),
      since: Schema.optionalKey(Parameter.time),
      limit: Page.limit,
      cursor: Page.cursor
    }),
    { ...Page.sentences, contact_id: Parameter.idSentence, since: Parameter.timeSentence }
  ),
  body: Body.none,
  handle: Effect.fnUntraced(function* ({ query }) {
    const place = yield* places.read(query.cursor)
    return Page.answer([query.limit ?? Page.usual, place ?? "start"], places.write("place 7"))
  })
})

const find = Endpoint.make({
  method: "GET",
  route: "/v1/contacts/:id",
  path: Path.of(Schema.Struct({ id: Parameter.id.pipe(Schema.decodeTo(ContactId)) }), "no_such_contact"),
  query: Query.none,
  body: Body.none,
  handle: Effect.fnUntraced(function* ({ instance, path: { id } }) {
    if (id === 500) return yield* Effect.die(new Error("a secret of ours"))
    if (id === 503) return yield* new Unavailable({ dependency: "database", cause: new Error("gone") })
    return Endpoint.json(200, { id, instance_id: instance.id })
  })
})

const make = Endpoint.make({
  method: "POST",
  route: "/v1/contacts/:id/window",
  path: Path.of(Schema.Struct({ id: Schema.String }), "no_such_contact"),
  query: Query.none,
  body: Body.json(Shape.decoder(Schema.Struct({ name: Schema.String }), { name: "deve ser um texto" })),
  handle: Effect.fnUntraced(function* ({ body, path: { id } }) {
    return yield* Effect.succeed(Endpoint.json(201, { id, name: body.name }))
  })
})

const remove = Endpoint.make({
  method: "DELETE",
  route: "/v1/contacts/:id/window",
  path: Path.of(Schema.Struct({ id: Schema.String }), "no_such_contact"),
  query: Query.none,
  body: Body.optionalJson(Shape.decoder(Schema.Struct({ note: Schema.optionalKey(Schema.String) }), {})),
  handle: () => Effect.succeed(Endpoint.noContent)
})

const running = serve([list, find, make, remove])

type Ask = Effect.Success<typeof running>

const test = (title: string, body: (ask: Ask) => Effect.Effect<void, unknown, MemorySetup>) =>
  it.live(title, () => Effect.flatMap(running, body).pipe(Effect.scoped, Effect.provide(world)))

const refused = (answer: Http.Answer) => {
  assert.strictEqual(answer.headers["content-type"], "application/problem+json")
  const problem = problemOf(answer)
  assert.strictEqual(problem.status, answer.status)
  assert.strictEqual(problem.request_id, answer.headers["request-id"])
  assert.isTrue(problem.type.endsWith(`/docs/errors#${problem.code}`))
  return [problem.status, problem.code, problem.field]
}

const posted = (body: unknown, headers: Readonly<Record<string, string>> = { "content-type": "application/json" }) => ({
  method: "POST",
  headers,
  body
})

describe("An endpoint under /v1", () => {
  test("answers in JSON, not to be kept by anybody on the way, under the caller's request id", (ask) =>
    Effect.gen(function* () {
      const answer = yield* ask("/v1/contacts/53", { headers: { "x-request-id": "abc-1" } })
      assert.deepStrictEqual(
        [answer.status, answer.headers["content-type"], answer.headers["request-id"], answer.headers["cache-control"]],
        [200, "application/json", "abc-1", "no-store"]
      )
      assert.deepStrictEqual(answer.json, { id: 53, instance_id: 4 })
    }))

  test("is not opened without a key, by a wrong one or by one that was revoked", (ask) =>
    Effect.gen(function* () {
      const setup = yield* MemorySetup
      const revoked = yield* setup.addKey({ instanceId: 4, key: "ad_test_revoked" })
      yield* setup.revokeKey(revoked.id)
      const answers = yield* Effect.forEach(["", "ad_test_wrong", "ad_test_revoked", "x".repeat(300)], (apikey) =>
        ask("/v1/contacts/53?unknown=1", { headers: { apikey } })
      )
      assert.deepStrictEqual(answers.map(refused), [
        [401, "missing_api_key", undefined],
        [401, "invalid_api_key", undefined],
        [401, "invalid_api_key", undefined],
        [401, "invalid_api_key", undefined]
      ])
    }))

  test("answers HEAD as GET, without the body", (ask) =>
    Effect.gen(function* () {
      const [got, head] = yield* Effect.all([ask("/v1/contacts/53"), ask("/v1/contacts/53", { method: "HEAD" })])
      assert.deepStrictEqual([head.status, head.text], [200, ""])
      assert.strictEqual(head.headers["content-type"], got.headers["content-type"])
      assert.isDefined(head.headers["request-id"])
      assert.strictEqual((yield* ask("/v1/contacts/0", { method: "HEAD" })).status, 404)
    }))

  test("says which methods a path has, whatever stands in it, and knows no other path", (ask) =>
    Effect.gen(function* () {
      const wrong = yield* ask("/v1/contacts/53", { method: "PUT", headers: { apikey: "" } })
      assert.deepStrictEqual(refused(wrong), [405, "method_not_allowed", undefined])
      assert.strictEqual(wrong.headers["allow"], "GET, HEAD")
      for (const path of ["/v1/contacts", "/v1/contacts/53/", "/v1/contacts/53/other", "/v1", "/v1/Contacts/53"]) {
        assert.deepStrictEqual(refused(yield* ask(path)), [404, "not_found", undefined], path)
      }
    }))

  test("takes what cannot be an id for one that names nothing", (ask) =>
    Effect.gen(function* () {
      for (const id of [
        "0",
        "-1",
        "053",
        "1e3",
        "5.0",
        "abc",
        "2147483648",
        "99999999999999999999",
        "%00",
        "%20",
        "5%2F3"
      ]) {
        assert.deepStrictEqual(refused(yield* ask(`/v1/contacts/${id}`)), [404, "no_such_contact", undefined], id)
      }
    }))

  test("refuses parameters that are unknown, repeated, empty or wrong, by their name", (ask) =>
    Effect.gen(function* () {
      const cases: ReadonlyArray<readonly [string, string, string]> = [
        ["fila=1", "unknown_field", "fila"],
        ["limit=1&limit=1", "invalid_field", "limit"],
        ["limit=", "invalid_field", "limit"],
        ["limit=0", "invalid_field", "limit"],
        ["limit=101", "invalid_field", "limit"],
        ["limit=1.5", "invalid_field", "limit"],
        ["limit=+5", "invalid_field", "limit"],
        ["contact_id=x", "invalid_field", "contact_id"],
        ["since=ontem", "invalid_field", "since"],
        ["since=2026-03-01", "invalid_field", "since"],
        ["since=2026-02-31T00:00:00Z", "invalid_field", "since"],
        ["since=2026-03-01T12:00:00", "invalid_field", "since"],
        ["__proto__=1", "unknown_field", "__proto__"],
        ["cursor=", "invalid_cursor", "cursor"],
        ["cursor=x", "invalid_cursor", "cursor"],
        ["cursor=cGxhY2U", "invalid_cursor", "cursor"]
      ]
      for (const [query, code, field] of cases) {
        const answer = yield* ask(`/v1/messages?${query}`)
        assert.deepStrictEqual(refused(answer), [400, code, field], query)
      }
      assert.deepStrictEqual(refused(yield* ask("/v1/contacts/53?limit=1")), [400, "unknown_field", "limit"])
    }))

  test("takes its parameters in whatever spelling an address has for them", (ask) =>
    Effect.gen(function* () {
      const first = yield* ask("/v1/messages?limit=100&since=2026-03-01T12%3A00%3A00.5%2B03%3A00")
      const page = Schema.decodeUnknownSync(
        Schema.Struct({ data: Schema.Array(Schema.Unknown), next_cursor: Schema.String })
      )(first.json)
      assert.deepStrictEqual(page.data, [100, "start"])
      const next = yield* ask(`/v1/messages?cursor=${page.next_cursor}`)
      assert.deepInclude(next.json, { data: [50, "place 7"] })
    }))

  test("takes a body of at most 64 KiB of JSON, and of it what it knows", (ask) =>
    Effect.gen(function* () {
      const path = "/v1/contacts/53/window"
      const made = yield* ask(path, posted({ name: "Ana" }))
      assert.deepStrictEqual([made.status, made.json], [201, { id: "53", name: "Ana" }])
      const large = JSON.stringify({ name: "x".repeat(70_000) })
      const cases: ReadonlyArray<readonly [Partial<Http.Request>, ReadonlyArray<unknown>]> = [
        [posted({ name: "Ana", idade: 3 }), [400, "unknown_field", "idade"]],
        [posted({}), [400, "missing_field", "name"]],
        [posted({ name: 3 }), [400, "invalid_field", "name"]],
        [posted("{"), [400, "invalid_json", undefined]],
        [posted([]), [400, "invalid_body", undefined]],
        [posted({ name: "Ana" }, { "content-type": "text/plain" }), [415, "unsupported_media_type", undefined]],
        [posted(large), [413, "body_too_large", undefined]],
        [{ ...posted(large), chunked: true }, [413, "body_too_large", undefined]]
      ]
      for (const [request, expected] of cases) assert.deepStrictEqual(refused(yield* ask(path, request)), expected)
    }))

  test("takes no body for an empty one where it may be missing, and answers 204 with nothing", (ask) =>
    Effect.gen(function* () {
      const path = "/v1/contacts/53/window"
      const none = yield* ask(path, { method: "DELETE" })
      assert.deepStrictEqual([none.status, none.text], [204, ""])
      assert.isDefined(none.headers["request-id"])
      const some = yield* ask(path, { ...posted({ note: "x" }), method: "DELETE" })
      assert.strictEqual(some.status, 204)
      const wrong = yield* ask(path, { ...posted({ outra: "x" }), method: "DELETE" })
      assert.deepStrictEqual(refused(wrong), [400, "unknown_field", "outra"])
    }))

  test("says when the database is away, and of a fault of ours nothing but that it is one", (ask) =>
    Effect.gen(function* () {
      const away = yield* ask("/v1/contacts/503")
      assert.deepStrictEqual(refused(away), [503, "database_unavailable", undefined])
      assert.strictEqual(away.headers["retry-after"], "5")
      const broken = yield* ask("/v1/contacts/500")
      assert.deepStrictEqual(refused(broken), [500, "internal_error", undefined])
      assert.notInclude(broken.text, "secret")
      assert.isTrue(Option.isSome(Option.fromUndefinedOr(broken.headers["request-id"])))
    }))
})
