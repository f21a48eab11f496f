import { assert, describe, it } from "@effect/vitest"
import { Clock, DateTime, Effect, Redacted, Schema } from "effect"
import { once } from "node:events"
import { createServer } from "node:https"
import type { Socket } from "node:net"
import { Webhook } from "standardwebhooks"
import { Cidr } from "../../adapters/safe-http/PublicAddress.ts"
import * as WebhookSenderHttp from "../../adapters/safe-http/WebhookSenderHttp.ts"
import { WebhookUrl } from "../../core/webhook/WebhookEndpoint.ts"
import { type WebhookAnswer, type WebhookRequest, WebhookSender } from "../../core/webhook/WebhookSender.ts"
import { selfSigned } from "../graph-api/Certificate.ts"
import * as RawServer from "../graph-api/RawServer.ts"

const loopback = Schema.decodeUnknownSync(Schema.Array(Cidr))(["127.0.0.0/8"])
const names: Record<string, ReadonlyArray<string>> = {
  "loja.example.com": ["127.0.0.1"],
  "mista.example.com": ["127.0.0.1", "8.8.8.8"],
  "outra.example.com": ["127.0.0.1", "10.0.0.1"]
}
const resolve = (name: string) => Promise.resolve(names[name] ?? [])

const secretOf = (letter: string) => Redacted.make(`whsec_${Buffer.alloc(32, letter).toString("base64")}`)

const body = JSON.stringify({ id: "evt_1", type: "message.received", data: { text: "ação 👋 \u0000" } })

const sent = (url: string, options: WebhookSenderHttp.Options, given: Partial<WebhookRequest> = {}) =>
  Effect.gen(function* () {
    const { send } = yield* WebhookSender
    const at = yield* DateTime.now
    return yield* send({ url: WebhookUrl.make(url), id: "evt_1", at, body, secrets: [secretOf("a")], ...given })
  }).pipe(Effect.provide(WebhookSenderHttp.layer(options)))

const open = { allow: loopback, resolve }

const headersIn = (head: string): Record<string, string> =>
  Object.fromEntries(
    head
      .split("\r\n")
      .slice(1)
      .map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()])
  )

const responding = (text: string) => RawServer.make((socket) => void socket.write(text))

const answer = (status: number, body = "", ...headers: ReadonlyArray<string>) =>
  RawServer.http(status, body, ...headers)

describe("a webhook on its way", () => {
  it.live("is a POST of the bytes that were signed, as the standardwebhooks package verifies it", () =>
    Effect.gen(function* () {
      const server = yield* responding(answer(200, "{}"))
      assert.deepStrictEqual(yield* sent(`${server.url}/hooks?de=aidesk`, open), {
        _tag: "Answered",
        status: 200,
        retryAfter: undefined,
        text: undefined
      } satisfies WebhookAnswer)
      const [request] = server.received
      assert.isDefined(request)
      assert.isTrue(request.head.startsWith("POST /hooks?de=aidesk HTTP/1.1\r\n"))
      const headers = headersIn(request.head)
      assert.deepInclude(headers, {
        "content-type": "application/json",
        "user-agent": "aidesk-webhooks",
        "content-length": String(Buffer.byteLength(body)),
        "webhook-id": "evt_1"
      })
      assert.strictEqual(request.body, body)
      const verify = (letter: string, text: string, changed: Record<string, string> = {}) =>
        new Webhook(Redacted.value(secretOf(letter))).verify(text, { ...headers, ...changed })
      assert.deepStrictEqual(verify("a", request.body), JSON.parse(body))
      assert.throws(() => verify("b", request.body))
      assert.throws(() => verify("a", `${request.body} `))
      assert.throws(() => verify("a", request.body, { "webhook-id": "evt_2" }))
    })
  )

  it.live("carries the time of the attempt in whole seconds", () =>
    Effect.gen(function* () {
      const server = yield* responding(answer(204))
      yield* sent(server.url, open, { at: DateTime.makeUnsafe("2026-03-01T12:00:00.999Z") })
      assert.strictEqual(headersIn(server.received[0]?.head ?? "")["webhook-timestamp"], "1772366400")
    })
  )

  it.live("is signed with both secrets while both count, the newest first", () =>
    Effect.gen(function* () {
      const server = yield* responding(answer(204))
      yield* sent(server.url, open, { secrets: [secretOf("b"), secretOf("a")] })
      const [request] = server.received
      assert.isDefined(request)
      const headers = headersIn(request.head)
      const [first, second, ...others] = headers["webhook-signature"]?.split(" ") ?? []
      assert.deepStrictEqual(others, [])
      for (const [letter, signature] of [
        ["b", first],
        ["a", second]
      ]) {
        assert.isDefined(letter)
        const alone = { ...headers, "webhook-signature": signature ?? "" }
        for (const one of [headers, alone]) {
          new Webhook(Redacted.value(secretOf(letter))).verify(request.body, one)
        }
      }
    })
  )

  it.live("goes to a name at the address that was checked", () =>
    Effect.gen(function* () {
      const server = yield* responding(answer(204))
      assert.deepInclude(yield* sent(`http://loja.example.com:${server.port}/`, open), { status: 204 })
      assert.strictEqual(headersIn(server.received[0]?.head ?? "")["host"], `loja.example.com:${server.port}`)
    })
  )

  it.live("uses a connection again for the next", () =>
    Effect.gen(function* () {
      const server = yield* responding(answer(200, "ok"))
      const { send } = yield* WebhookSender
      for (const id of ["evt_1", "evt_2", "evt_3"]) {
        yield* send({ url: WebhookUrl.make(server.url), id, at: yield* DateTime.now, body, secrets: [secretOf("a")] })
      }
      assert.strictEqual(server.received.length, 3)
      assert.isBelow(server.connections(), 3)
    }).pipe(Effect.provide(WebhookSenderHttp.layer(open)))
  )
})

