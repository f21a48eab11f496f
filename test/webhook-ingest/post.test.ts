import { assert, describe, it, layer } from "@effect/vitest"
import { DateTime, Effect, Layer, Logger, References, Schema } from "effect"
import { PrometheusMetrics } from "effect/observability"
import { Buffer } from "node:buffer"
import { connect, type Socket } from "node:net"
import { World } from "../../adapters/memory/World.ts"
import { Inbox } from "../../core/inbound/Inbox.ts"
import { Unavailable } from "../../core/Unavailable.ts"
import type { Answer } from "../journeys/Http.ts"
import { eventually } from "../journeys/Child.ts"
import {
  layer as live,
  layerOn,
  layerTelling,
  metaSecret,
  none,
  path,
  post,
  previousSecret,
  Receiver,
  request,
  sign,
  simulatorSecret
} from "./Receiver.ts"

const body = '{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[],"text":"Ol\\u00e1 👋"}]}'

const kept = Effect.map(World, ({ inbox, pending }) =>
  inbox.map(({ body, id, source }) => ({ source, text: Buffer.from(body).toString(), pending: pending.has(id) }))
)

const count = Effect.map(kept, ({ length }) => length)

const empty = Effect.map(World, ({ inbox, pending }) => {
  inbox.length = 0
  pending.clear()
})

const Problem = Schema.Struct({
  type: Schema.String,
  status: Schema.Int,
  code: Schema.String,
  retryable: Schema.Boolean,
  request_id: Schema.String
})
const decodeProblem = Schema.decodeUnknownEffect(Problem)

const problemOf = Effect.fnUntraced(function* (answer: Answer) {
  assert.strictEqual(answer.headers["content-type"], "application/problem+json")
  const problem = yield* decodeProblem(answer.json)
  assert.deepStrictEqual([problem.status, problem.request_id], [answer.status, answer.headers["request-id"]])
  return problem
})

const refused = Effect.fnUntraced(function* (answer: Answer) {
  assert.strictEqual(answer.status, 401)
  assert.strictEqual((yield* problemOf(answer)).code, "invalid_signature")
})

const counted = Effect.fnUntraced(function* (result: string) {
  const text = yield* PrometheusMetrics.format()
  return Number(new RegExp(`aidesk_webhook_posts_total\\{result="${result}"\\} (\\d+)`, "u").exec(text)?.[1] ?? 0)
})

/** A connection on which whatever is wanted is written; gone with its scope. */
const dial = Effect.gen(function* () {
  const { port } = yield* Receiver
  return yield* Effect.acquireRelease(
    Effect.callback<{ readonly socket: Socket; readonly said: () => string }>((resume) => {
      const socket = connect(port, "127.0.0.1", () => resume(Effect.succeed({ socket, said: () => said })))
      let said = ""
      socket.on("data", (bytes) => (said += bytes.toString()))
      socket.on("error", () => {})
    }),
    ({ socket }) => Effect.sync(() => socket.destroy())
  )
})

const head = (...headers: ReadonlyArray<string>): string =>
  [`POST ${path} HTTP/1.1`, "host: localhost", ...headers, "", ""].join("\r\n")

const closed = (socket: Socket) => eventually(Effect.sync(() => assert.isTrue(socket.closed)))

const right = sign(body)
const hex = right.slice("sha256=".length)

const wrong: ReadonlyArray<readonly [what: string, signature: string]> = [
  ["that is empty", ""],
  ["without its digits", "sha256="],
  ["without its prefix", hex],
  ["of another kind", `sha1=${hex}`],
  ["with a prefix in capitals", `SHA256=${hex}`],
  ["one digit short", `sha256=${hex.slice(1)}`],
  ["one digit long", `sha256=${hex}0`],
  ["of half the length", `sha256=${hex.slice(32)}`],
  ["that is no number", `sha256=${"g".repeat(64)}`],
  ["outside of ASCII", `sha256=${"é".repeat(64)}`],
  ["with a blank inside", `sha256= ${hex}`],
  ["given twice", `${right}, ${right}`],
  ["of another body", sign(`${body} `)],
  ["with another secret", sign(body, "segredo-de-outro")],
  ["with a secret's beginning", sign(body, metaSecret.slice(0, -1))],
  ["wrong in its last digit", right.slice(0, -1) + (right.endsWith("0") ? "1" : "0")]
]

