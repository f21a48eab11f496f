import { assert, layer } from "@effect/vitest"
import { Context, Effect, Layer, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { createServer } from "node:http"
import { eventually } from "./Child.ts"
import * as Disguise from "./Disguise.ts"
import * as Http from "./Http.ts"
import * as Meta from "./Meta.ts"
import * as Product from "./Product.ts"
import * as Shop from "./Shop.ts"
import * as Told from "./Told.ts"

/** Takes what traces are exported to it, and is a Meta that says nothing useful. */
class Collector extends Context.Service<Collector, { readonly url: string; readonly traces: () => string }>()(
  "test/journeys/logs/Collector"
) {}

const collector = Layer.effect(
  Collector,
  Effect.gen(function* () {
    let traces = ""
    const server = createServer((request, response) => {
      request.setEncoding("utf8").on("data", (text: string) => {
        if (request.url === "/v1/traces") traces += text
      })
      request.on("end", () => response.writeHead(200, { "content-type": "application/json" }).end("{}"))
    })
    yield* Effect.acquireRelease(
      Effect.callback<void>((resume) => {
        server.listen(0, "127.0.0.1", () => resume(Effect.void))
      }),
      () =>
        Effect.sync(() => {
          server.close()
          server.closeAllConnections()
        })
    )
    const address = server.address()
    const port = typeof address === "object" ? address?.port : undefined
    return Collector.of({ url: `http://127.0.0.1:${port}`, traces: () => traces })
  })
)

/** Everything in one process, on PostgreSQL, with its traces exported. */
const live = Layer.effect(
  Product.Product,
  Effect.gen(function* () {
    const { url } = yield* Collector
    return yield* Product.standalone(yield* Product.temporaryFolder, {
      ...(yield* Product.shared),
      GRAPH_BASE_URL: url,
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      LOG_LEVEL: "All"
    })
  })
).pipe(Layer.provideMerge(Layer.merge(Product.layerOperator, collector)))

const name = "Fulana Marcada de Tal"
const text = "Texto que só a Fulana pode ler"
const value = "Valor-Marcado-123"
const link = "https://meusite.com/exame-da-fulana.pdf?assinatura=segredo-do-link"
const idempotencyKey = "chave-da-fulana-0001"
const wrongKey = "ad_test_chave-errada-mas-parecida-0001"

const Line = Schema.fromJsonString(
  Schema.StructWithRest(Schema.Struct({ at: Schema.String, level: Schema.String, message: Schema.String }), [
    Schema.Record(Schema.String, Schema.Unknown)
  ])
)
const decodeLine = Schema.decodeUnknownSync(Line)

/** Every line but those of the greeting. */
const linesOf = (output: string) =>
  output
    .split("\n")
    .filter((line) => line.startsWith('{"at"'))
    .map((line) => decodeLine(line))

/** Requests of every kind; answers with the `wamid`s among their answers. */
const everything = Effect.fnUntraced(function* (shop: Shop.Shop) {
  const sql = yield* SqlClient.SqlClient
  const { url } = yield* Product.Product
  const personal = { contact_name: name, variables: { nome: value, codigo: value } }
  const sendTemplate = (fields = {}, headers = {}) =>
    Shop.sendTemplate(shop, { ...personal, ...fields }, { "idempotency-key": idempotencyKey, ...headers })
  const sendText = (fields = {}) => Shop.sendDirect(shop, { message_content: text, ...fields })
  const ask = (request: Http.Request) => Http.send(url, request)

  const accepted = [
    Told.acceptedOn("/send-message", yield* sendTemplate()),
    Told.acceptedOn("/sendmessage", yield* sendText()),
    Told.acceptedOn(
      "/sendmessage",
      yield* sendText({ message_content: undefined, media_url: link, media_caption: text })
    )
  ]
  const statuses = [
    // Repeated; repeated with another body; refused for its shape in each way.
    yield* sendTemplate(),
    yield* sendTemplate({ contact_name: `${name} II` }),
    yield* sendTemplate({ [text]: text }),
    yield* sendTemplate({ number: `+${shop.number}` }),
    yield* sendTemplate({ variables: { [value]: text } }),
    yield* sendTemplate({ variables: { nome: `${value}\n${text}`, codigo: value } }),
    yield* sendTemplate({ contact_name: [name] }),
    yield* sendTemplate({ queue_id: text }),
    yield* sendText({ media_caption: text }),
    yield* sendText({ message_content: undefined, media_url: `http://localhost/${value}.pdf` }),
    yield* sendText({ message_content: undefined, media_url: `https://arquivos.invalid/${value}` }),
    yield* sendText({ contact_id: 2_000_000_000 }),
    yield* sendTemplate({}, { "idempotency-key": `${idempotencyKey} com espaço` }),
    yield* Shop.sendTemplate({ ...shop, key: wrongKey }, personal),
    // In places where nobody looks for it.
    yield* ask({ path: `/send-message?apikey=${shop.key}&number=${shop.number}`, body: personal }),
    yield* ask({ path: `/${shop.number}/${encodeURIComponent(text)}`, headers: { apikey: shop.key } }),
    yield* ask({ method: "GET", path: `/sendmessage?texto=${encodeURIComponent(text)}`, headers: { cookie: value } }),
    yield* ask({
      path: "/sendmessage",
      headers: { apikey: shop.key, "content-type": "application/json", referer: link },
      body: `{"message_content": "${text}`
    }),
    yield* ask({ path: "/sendmessage", headers: { apikey: shop.key, "content-type": "text/plain" }, body: text })
  ].map(({ status }) => status)
  assert.isTrue(statuses.slice(1).every((status) => status >= 400 && status < 500))

  // What goes wrong at Meta, told with all it knows.
  const details = `O número ${shop.number} de ${name} não recebeu: ${text}`
  yield* Meta.script(shop, { kind: "graph_error", code: 131_026, details })
  yield* Meta.script(shop, { kind: "graph_error", code: 999_999, details })
  yield* Meta.script(shop, { kind: "lost_response" })
  yield* Meta.script(shop, { kind: "garbage" })
  for (let left = 4; left > 0; left -= 1) yield* sendText()

  // A statement that fails, which PostgreSQL tells with the row and its values.
  yield* sql`alter table message add constraint unmarked check (text <> ${sql.literal(`'${text}'`)}) not valid`
  const failed = yield* sendText()
  assert.strictEqual(Told.failureOn("/sendmessage", failed).code, "internal_error")
  assert.isUndefined(Disguise.found(failed.text, text))
  yield* sql`alter table message drop constraint unmarked`

  // Meta answers nothing useful to a live instance, whose token goes with the request.
  const real = yield* Shop.open("live")
  const lost = yield* Shop.sendTemplate(real, personal)
  assert.strictEqual(Told.failureOn("/send-message", lost).code, "outcome_unknown")
  return { wamids: accepted, keys: [real.key], numbers: [real.number] }
})

layer(live, { excludeTestServices: true, timeout: "60 seconds" })("What is logged, traced and measured", (it) => {
  it.effect("names no person, no message, no key and no wamid, in whatever form", () =>
    Effect.gen(function* () {
      const { child, url } = yield* Product.Product
      const { traces } = yield* Collector
      const shop = yield* Shop.open()
      const { keys, numbers, wamids } = yield* everything(shop)
      const { text: metrics } = yield* Http.send(url, { method: "GET", path: "/metrics" })

      // Logs and traces are written together after a while: those of this request are the last.
      const last = yield* Shop.sendTemplate(shop, {}, { "x-request-id": "the-last" })
      wamids.push(Told.acceptedOn("/send-message", last))
      yield* eventually(Effect.sync(() => assert.include(child.output(), "the-last")))
      yield* child.signal("SIGTERM")
      assert.strictEqual((yield* child.ended).code, 0)

      const said = {
        // The greeting shows the published examples, whose number is nobody's of ours.
        output: linesOf(child.output())
          .map((line) => JSON.stringify(line))
          .join("\n"),
        errors: child.errors(),
        traces: traces(),
        metrics
      }
      assert.include(said.traces, '"http.route"')
      assert.include(said.metrics, "aidesk_send_requests_total")

      const secrets = [
        [shop.key, wrongKey, ...keys],
        ["EAAG-journey", idempotencyKey],
        [shop.number, shop.contactNumber, ...numbers],
        [name, text, value, link, "exame-da-fulana", "segredo-do-link", "Texto que", "Fulana Marcada"],
        wamids
      ].flat()
      // What is looked for is found where it is: a wamid has the number in it.
      assert.isDefined(Disguise.found(wamids[0] ?? "", shop.number))
      const leaks = Object.entries(said).flatMap(([where, log]) =>
        secrets.flatMap((secret) => {
          const form = Disguise.found(log, secret)
          const at = form === undefined ? -1 : log.indexOf(form)
          return form === undefined ? [] : [`${where}: …${log.slice(Math.max(0, at - 100), at + form.length + 20)}…`]
        })
      )
      assert.deepStrictEqual(leaks, [])
    })
  )

  it.effect("has one line per send, with its request, instance, message, path and outcome", () =>
    Effect.gen(function* () {
      const { child } = yield* Product.Product
      const lines = linesOf(child.output()).filter(({ message }) => message === "send")
      assert.isAbove(lines.length, 25)
      for (const line of lines) {
        assert.include(["/send-message", "/sendmessage"], line["path"])
        assert.isString(line["outcome"])
        assert.isString(line["request_id"])
        assert.isNumber(line["millis"])
      }
      const last = lines.find((line) => line["request_id"] === "the-last")
      assert.deepInclude(last, { path: "/send-message", outcome: "sent", replayed: false })
      assert.match(String(last?.["message_id"]), /^[0-9a-f-]{36}$/u)
      assert.isNumber(last?.["instance_id"])
      assert.strictEqual(child.errors(), "")
    })
  )
})