describe("what comes of a webhook", () => {
  it.live("a redirect is the answer and is not followed", () =>
    Effect.gen(function* () {
      const elsewhere = yield* responding(answer(200))
      for (const status of [301, 302, 303, 307, 308]) {
        const server = yield* responding(answer(status, "", `location: ${elsewhere.url}/`))
        assert.deepInclude(yield* sent(server.url, open), { _tag: "Answered", status })
      }
      assert.strictEqual(elsewhere.connections(), 0)
    })
  )

  it.live("any status comes back as it is, with Retry-After where there is one", () =>
    Effect.gen(function* () {
      const server = yield* responding(answer(503, "", "retry-after: 120"))
      assert.deepInclude(yield* sent(server.url, open), { status: 503, retryAfter: "120" })
      const gone = yield* responding(answer(410))
      assert.deepInclude(yield* sent(gone.url, open), { status: 410, retryAfter: undefined })
    })
  )

  it.live("nobody there, a connection that breaks and an answer that is none are failures of the connection", () =>
    Effect.gen(function* () {
      const failed: WebhookAnswer = { _tag: "Unanswered", error: "connection_failed" }
      assert.deepStrictEqual(yield* sent("http://127.0.0.1:1/", open), failed)
      assert.deepStrictEqual(yield* sent("http://ninguem.example.com/", open), failed)
      const breaking = yield* RawServer.make((socket) => void socket.destroy())
      assert.deepStrictEqual(yield* sent(breaking.url, open), failed)
      const babbling = yield* responding("hello?\r\n\r\n")
      assert.deepStrictEqual(yield* sent(babbling.url, open), failed)
      const boasting = yield* responding(`HTTP/1.1 200 OK\r\nx: ${"y".repeat(20_000)}\r\ncontent-length: 0\r\n\r\n`)
      assert.deepStrictEqual(yield* sent(boasting.url, open), failed)
    })
  )

  it.live("TLS that is none is said to be so", () =>
    Effect.gen(function* () {
      const server = yield* RawServer.make(
        () => {},
        (socket) => void socket.write(answer(400))
      )
      assert.deepStrictEqual(yield* sent(`https://127.0.0.1:${server.port}/`, open), {
        _tag: "Unanswered",
        error: "tls_failed"
      })
    })
  )

  it.live("a certificate that nobody vouches for is no TLS", () =>
    Effect.gen(function* () {
      const server = createServer(selfSigned(), (_, response) => response.end())
      yield* Effect.acquireRelease(
        Effect.promise(() => once(server.listen(0, "127.0.0.1"), "listening")),
        () => Effect.sync(() => server.close())
      )
      const address = server.address()
      const port = typeof address === "object" ? address?.port : undefined
      assert.deepInclude(yield* sent(`https://127.0.0.1:${port}/`, open), { error: "tls_failed" })
    })
  )

  it.live("an answer that never ends keeps nobody: its status has come", () =>
    Effect.gen(function* () {
      const endless = yield* RawServer.make((socket) => {
        socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        const chunk = `1000\r\n${"x".repeat(4096)}\r\n`
        const pour = () => {
          while (!socket.destroyed && socket.write(chunk));
        }
        socket.on("drain", pour)
        pour()
      })
      const begin = yield* Clock.currentTimeMillis
      assert.deepInclude(yield* sent(endless.url, open), { status: 200 })
      const trickling = yield* RawServer.make((socket) => {
        socket.write("HTTP/1.1 500 No\r\ncontent-length: 1000\r\n\r\nx")
      })
      assert.deepInclude(yield* sent(trickling.url, open), { status: 500 })
      assert.isBelow((yield* Clock.currentTimeMillis) - begin, 8000)
    })
  )

  it.live("the connection is closed when nobody waits for the answer any longer", () =>
    Effect.gen(function* () {
      let closed: (() => void) | undefined
      const gone = new Promise<void>((resolve) => (closed = resolve))
      const silent = yield* RawServer.make(
        () => {},
        (socket: Socket) => void socket.on("close", () => closed?.())
      )
      const left = yield* Effect.timeoutOption(sent(silent.url, open), "200 millis")
      assert.strictEqual(left._tag, "None")
      yield* Effect.promise(() => gone)
    })
  )
})