const strangeBodies: ReadonlyArray<readonly [what: string, body: string | Uint8Array]> = [
  ["no JSON", "hello"],
  ["nothing", ""],
  ["JSON of another shape", "[1, null]"],
  ["no text", Uint8Array.from({ length: 256 }, (_, byte) => byte)]
]

layer(live, { excludeTestServices: true })("POST /webhooks/whatsapp", (it) => {
  it.effect("keeps what is signed byte for byte, and then answers 200", () =>
    Effect.gen(function* () {
      yield* empty
      const before = yield* DateTime.now
      const answer = yield* post(body)
      assert.deepStrictEqual([answer.status, answer.text], [200, "EVENT_RECEIVED"])
      assert.strictEqual(answer.headers["content-type"], "text/plain")
      assert.match(String(answer.headers["request-id"]), /^[0-9a-f-]{36}$/u)
      assert.deepStrictEqual(yield* kept, [{ source: "meta", text: body, pending: true }])
      const [first] = (yield* World).inbox
      assert.isDefined(first)
      assert.isTrue(DateTime.between(first.receivedAt, { minimum: before, maximum: yield* DateTime.now }))
    })
  )

  it.effect.each([
    ["the current secret of Meta's app", metaSecret, "meta"],
    ["its previous one", previousSecret, "meta"],
    ["the simulator's", simulatorSecret, "simulator"]
  ] as const)("takes what is signed with %s, and tells them apart", ([, secret, source]) =>
    Effect.gen(function* () {
      yield* empty
      const { status } = yield* post(body, { headers: { "x-hub-signature-256": sign(body, secret) } })
      assert.strictEqual(status, 200)
      assert.deepStrictEqual(yield* kept, [{ source, text: body, pending: true }])
    })
  )

  it.effect("takes the signature in capital digits", () =>
    Effect.gen(function* () {
      const { status } = yield* post(body, { headers: { "x-hub-signature-256": `sha256=${hex.toUpperCase()}` } })
      assert.strictEqual(status, 200)
    })
  )

  it.effect.each(wrong)("refuses a signature %s with 401, and keeps nothing", ([, signature]) =>
    Effect.gen(function* () {
      yield* empty
      const before = yield* counted("invalid_signature")
      yield* refused(yield* post(body, { headers: { "x-hub-signature-256": signature } }))
      assert.strictEqual(yield* count, 0)
      assert.strictEqual((yield* counted("invalid_signature")) - before, 1)
    })
  )

  it.effect("refuses what has no signature, or only the old one by SHA-1, without reading it", () =>
    Effect.gen(function* () {
      yield* empty
      yield* refused(yield* request({ body }))
      yield* refused(yield* request({ body, headers: { "x-hub-signature": `sha1=${hex.slice(24)}` } }))
      const { said, socket } = yield* dial
      socket.write(head("content-length: 1000000"))
      yield* eventually(Effect.sync(() => assert.match(said(), /^HTTP\/1\.1 401 .*connection: close/isu)))
      yield* closed(socket)
      assert.strictEqual(yield* count, 0)
    })
  )

  it.effect("checks the bytes and not what they mean: the same JSON in other words is another body", () =>
    Effect.gen(function* () {
      const rewritten = JSON.stringify(JSON.parse(body))
      assert.notStrictEqual(rewritten, body)
      yield* refused(yield* post(rewritten, { headers: { "x-hub-signature-256": right } }))
    })
  )

  it.effect.each(strangeBodies)("keeps what is signed and is %s: it is for others to judge it", ([, strange]) =>
    Effect.gen(function* () {
      yield* empty
      assert.strictEqual((yield* post(strange)).status, 200)
      const [{ body } = { body: undefined }] = (yield* World).inbox
      assert.deepStrictEqual(Buffer.from(body ?? "missing"), Buffer.from(strange))
    })
  )

  it.effect.each(["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1", ""])(
    "does not mind the content type: %s",
    (type) =>
      Effect.gen(function* () {
        assert.strictEqual((yield* post(body, { headers: { "content-type": type } })).status, 200)
      })
  )

  it.effect("refuses a compressed body with 415; `identity` is none", () =>
    Effect.gen(function* () {
      yield* empty
      const answer = yield* post(body, { headers: { "content-encoding": "gzip" } })
      assert.strictEqual(answer.status, 415)
      assert.strictEqual((yield* problemOf(answer)).code, "unsupported_media_type")
      assert.strictEqual(yield* count, 0)
      assert.strictEqual((yield* post(body, { headers: { "content-encoding": "identity" } })).status, 200)
    })
  )

  it.effect("takes a body in chunks, and one that comes slowly", () =>
    Effect.gen(function* () {
      yield* empty
      assert.strictEqual((yield* post(body, { chunked: true })).status, 200)
      const { said, socket } = yield* dial
      const bytes = Buffer.from(body)
      socket.write(head(`content-length: ${bytes.length}`, `x-hub-signature-256: ${right}`))
      for (const byte of bytes) {
        socket.write(Uint8Array.of(byte))
        yield* Effect.promise(() => new Promise(setImmediate))
      }
      yield* eventually(Effect.sync(() => assert.match(said(), /^HTTP\/1\.1 200 /u)))
      assert.deepStrictEqual(
        (yield* kept).map(({ text }) => text),
        [body, body]
      )
    })
  )

  it.effect("takes several posts on one connection, refused ones between them", () =>
    Effect.gen(function* () {
      yield* empty
      const { said, socket } = yield* dial
      const length = `content-length: ${Buffer.byteLength(body)}`
      for (const signature of [right, sign(body, "segredo-de-outro"), right]) {
        socket.write(head(length, `x-hub-signature-256: ${signature}`) + body)
      }
      yield* eventually(Effect.sync(() => assert.lengthOf(said().match(/HTTP\/1\.1 \d+/gu) ?? [], 3)))
      assert.deepStrictEqual(said().match(/HTTP\/1\.1 \d+/gu), ["HTTP/1.1 200", "HTTP/1.1 401", "HTTP/1.1 200"])
      assert.strictEqual(yield* count, 2)
    })
  )

  const most = 3 * 1024 * 1024

  it.effect("takes bodies of 3 MB", () =>
    Effect.gen(function* () {
      yield* empty
      const large = Buffer.alloc(most, "x")
      assert.strictEqual((yield* post(large)).status, 200)
      assert.strictEqual((yield* post(large, { chunked: true })).status, 200)
      assert.deepStrictEqual(
        (yield* World).inbox.map(({ body }) => body.length),
        [most, most]
      )
      yield* empty
    })
  )

  it.effect("refuses longer ones with 413, without reading them when they say so", () =>
    Effect.gen(function* () {
      yield* empty
      const { said, socket } = yield* dial
      socket.write(head(`content-length: ${most + 1}`, `x-hub-signature-256: ${right}`))
      yield* eventually(Effect.sync(() => assert.match(said(), /^HTTP\/1\.1 413 .*connection: close/isu)))
      yield* closed(socket)
      assert.strictEqual(yield* count, 0)
    })
  )

  it.effect("refuses longer ones that do not say so as soon as they are too long, and reads no further", () =>
    Effect.gen(function* () {
      yield* empty
      const { said, socket } = yield* dial
      socket.write(head("transfer-encoding: chunked", `x-hub-signature-256: ${right}`))
      const chunk = Buffer.alloc(64 * 1024, "x")
      let written = 0
      // Until nobody takes any more, far from the end.
      while (said() === "" && written < 64) {
        socket.write(`${chunk.length.toString(16)}\r\n`)
        socket.write(chunk)
        socket.write("\r\n")
        written += 1
        yield* Effect.promise(() => new Promise(setImmediate))
      }
      yield* eventually(Effect.sync(() => assert.match(said(), /^HTTP\/1\.1 413 .*connection: close/isu)))
      yield* closed(socket)
      assert.strictEqual(yield* count, 0)
    })
  )

  it.effect("a caller that sends a long body gets to read the answer", () =>
    Effect.gen(function* () {
      const answer = yield* post(Buffer.alloc(most + 1, "x"))
      assert.strictEqual(answer.status, 413)
      assert.strictEqual((yield* problemOf(answer)).code, "body_too_large")
    })
  )

  it.effect("keeps nothing of a body that breaks off, and counts it", () =>
    Effect.gen(function* () {
      yield* empty
      const before = yield* counted("broken_off")
      const { socket } = yield* dial
      socket.write(head(`content-length: ${Buffer.byteLength(body)}`, `x-hub-signature-256: ${right}`))
      socket.write(body.slice(0, 10))
      yield* Effect.promise(() => new Promise(setImmediate))
      socket.destroy()
      yield* eventually(Effect.map(counted("broken_off"), (after) => assert.strictEqual(after, before + 1)))
      assert.strictEqual(yield* count, 0)
    })
  )

  it.effect("keeps every one of many that come at once", () =>
    Effect.gen(function* () {
      yield* empty
      const bodies = Array.from({ length: 300 }, (_, n) => `{"n":${n}}`)
      const answers = yield* Effect.forEach(bodies, (body) => post(body), { concurrency: 64 })
      assert.deepStrictEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
      assert.sameMembers(
        (yield* kept).map(({ text }) => text),
        bodies
      )
    })
  )

  it.effect("is this path under any query, and no other path", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* post(body, { path: `${path}?a=b` })).status, 200)
      for (const other of [`${path}/`, `${path}x`, "/webhooks", "/webhooks/WhatsApp", `/${path}`]) {
        assert.strictEqual((yield* post(body, { path: other })).status, 404, other)
      }
    })
  )

  it.effect.each(["PUT", "PATCH", "DELETE", "OPTIONS"])("answers %s with 405 and the methods there are", (method) =>
    Effect.gen(function* () {
      const answer = yield* request({ method })
      assert.strictEqual(answer.status, 405)
      assert.strictEqual(answer.headers["allow"], "GET, HEAD, POST")
    })
  )
})

