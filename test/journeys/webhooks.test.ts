import { assert, layer } from "@effect/vitest"
import { Context, Effect, Layer, Schema } from "effect"
import * as Child from "./Child.ts"
import * as HookReceiver from "./HookReceiver.ts"
import * as Http from "./Http.ts"
import * as Product from "./Product.ts"
import * as Told from "./Told.ts"

class Integrator extends Context.Service<Integrator, Effect.Success<typeof HookReceiver.make>>()(
  "test/journeys/Integrator"
) {}

const running = Layer.mergeAll(
  Layer.effect(
    Product.Product,
    Effect.flatMap(Product.temporaryFolder, (folder) => Product.standalone(folder))
  ),
  Layer.effect(Integrator, HookReceiver.make)
)

const call = Effect.fnUntraced(function* (method: string, path: string, body?: object) {
  const { url } = yield* Product.Product
  const headers = { apikey: Product.demoKey, ...(body === undefined ? {} : { "content-type": "application/json" }) }
  return yield* Effect.orDie(Http.send(url, { method, path, headers, body }))
})

const refused = Effect.fnUntraced(function* (method: string, path: string, body?: object) {
  return Told.failureOn(path, yield* call(method, path, body))
})

const Shown = Schema.Struct({
  id: Schema.String,
  url: Schema.String,
  event_types: Schema.Array(Schema.String),
  description: Schema.String,
  enabled: Schema.Boolean,
  disabled: Schema.NullOr(Schema.Struct({ reason: Schema.String, since: Schema.String })),
  failing_since: Schema.NullOr(Schema.String),
  previous_secret_until: Schema.NullOr(Schema.String),
  created_at: Schema.String
})
const readShown = Schema.decodeUnknownSync(Shown, { onExcessProperty: "error" })
const readNew = Schema.decodeUnknownSync(Schema.Struct({ ...Shown.fields, secret: Schema.String }), {
  onExcessProperty: "error"
})

const Attempt = Schema.Struct({
  at: Schema.String,
  status: Schema.NullOr(Schema.Int),
  latency_ms: Schema.Int,
  error: Schema.NullOr(Schema.String),
  response: Schema.NullOr(Schema.String)
})

const delivery = {
  id: Schema.String,
  webhook_endpoint_id: Schema.String,
  event_id: Schema.String,
  event_type: Schema.String,
  state: Schema.String,
  attempts: Schema.Int,
  next_attempt_at: Schema.NullOr(Schema.String),
  created_at: Schema.String,
  settled_at: Schema.NullOr(Schema.String)
}
const readPage = Schema.decodeUnknownSync(
  Schema.Struct({
    data: Schema.Array(Schema.Struct({ ...delivery, last_attempt: Schema.NullOr(Attempt) })),
    next_cursor: Schema.NullOr(Schema.String)
  }),
  { onExcessProperty: "error" }
)
const readDelivery = Schema.decodeUnknownSync(Schema.Struct({ ...delivery, log: Schema.Array(Attempt) }), {
  onExcessProperty: "error"
})
const readTest = Schema.decodeUnknownSync(
  Schema.Struct({ delivered: Schema.Boolean, delivery_id: Schema.String, event_id: Schema.String, attempt: Attempt })
)

const added = Effect.fnUntraced(function* (path: string, further: object = {}) {
  const { urlOf } = yield* Integrator
  const answer = yield* call("POST", "/v1/webhook-endpoints", { url: urlOf(path), ...further })
  assert.strictEqual(answer.status, 201, answer.text)
  return readNew(answer.json)
})

const shown = (id: string) => Effect.map(call("GET", `/v1/webhook-endpoints/${id}`), ({ json }) => readShown(json))

const removed = (...ids: ReadonlyArray<string>) =>
  Effect.forEach(ids, (id) => Effect.map(call("DELETE", `/v1/webhook-endpoints/${id}`), ({ status }) => status))

/** The clock of the product, moved forward. */
const later = Effect.fnUntraced(function* (advance: string) {
  const { simulatorUrl } = yield* Product.Product
  const body = { advance }
  const { status } = yield* Effect.orDie(Http.send(simulatorUrl, { path: "/_simulator/clock", body }))
  assert.strictEqual(status, 200)
})

