import { assert, layer } from "@effect/vitest"
import { Context, Duration, Effect, Layer, Schema } from "effect"
import { stat } from "node:fs/promises"
import { join } from "node:path"
import * as Child from "./Child.ts"
import * as Http from "./Http.ts"
import * as Meta from "./Meta.ts"
import * as Product from "./Product.ts"
import * as Told from "./Told.ts"

/** The published bodies, of the template, the campaign, the text and the file. */
const template = {
  number: "5511978049825",
  template_id: 15,
  variables: { nome: "João", codigo: "ABC123" },
  queue_id: 5,
  status_id: 1
}
const campaign = {
  number: "5511978049825",
  campaign_id: 3,
  variables: { nomeCliente: "João", codigo: "ABC123" },
  queue_id: 5,
  status_id: 1
}
const text = { contact_id: 53, instance_id: 4, message_content: "Olá, tudo bem?" }
const file = {
  contact_id: 53,
  instance_id: 4,
  media_url: "https://meusite.com/arquivo.pdf",
  media_caption: "Segue o documento solicitado."
}

const published = [
  ["/send-message", template],
  ["/send-message", campaign],
  ["/sendmessage", text],
  ["/sendmessage", file]
] as const

const addressed = (to: string) => ({
  messaging_product: "whatsapp",
  recipient_type: "individual",
  to,
  /** That it is the attempt's id. */
  biz_opaque_callback_data: true
})

/** Meta's sample number, which the demonstration sends from. */
const sample = { phoneNumberId: "106540352242922" }

class DataFolder extends Context.Service<DataFolder, { readonly path: string }>()("test/journeys/DataFolder") {}

const running = Layer.effect(
  Product.Product,
  Effect.flatMap(DataFolder, ({ path }) => Product.standalone(path))
).pipe(
  Layer.provideMerge(
    Layer.effect(
      DataFolder,
      Effect.map(Product.temporaryFolder, (folder) => DataFolder.of({ path: join(folder, "data") }))
    )
  )
)

const post = Effect.fnUntraced(function* (path: string, body: object, headers: Readonly<Record<string, string>> = {}) {
  const { url } = yield* Product.Product
  return yield* Http.send(url, {
    path,
    headers: { "content-type": "application/json", apikey: Product.demoKey, ...headers },
    body
  })
})

const decodeJson = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.Unknown))

/** The curl lines of the greeting as they would be pasted: URL, key and body. */
const printed = (output: string) =>
  [
    ...output.matchAll(/curl -X POST (\S+) \\\n {2}-H "([^"]+)" \\\n {2}-H "apikey: ([^"]+)" \\\n {2}-d '([^']+)'/gu)
  ].map(([, url = "", type, key, body = ""]) => ({
    path: new URL(url).pathname,
    url,
    type,
    key,
    body: decodeJson(body)
  }))