const away = Effect.fail(new Unavailable({ dependency: "database", cause: new Error("away") }))

describe("POST /webhooks/whatsapp", () => {
  it.live("without any secret is refused, however it is signed", () =>
    Effect.gen(function* () {
      for (const secret of [metaSecret, "", "undefined"]) {
        yield* refused(yield* post(body, { headers: { "x-hub-signature-256": sign(body, secret) } }))
      }
    }).pipe(
      Effect.provide(layerOn(Layer.mock(Inbox, {}), none)),
      Effect.provideService(References.MinimumLogLevel, "None")
    )
  )

  it.live("answers 503 while the database is away, so that Meta comes again", () =>
    Effect.gen(function* () {
      const answer = yield* post(body)
      assert.strictEqual(answer.status, 503)
      assert.strictEqual(answer.headers["retry-after"], "5")
      assert.deepInclude(yield* problemOf(answer), { code: "database_unavailable", retryable: true })
    }).pipe(
      Effect.provide(layerOn(Layer.mock(Inbox, { keep: () => away }))),
      Effect.provideService(References.MinimumLogLevel, "None")
    )
  )

  it.live("answers 500 to a fault of ours, and lives on", () =>
    Effect.gen(function* () {
      for (let times = 0; times < 3; times++) {
        const answer = yield* post(body)
        assert.strictEqual((yield* problemOf(answer)).code, "internal_error")
      }
    }).pipe(
      Effect.provide(layerOn(Layer.mock(Inbox, { keep: () => Effect.die("broken") }))),
      Effect.provideService(References.MinimumLogLevel, "None")
    )
  )

  it.live("tells of refusals once a minute, and never of what was posted", () =>
    Effect.gen(function* () {
      const logged: Array<string> = []
      const logger = Logger.layer([
        Logger.make<unknown, void>(({ logLevel, message }) => {
          logged.push(JSON.stringify([logLevel, message]))
        })
      ])
      yield* Effect.gen(function* () {
        for (let times = 0; times < 5; times++) {
          yield* post(body, { headers: { "x-hub-signature-256": sign(body, "segredo-de-outro") } })
        }
        yield* post(body)
        yield* request({ method: "GET", path: `${path}?hub.mode=subscribe&hub.verify_token=segredo` })
      }).pipe(Effect.provide(Layer.provide(layerTelling, logger)))
      assert.deepStrictEqual(
        logged.filter((line) => line.includes("Warn")),
        ['["Warn",["webhooks not kept",{"result":"invalid_signature","count":1}]]']
      )
      assert.notMatch(logged.join("\n"), /entry|Ol|segredo|sha256=/u)
    })
  )
})