const closed = (options: WebhookSenderHttp.Options, url: string) =>
  Effect.map(WebhookSender, ({ isClosed }) => isClosed(WebhookUrl.make(url))).pipe(
    Effect.provide(WebhookSenderHttp.layer(options))
  )

describe("where a webhook may go", () => {
  const places = ["http://127.0.0.1", "http://loja.example.com", "http://2130706433", "http://[::ffff:127.0.0.1]"]
  for (const place of places) {
    it.live(`not to ${place}, which is no public address: no connection is made`, () =>
      Effect.gen(function* () {
        const server = yield* responding(answer(200))
        const blocked: WebhookAnswer = { _tag: "Unanswered", error: "address_not_allowed" }
        assert.deepStrictEqual(yield* sent(`${place}:${server.port}/`, { allow: [], resolve }), blocked)
        assert.strictEqual(server.connections(), 0)
      })
    )
  }

  it.live("not to a name of which one address is closed, whatever the others are", () =>
    Effect.gen(function* () {
      const server = yield* responding(answer(200))
      for (const [name, allow] of [
        ["mista", []],
        ["outra", loopback]
      ] as const) {
        const url = `http://${name}.example.com:${server.port}/`
        assert.deepInclude(yield* sent(url, { allow, resolve }), { error: "address_not_allowed" })
      }
      assert.strictEqual(server.connections(), 0)
    })
  )

  it.live("to what an operator has opened and to nothing beside; what is answered there is not kept", () =>
    Effect.gen(function* () {
      const server = yield* responding(answer(200, "segredo da rede interna"))
      assert.deepInclude(yield* sent(server.url, open), { status: 200, text: undefined })
      const other = { allow: Schema.decodeUnknownSync(Schema.Array(Cidr))(["10.0.0.0/8", "127.0.0.2/32"]), resolve }
      assert.deepInclude(yield* sent(server.url, other), { error: "address_not_allowed" })
    })
  )

  it.effect("is seen beforehand of addresses; of names only who connects can tell", () =>
    Effect.gen(function* () {
      const nothing = { allow: [], resolve }
      for (const host of [
        "127.0.0.1",
        "0x7f.1",
        "10.1.2.3",
        "[::1]",
        "[fe80::1]",
        "169.254.169.254",
        "localhost",
        "redis"
      ]) {
        assert.isTrue(yield* closed(nothing, `https://${host}/`), host)
      }
      for (const host of ["8.8.8.8", "loja.example.com", "[2606:4700::1111]"]) {
        assert.isFalse(yield* closed(nothing, `https://${host}/`), host)
      }
      for (const host of ["127.0.0.1", "127.1", "localhost", "8.8.8.8", "loja.example.com"]) {
        assert.isFalse(yield* closed(open, `https://${host}/`), host)
      }
      for (const host of ["10.1.2.3", "[::1]"]) assert.isTrue(yield* closed(open, `https://${host}/`), host)
    })
  )
})