layer(running, { excludeTestServices: true, timeout: "90 seconds" })("The product in one line", (it) => {
  it.effect("prints the published curl lines, ready to paste", () =>
    Effect.gen(function* () {
      const { child, url } = yield* Product.Product
      const lines = printed(child.output())
      assert.deepStrictEqual(
        lines.map(({ body, path }) => [path, body]),
        published.map(([path, body]) => [path, body])
      )
      for (const line of lines) {
        assert.isTrue(line.url.startsWith(url))
        assert.deepInclude(line, { type: "Content-Type: application/json", key: "$AIDESK_DEMO_API_KEY" })
      }
      assert.notInclude(child.output(), Product.demoKey)
    })
  )

  it.effect("answers them as published, and Meta has each of them once", () =>
    Effect.gen(function* () {
      const answers = yield* Effect.forEach(published, ([path, body]) => post(path, body))
      const wamids = answers.map((answer, nth) => Told.acceptedOn(published[nth]?.[0] ?? "", answer))
      assert.deepStrictEqual(
        answers.map(({ json }) => json),
        [
          { success: true, message_id: wamids[0] },
          { success: true, message_id: wamids[1] },
          {
            status: "success",
            message: "Mensagem enviada com sucesso",
            whatsapp_message_id: wamids[2],
            media_type: "text",
            media_file_id: "",
            source: "api"
          },
          {
            status: "success",
            message: "Mensagem enviada com sucesso",
            whatsapp_message_id: wamids[3],
            media_type: "document",
            media_file_id: "",
            source: "api"
          }
        ]
      )
      for (const { headers } of answers) {
        assert.strictEqual(headers["content-type"], "application/json")
        assert.match(String(headers["request-id"]), /^[0-9a-f-]{36}$/u)
        assert.match(String(headers["message-id"]), /^[0-9a-f-]{36}$/u)
      }
      const [first, second, third, fourth] = answers.map(({ headers }) => headers["contact-id"])
      assert.strictEqual(first, second)
      assert.deepStrictEqual([third, fourth], ["53", "53"])

      const sends = yield* Meta.sends(sample)
      assert.deepStrictEqual(
        sends.map(({ wamid }) => wamid),
        wamids
      )
      assert.strictEqual(new Set(sends.map(({ attempt_id }) => attempt_id)).size, 4)
      const filled = {
        name: "codigo_do_pedido",
        language: { code: "pt_BR" },
        components: [
          {
            type: "body",
            parameters: [
              { type: "text", parameter_name: "nome", text: "João" },
              { type: "text", parameter_name: "codigo", text: "ABC123" }
            ]
          }
        ]
      }
      const bodies: ReadonlyArray<unknown> = sends.map(({ attempt_id, body }) => ({
        ...body,
        biz_opaque_callback_data: body["biz_opaque_callback_data"] === attempt_id
      }))
      assert.deepStrictEqual(bodies, [
        { ...addressed("+5511978049825"), type: "template", template: filled },
        { ...addressed("+5511978049825"), type: "template", template: filled },
        { ...addressed("+5511987654321"), type: "text", text: { body: "Olá, tudo bem?" } },
        {
          ...addressed("+5511987654321"),
          type: "document",
          document: {
            link: "https://meusite.com/arquivo.pdf",
            caption: "Segue o documento solicitado.",
            filename: "arquivo.pdf"
          }
        }
      ])
    })
  )

  it.effect("keeps its secrets for the folder's owner alone", () =>
    Effect.gen(function* () {
      const { path } = yield* DataFolder
      for (const [name, mode] of [
        ["", 0o700],
        ["secrets.json", 0o600],
        ["admin.json", 0o600]
      ] as const) {
        const found = yield* Effect.promise(() => stat(join(path, name)))
        assert.strictEqual(found.mode & 0o777, mode, name)
      }
    })
  )

  it.effect("refuses a second process on its data folder in one line, and goes on", () =>
    Effect.gen(function* () {
      const { path } = yield* DataFolder
      const second = yield* Child.start("standalone", { AIDESK_DATA_DIR: path, PORT: "0", SIMULATOR_PORT: "0" })
      assert.deepStrictEqual(yield* second.ended, { code: 1, signal: null })
      assert.match(second.errors(), /^[^\n]+\n$/u)
      assert.include(second.errors(), path)
      assert.strictEqual(second.output(), "")
      Told.acceptedOn("/sendmessage", yield* post("/sendmessage", text))
    })
  )

  it.effect("asked to end it ends with 0; ended or killed, it starts again with all that it had", () =>
    Effect.gen(function* () {
      const { path } = yield* DataFolder
      const first = yield* Product.Product
      const key = { "idempotency-key": "pedido-1" }
      const before = yield* post("/send-message", template, key)
      const sent = yield* Meta.count(sample)
      yield* first.child.signal("SIGTERM")
      assert.deepStrictEqual(yield* first.child.ended, { code: 0, signal: null })
      assert.strictEqual(first.child.errors(), "")

      for (const start of [1, 2]) {
        const [took, again] = yield* Effect.timed(Product.standalone(path))
        assert.isBelow(Duration.toSeconds(took), 20)
        yield* Effect.gen(function* () {
          const replayed = yield* post("/send-message", template, key)
          assert.strictEqual(replayed.headers["idempotent-replayed"], "true")
          assert.strictEqual(replayed.text, before.text)
          const next = yield* post("/send-message", campaign)
          assert.strictEqual(next.headers["contact-id"], before.headers["contact-id"])
          Told.acceptedOn("/sendmessage", yield* post("/sendmessage", text))
          assert.strictEqual(yield* Meta.count(sample), sent + 2 * start)
        }).pipe(Effect.provideService(Product.Product, again))
        yield* again.child.signal("SIGKILL")
        yield* again.child.ended
      }
    })
  )
})