const sendText = Effect.fnUntraced(function* () {
  const { url } = yield* Product.Product
  return yield* Effect.orDie(
    Http.send(url, {
      path: "/send-message",
      headers: { apikey: Product.demoKey, "content-type": "application/json" },
      body: {
        number: "5511978049825",
        template_id: 15,
        variables: { nome: "João", codigo: "A1" },
        queue_id: 5,
        status_id: 1
      }
    })
  )
})

layer(running, { excludeTestServices: true, timeout: "90 seconds" })("Telling an integrator's system", (it) => {
  it.effect("what becomes of a message arrives signed, each event once, and standardwebhooks verifies it", () =>
    Effect.gen(function* () {
      const { awaiting } = yield* Integrator
      const endpoint = yield* added("/tudo", { description: "Loja 👋" })
      assert.match(endpoint.id, /^we_[0-9a-f]{32}$/u)
      assert.match(endpoint.secret, /^whsec_[A-Za-z0-9+/]{43}=$/u)
      assert.deepInclude(endpoint, { event_types: ["*"], enabled: true, disabled: null, description: "Loja 👋" })
      const sent = yield* sendText()
      const wamid = Told.acceptedOn("/send-message", sent)
      const received = yield* awaiting("/tudo", 4)
      const events = received.map((one) => {
        assert.deepStrictEqual(HookReceiver.verify(endpoint.secret, one), JSON.parse(one.body))
        assert.strictEqual(one.headers["content-type"], "application/json")
        return HookReceiver.eventIn(one)
      })
      assert.deepStrictEqual(
        new Set(events.map(({ type }) => type)),
        new Set(["message.accepted", "message.sent", "message.delivered", "message.read"])
      )
      assert.strictEqual(new Set(events.map(({ id }) => id)).size, 4)
      for (const { data } of events) {
        assert.deepInclude(data, { message_id: sent.headers["message-id"], wamid, direction: "outbound" })
      }
      assert.throws(() =>
        HookReceiver.verify(`whsec_${Buffer.alloc(32).toString("base64")}`, received[0] ?? assert.fail())
      )
      assert.deepStrictEqual(yield* removed(endpoint.id), [204])
    })
  )

  it.effect("only the chosen types arrive, and a changed choice counts from then on", () =>
    Effect.gen(function* () {
      const { awaiting, on } = yield* Integrator
      const some = yield* added("/lidas", { event_types: ["message.read"] })
      const all = yield* added("/todas")
      yield* sendText()
      yield* awaiting("/todas", 4)
      const [one] = yield* awaiting("/lidas", 1)
      assert.isDefined(one)
      assert.strictEqual(HookReceiver.eventIn(one).type, "message.read")
      const changed = yield* call("PATCH", `/v1/webhook-endpoints/${some.id}`, { event_types: ["message.accepted"] })
      assert.deepStrictEqual(readShown(changed.json).event_types, ["message.accepted"])
      yield* sendText()
      yield* awaiting("/todas", 8)
      yield* awaiting("/lidas", 2)
      assert.deepStrictEqual(
        on("/lidas").map((told) => HookReceiver.eventIn(told).type),
        ["message.read", "message.accepted"]
      )
      yield* removed(some.id, all.id)
    })
  )

  it.effect("a person tries an endpoint out and is told what came of it", () =>
    Effect.gen(function* () {
      const { answer, awaiting } = yield* Integrator
      const { id, secret } = yield* added("/teste", { enabled: false })
      const good = readTest((yield* call("POST", `/v1/webhook-endpoints/${id}/test`)).json)
      assert.isTrue(good.delivered)
      const [told] = yield* awaiting("/teste", 1)
      assert.isDefined(told)
      HookReceiver.verify(secret, told)
      assert.deepInclude(HookReceiver.eventIn(told), { id: good.event_id, type: "webhook_endpoint.test" })
      yield* answer("/teste", 500)
      const bad = readTest((yield* call("POST", `/v1/webhook-endpoints/${id}/test`)).json)
      assert.deepInclude(bad, { delivered: false })
      // What this machine itself answers is not kept.
      assert.deepInclude(bad.attempt, { status: 500, error: "refused", response: null })
      const log = readDelivery((yield* call("GET", `/v1/deliveries/${bad.delivery_id}`)).json)
      assert.deepInclude(log, { state: "exhausted", event_type: "webhook_endpoint.test", webhook_endpoint_id: id })
      assert.deepStrictEqual(log.log, [bad.attempt])
      yield* removed(id)
    })
  )

  it.effect("after a rotation the old secret verifies beside the new one until its time is over", () =>
    Effect.gen(function* () {
      const { on } = yield* Integrator
      const { id, secret } = yield* added("/troca", { event_types: ["contact.merged"] })
      const rotated = readNew((yield* call("POST", `/v1/webhook-endpoints/${id}/rotate-secret`)).json)
      assert.notStrictEqual(rotated.secret, secret)
      assert.isNotNull(rotated.previous_secret_until)
      yield* call("POST", `/v1/webhook-endpoints/${id}/test`)
      const [both] = on("/troca")
      assert.isDefined(both)
      HookReceiver.verify(secret, both)
      HookReceiver.verify(rotated.secret, both)
      const path = `/v1/webhook-endpoints/${id}/rotate-secret`
      const third = readNew((yield* call("POST", path, { previous_valid_hours: 0 })).json)
      yield* call("POST", `/v1/webhook-endpoints/${id}/test`)
      const [, alone] = on("/troca")
      assert.isDefined(alone)
      HookReceiver.verify(third.secret, alone)
      assert.throws(() => HookReceiver.verify(rotated.secret, alone))
      yield* removed(id)
    })
  )

  it.effect("what is refused is tried again on the moved clock, and may be called for again by a person", () =>
    Effect.gen(function* () {
      const { answer, awaiting, on } = yield* Integrator
      yield* answer("/quebrado", 500)
      const { id, secret } = yield* added("/quebrado", { event_types: ["message.accepted"] })
      yield* sendText()
      const list = Effect.map(call("GET", `/v1/webhook-endpoints/${id}/deliveries`), ({ json }) => readPage(json).data)
      /** The one delivery there is, once what came of that attempt is known. */
      const after = (attempts: number) =>
        Child.eventually(
          Effect.map(list, ([one, ...others]) => {
            assert.isDefined(one)
            assert.deepStrictEqual([others.length, one.attempts], [0, attempts])
            assert.isNotNull(one.next_attempt_at)
            return one
          })
        )
      for (const [nth, advance] of ["10 seconds", "6 minutes"].entries()) {
        yield* after(nth + 1)
        yield* later(advance)
        yield* awaiting("/quebrado", nth + 2)
      }
      const pending = yield* after(3)
      assert.deepInclude(pending, { state: "pending", settled_at: null, event_type: "message.accepted" })
      const received = on("/quebrado")
      assert.strictEqual(new Set(received.map(({ headers }) => headers["webhook-id"])).size, 1)
      assert.strictEqual(new Set(received.map(({ headers }) => headers["webhook-timestamp"])).size, 3)
      assert.strictEqual(new Set(received.map(({ body }) => body)).size, 1)
      assert.isTrue(received.every((one) => HookReceiver.isSigned(secret, one)))
      const { log } = readDelivery((yield* call("GET", `/v1/deliveries/${pending.id}`)).json)
      assert.deepStrictEqual(
        log.map(({ error, status }) => [status, error]),
        Array.from({ length: 3 }, () => [500, "refused"])
      )
      assert.isNotNull((yield* shown(id)).failing_since)

      yield* answer("/quebrado", 204)
      const replay = (body: object) => call("POST", `/v1/webhook-endpoints/${id}/replay`, body)
      const again = yield* replay({ event_id: pending.event_id })
      assert.deepStrictEqual([again.status, again.json], [202, { queued: 1, next_cursor: null }])
      const told = yield* awaiting("/quebrado", 4)
      assert.strictEqual(told.at(-1)?.headers["webhook-id"], pending.event_id)
      assert.strictEqual(told.at(-1)?.body, told[0]?.body)
      yield* Child.eventually(Effect.map(list, ([one]) => assert.strictEqual(one?.state, "succeeded")))
      assert.strictEqual((yield* shown(id)).failing_since, null)
      const nothing = { queued: 0, next_cursor: null }
      assert.deepStrictEqual((yield* replay({ failed_since: "2020-01-01T00:00:00Z" })).json, nothing)
      const { json } = yield* replay({ from: "2020-01-01T00:00:00Z", to: "2100-01-01T00:00:00Z" })
      const { queued } = Schema.decodeUnknownSync(Schema.Struct({ queued: Schema.Int }))(json)
      assert.isAtLeast(queued, 1)
      yield* awaiting("/quebrado", 4 + queued)
      yield* removed(id)
    })
  )

  it.effect("410 disables an endpoint, the others are told, and once it is enabled it has missed nothing", () =>
    Effect.gen(function* () {
      const { answer, awaiting, on } = yield* Integrator
      yield* answer("/fechado", 410)
      const watching = yield* added("/vigia", { event_types: ["webhook_endpoint.disabled"] })
      const { id } = yield* added("/fechado", { event_types: ["message.accepted"], description: "Antigo" })
      yield* sendText()
      const [told] = yield* awaiting("/vigia", 1)
      assert.isDefined(told)
      assert.deepInclude(HookReceiver.eventIn(told).data, {
        webhook_endpoint_id: id,
        description: "Antigo",
        reason: "gone"
      })
      assert.deepInclude((yield* shown(id)).disabled, { reason: "gone" })
      yield* sendText()
      yield* answer("/fechado", 204)
      const enabled = yield* call("PATCH", `/v1/webhook-endpoints/${id}`, { enabled: true })
      assert.deepInclude(readShown(enabled.json), { enabled: true, disabled: null, failing_since: null })
      yield* later("10 seconds")
      const received = yield* awaiting("/fechado", 3)
      assert.strictEqual(new Set(received.map(({ headers }) => headers["webhook-id"])).size, 2)
      assert.strictEqual(on("/vigia").length, 1)
      yield* removed(id, watching.id)
    })
  )

  it.effect("deliveries come in pages, latest first", () =>
    Effect.gen(function* () {
      const { id } = yield* added("/paginas", { enabled: false })
      const tests = yield* Effect.forEach([1, 2, 3], () =>
        Effect.map(call("POST", `/v1/webhook-endpoints/${id}/test`), ({ json }) => readTest(json).delivery_id)
      )
      const page = (query: string) =>
        Effect.map(call("GET", `/v1/webhook-endpoints/${id}/deliveries${query}`), ({ json }) => readPage(json))
      const first = yield* page("?limit=2")
      const second = yield* page(`?limit=2&cursor=${first.next_cursor}`)
      assert.deepStrictEqual(
        [...first.data, ...second.data].map((one) => one.id),
        tests.toReversed()
      )
      assert.strictEqual(second.next_cursor, null)
      assert.deepStrictEqual((yield* page("?state=pending")).data, [])
      yield* removed(id)
    })
  )

  it.effect("what is asked for wrongly is refused by name", () =>
    Effect.gen(function* () {
      const { urlOf } = yield* Integrator
      const post = (body: object) => refused("POST", "/v1/webhook-endpoints", body)
      const url = urlOf("/x")
      for (const [body, code, field] of [
        [{}, "missing_field", "url"],
        [{ url: "ftp://loja.example.com/" }, "invalid_field", "url"],
        [{ url: "https://ana:senha@loja.example.com/" }, "invalid_field", "url"],
        [{ url, event_types: [] }, "invalid_field", "event_types"],
        [{ url, event_types: ["message.gone"] }, "invalid_field", "event_types"],
        [{ url, event_types: ["webhook_endpoint.test"] }, "invalid_field", "event_types"],
        [{ url, description: "x".repeat(201) }, "invalid_field", "description"],
        [{ url, secret: "whsec_meu" }, "unknown_field", "secret"],
        [{ url: "https://10.0.0.8/" }, "webhook_url_not_allowed", "url"],
        [{ url: "https://169.254.169.254/latest/meta-data" }, "webhook_url_not_allowed", "url"]
      ] as const) {
        assert.deepInclude(yield* post(body), { code, field }, JSON.stringify(body))
      }
      const { id } = yield* added("/errado")
      const path = `/v1/webhook-endpoints/${id}`
      assert.deepInclude(yield* refused("PATCH", path, { url: "https://192.168.0.1/" }), {
        code: "webhook_url_not_allowed"
      })
      assert.deepInclude(yield* refused("POST", `${path}/rotate-secret`, { previous_valid_hours: 169 }), {
        code: "invalid_field",
        field: "previous_valid_hours"
      })
      const times = { from: "2026-01-02T00:00:00Z", to: "2026-01-01T00:00:00Z" }
      for (const [body, code] of [
        [{}, "one_of_required"],
        [{ from: times.from }, "one_of_required"],
        [{ event_id: "evt_1", failed_since: times.from }, "one_of_required"],
        [{ failed_since: times.from, ...times }, "one_of_required"],
        [{ event_id: "evt_1" }, "event_not_found"],
        [{ event_id: "x" }, "invalid_field"],
        [{ failed_since: "ontem" }, "invalid_field"],
        [times, "invalid_field"],
        [{ failed_since: times.from, cursor: "x" }, "invalid_cursor"],
        [{ from: times.to, to: times.from, cursor: "x" }, "invalid_cursor"],
        [{ from: times.to, to: times.from, cursor: Buffer.from("1.2").toString("base64url") }, "invalid_cursor"]
      ] as const) {
        assert.deepInclude(yield* refused("POST", `${path}/replay`, body), { code }, JSON.stringify(body))
      }
      assert.deepInclude(yield* refused("GET", `${path}/deliveries?state=lost`), {
        code: "invalid_field",
        field: "state"
      })
      assert.deepInclude(yield* refused("GET", `${path}/deliveries?cursor=x`), { code: "invalid_cursor" })
      yield* removed(id)
    })
  )

  it.effect("an endpoint that is not there, and one that was, answer alike", () =>
    Effect.gen(function* () {
      const { id } = yield* added("/antes")
      assert.deepStrictEqual(yield* removed(id), [204])
      for (const name of [id, `we_${"0".repeat(32)}`, "we_x", "1"]) {
        const path = `/v1/webhook-endpoints/${name}`
        for (const [method, of, body] of [
          ["GET", path],
          ["PATCH", path, {}],
          ["DELETE", path],
          ["POST", `${path}/test`],
          ["POST", `${path}/rotate-secret`],
          ["POST", `${path}/replay`, { event_id: "evt_1" }],
          ["GET", `${path}/deliveries`]
        ] as const) {
          assert.deepInclude(
            yield* refused(method, of, body),
            { code: "webhook_endpoint_not_found" },
            `${method} ${of}`
          )
        }
      }
      for (const name of [`dlv_${"0".repeat(32)}`, "dlv_x"]) {
        assert.deepInclude(yield* refused("GET", `/v1/deliveries/${name}`), { code: "delivery_not_found" })
      }
    })
  )

  it.effect("an instance has twenty endpoints at the most", () =>
    Effect.gen(function* () {
      const list = Effect.map(call("GET", "/v1/webhook-endpoints"), ({ json }) =>
        Schema.decodeUnknownSync(Schema.Struct({ data: Schema.Array(Shown), next_cursor: Schema.Null }))(json)
      )
      const before = (yield* list).data.length
      const made = yield* Effect.forEach(Array.from({ length: 20 - before }), (_, nth) => added(`/muitos/${nth}`))
      const { urlOf } = yield* Integrator
      const refusal = yield* refused("POST", "/v1/webhook-endpoints", { url: urlOf("/mais") })
      assert.deepInclude(refusal, { code: "too_many_webhook_endpoints", status: 409 })
      const { data } = yield* list
      assert.deepStrictEqual(
        data.slice(before).map(({ id }) => id),
        made.map(({ id }) => id)
      )
      yield* removed(...made.map(({ id }) => id))
    })
  )
})
