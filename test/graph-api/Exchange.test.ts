import { assert, describe, it } from "@effect/vitest"
import { Deferred, Duration, Effect, Fiber, Schema } from "effect"
import type { AddressInfo, Socket } from "node:net"
import { createServer as createTlsServer } from "node:tls"
import { Dispatcher } from "undici"
import * as Exchange from "../../adapters/graph-api/Exchange.ts"
import type { GatewayAnswer } from "../../core/message/GatewayAnswer.ts"
import { MessageGateway } from "../../core/message/MessageGateway.ts"
import { selfSigned } from "./Certificate.ts"
import * as RawServer from "./RawServer.ts"
import { hello, instance, nthAttempt, ofNumber, send, to } from "./Sending.ts"

const short = { timeout: Duration.millis(100) }

/** A port that was open a moment ago and is not any more. */
const closedPort = Effect.scoped(
  Effect.map(
    RawServer.make(() => {}),
    ({ url }) => url
  )
)

/** undici gives a connection back a turn after its answer. */
const twoTurns = Effect.promise(() => new Promise<void>((done) => setImmediate(() => setImmediate(done))))

const reasonOf = (answer: GatewayAnswer): string => ("reason" in answer ? answer.reason : "")

describe("what provably never left", () => {
  it.effect("a refused connection", () =>
    Effect.gen(function* () {
      const answer = yield* send().pipe(Effect.provide(to(yield* closedPort)))
      assert.deepStrictEqual(answer, { _tag: "NeverLeft", reason: "ECONNREFUSED", retryAfter: undefined })
    })
  )

  it.effect("a host that does not exist", () =>
    Effect.gen(function* () {
      const answer = yield* send().pipe(Effect.provide(to("http://graph.invalid")))
      assert.strictEqual(answer._tag, "NeverLeft")
      assert.match(reasonOf(answer), /^(?:ENOTFOUND|EAI_AGAIN)$/u)
    })
  )

  it.effect("a server that does not speak TLS", () =>
    Effect.gen(function* () {
      const meta = yield* RawServer.make(
        () => {},
        (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")
      )
      const answer = yield* send().pipe(Effect.provide(to(`https://127.0.0.1:${meta.port}`)))
      assert.strictEqual(answer._tag, "NeverLeft")
      assert.strictEqual(meta.received.length, 0)
    })
  )

  it.effect("a server whose certificate nobody vouches for: it sees neither message nor token", () =>
    Effect.gen(function* () {
      const seen: Array<string> = []
      const server = createTlsServer(selfSigned(), (socket) => {
        socket.on("error", () => {})
        socket.on("data", (chunk) => seen.push(chunk.toString()))
      })
      server.on("tlsClientError", () => {})
      const { port } = yield* Effect.acquireRelease(
        Effect.callback<AddressInfo>((resume) => {
          server.listen(0, "127.0.0.1", () => {
            const address = server.address()
            if (address !== null && typeof address !== "string") resume(Effect.succeed(address))
          })
        }),
        () => Effect.sync(() => server.close())
      )
      const answer = yield* send().pipe(Effect.provide(to(`https://localhost:${port}`)))
      assert.deepStrictEqual(answer, {
        _tag: "NeverLeft",
        reason: "DEPTH_ZERO_SELF_SIGNED_CERT",
        retryAfter: undefined
      })
      assert.deepStrictEqual(seen, [])
    })
  )

  it.effect("a connection that was not established in time", () =>
    Effect.gen(function* () {
      const meta = yield* RawServer.make(() => {})
      yield* Effect.gen(function* () {
        const answer = yield* send(short)
        assert.deepStrictEqual(answer, { _tag: "NeverLeft", reason: "timeout", retryAfter: undefined })
        // The gateway closes once the handshake that is still under way has failed.
        meta.hangUp()
      }).pipe(Effect.provide(to(`https://127.0.0.1:${meta.port}`)))
    })
  )

  it.effect("a call that waited for a free connection until its time was over", () =>
    Effect.gen(function* () {
      const reached = yield* Deferred.make<void>()
      const meta = yield* RawServer.make((socket, { nth }) => {
        if (nth === 1) Deferred.doneUnsafe(reached, Effect.void)
        else socket.write(RawServer.http(200, RawServer.accepted("wamid.third")))
      })
      yield* Effect.gen(function* () {
        const first = yield* Effect.forkChild(send({ attemptId: nthAttempt(1), timeout: Duration.millis(300) }))
        yield* Deferred.await(reached)
        const second = yield* send({ attemptId: nthAttempt(2), ...short })
        assert.deepStrictEqual(second, { _tag: "NeverLeft", reason: "timeout", retryAfter: undefined })
        assert.deepStrictEqual(yield* Fiber.join(first), { _tag: "Lost", reason: "timeout" })
        assert.strictEqual((yield* send({ attemptId: nthAttempt(3) }))._tag, "Accepted")
      }).pipe(Effect.provide(to(meta.url, { connections: 1 })))
      const attempts = meta.received.map(({ body }) => body.includes(nthAttempt(2)))
      assert.deepStrictEqual(attempts, [false, false])
    })
  )

  it.effect("a call that was given up while it waited for a free connection", () =>
    Effect.gen(function* () {
      const reached = yield* Deferred.make<Socket>()
      const meta = yield* RawServer.make((socket, { nth }) => {
        if (nth === 1) Deferred.doneUnsafe(reached, Effect.succeed(socket))
        else socket.write(RawServer.http(200, RawServer.accepted("wamid.third")))
      })
      yield* Effect.gen(function* () {
        const first = yield* Effect.forkChild(send({ attemptId: nthAttempt(1) }))
        const socket = yield* Deferred.await(reached)
        const call = { instance, message: hello, timeout: Duration.seconds(5), attemptId: nthAttempt(2) }
        const gateway = yield* MessageGateway
        const second = yield* Effect.forkChild(gateway.send(call), { startImmediately: true })
        yield* Fiber.interrupt(second)
        socket.write(RawServer.http(200, RawServer.accepted("wamid.first")))
        assert.strictEqual((yield* Fiber.join(first))._tag, "Accepted")
        assert.strictEqual((yield* send({ attemptId: nthAttempt(3) }))._tag, "Accepted")
      }).pipe(Effect.provide(to(meta.url, { connections: 1 })))
      assert.deepStrictEqual(
        meta.received.map(({ body }) => body.includes(nthAttempt(2))),
        [false, false]
      )
      assert.strictEqual(meta.connections(), 1)
    })
  )
})

describe("what left and nobody can tell", () => {
  /** The server's part, given the answer it would have made. */
  const endings: ReadonlyArray<readonly [title: string, answer: Parameters<typeof RawServer.make>[0], reason: RegExp]> =
    [
      ["a connection reset after the request was read", (socket) => socket.resetAndDestroy(), /^ECONNRESET$/u],
      ["a connection closed after the request was read", (socket) => socket.end(), /^UND_ERR_SOCKET$/u],
      [
        "an answer cut in its headers",
        (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-le"),
        /^(?:UND_ERR_SOCKET|HPE_.*)$/u
      ],
      [
        "an answer cut in its body",
        (socket) => socket.end(RawServer.http(200, RawServer.accepted("wamid.cut")).slice(0, -3)),
        /^UND_ERR_/u
      ],
      ["an answer that is not HTTP", (socket) => socket.end("SSH-2.0-OpenSSH_9.6\r\n"), /^HTTPParserError$/u],
      [
        "an error page without Meta's envelope",
        (socket) => socket.end(RawServer.http(502, "<html>Bad Gateway</html>")),
        /^status 502, no JSON$/u
      ],
      [
        "JSON that is neither a success nor an envelope",
        (socket) => socket.end(RawServer.http(500, '{"error":"overloaded"}')),
        /^status 500, no error envelope$/u
      ],
      [
        "a success without a message id",
        (socket) => socket.end(RawServer.http(200, '{"messages":[]}')),
        /^status 200, no message id$/u
      ],
      ["an empty success", (socket) => socket.end("HTTP/1.1 204 No Content\r\n\r\n"), /^status 204, no JSON$/u],
      [
        "a redirect, which is not followed",
        (socket) => socket.end(RawServer.http(307, "", "location: /v25.0/elsewhere/messages")),
        /^status 307, no JSON$/u
      ],
      [
        "an answer larger than any of Meta's",
        (socket) => socket.end(RawServer.http(200, `${RawServer.accepted("wamid.large")}${" ".repeat(300 * 1024)}`)),
        /^UND_ERR_RES_EXCEEDED_MAX_SIZE$/u
      ],
      [
        "an interim answer and then none",
        (socket) => socket.end("HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n"),
        /^UND_ERR_SOCKET$/u
      ]
    ]

  for (const [title, answer, reason] of endings) {
    it.effect(`${title}: asked once`, () =>
      Effect.gen(function* () {
        const meta = yield* RawServer.make(answer)
        const lost = yield* send().pipe(Effect.provide(to(meta.url)))
        assert.strictEqual(lost._tag, "Lost")
        assert.match(reasonOf(lost), reason)
        assert.strictEqual(meta.received.length, 1)
      })
    )
  }

  it.effect("an answer that comes too late: the call is over in time and was made once", () =>
    Effect.gen(function* () {
      const meta = yield* RawServer.make(() => {})
      const lost = yield* send(short).pipe(Effect.provide(to(meta.url)))
      assert.deepStrictEqual(lost, { _tag: "Lost", reason: "timeout" })
      assert.strictEqual(meta.received.length, 1)
    })
  )

  it.effect("an answer that begins in time and does not end", () =>
    Effect.gen(function* () {
      const meta = yield* RawServer.make((socket) =>
        socket.write(RawServer.http(200, RawServer.accepted("wamid.slow")).slice(0, -1))
      )
      const lost = yield* send(short).pipe(Effect.provide(to(meta.url)))
      assert.deepStrictEqual(lost, { _tag: "Lost", reason: "timeout" })
    })
  )

  it.effect("a connection reset before anything was read is never a success, and is not tried again", () =>
    Effect.gen(function* () {
      const meta = yield* RawServer.make(
        () => {},
        (socket) => socket.resetAndDestroy()
      )
      const answer = yield* send().pipe(Effect.provide(to(meta.url)))
      // Which of the two depends on whether the reset is seen before the request is handed to the kernel.
      assert.include(["Lost", "NeverLeft"], answer._tag)
      assert.strictEqual(meta.connections(), 1)
      assert.strictEqual(meta.received.length, 0)
    })
  )
})

describe("a request", () => {
  it.effect("is written once even if the HTTP client queues it again after its connection failed", () =>
    Effect.gen(function* () {
      let written = 0
      class Replaying extends Dispatcher {
        override dispatch(_: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) {
          const controller = { aborted: false, paused: false, reason: null, abort() {}, pause() {}, resume() {} }
          const start = () => {
            handler.onRequestStart?.(controller, null)
            written += 1
          }
          try {
            start()
            start()
          } catch (error) {
            handler.onResponseError?.(controller, error instanceof Error ? error : new Error("unknown"))
          }
          return true
        }
      }
      const outcome = yield* Exchange.post(new Replaying(), { path: "/", headers: [], body: "{}" }, 1_000)
      assert.strictEqual(outcome._tag, "Lost")
      assert.strictEqual(written, 1)
    })
  )
})

describe("connections", () => {
  it.effect("are reused: twenty sends, one connection", () =>
    Effect.gen(function* () {
      const meta = yield* RawServer.make((socket, { nth }) =>
        socket.write(RawServer.http(200, RawServer.accepted(`wamid.${nth}`)))
      )
      const answers = yield* Effect.replicateEffect(
        Effect.tap(send(), () => twoTurns),
        20
      ).pipe(Effect.provide(to(meta.url)))
      assert.isTrue(answers.every(({ _tag }) => _tag === "Accepted"))
      assert.strictEqual(meta.received.length, 20)
      assert.strictEqual(meta.connections(), 1)
    })
  )

  it.effect("are one per call in progress, up to the limit", () =>
    Effect.gen(function* () {
      const waiting: Array<() => void> = []
      const meta = yield* RawServer.make((socket, { nth }) => {
        waiting.push(() => socket.write(RawServer.http(200, RawServer.accepted(`wamid.${nth}`))))
        if (waiting.length === 3) for (const release of waiting.splice(0)) release()
      })
      yield* Effect.replicateEffect(send(), 6, { concurrency: 6 }).pipe(
        Effect.provide(to(meta.url, { connections: 3 }))
      )
      assert.strictEqual(meta.connections(), 3)
    })
  )

  it.effect("that the server closes after an answer are not used again, and nothing is lost by it", () =>
    Effect.gen(function* () {
      const meta = yield* RawServer.make((socket, { nth }) =>
        socket.end(RawServer.http(200, RawServer.accepted(`wamid.${nth}`), "connection: close"))
      )
      const answers = yield* Effect.replicateEffect(send(), 5).pipe(Effect.provide(to(meta.url)))
      assert.isTrue(answers.every(({ _tag }) => _tag === "Accepted"))
      assert.strictEqual(meta.connections(), 5)
    })
  )

  it.effect("that are stale when a request meets them never replay it", () =>
    Effect.gen(function* () {
      const meta = yield* RawServer.make((socket, { nth }) => {
        if (nth === 1) socket.write(RawServer.http(200, RawServer.accepted("wamid.1")))
        else socket.resetAndDestroy()
      })
      yield* Effect.gen(function* () {
        assert.strictEqual((yield* send({ attemptId: nthAttempt(1) }))._tag, "Accepted")
        yield* twoTurns
        assert.strictEqual((yield* send({ attemptId: nthAttempt(2) }))._tag, "Lost")
      }).pipe(Effect.provide(to(meta.url)))
      assert.strictEqual(meta.connections(), 1)
      assert.strictEqual(meta.received.length, 2)
    })
  )

  it.live("whatever servers do to them: every request is seen at most once, and every answer is its own", () =>
    Effect.gen(function* () {
      const Body = Schema.fromJsonString(Schema.Struct({ biz_opaque_callback_data: Schema.String }))
      const attemptOf = (body: string) => Schema.decodeUnknownSync(Body)(body).biz_opaque_callback_data
      const ownAnswer = (body: string, ...headers: ReadonlyArray<string>) =>
        RawServer.http(200, RawServer.accepted(`wamid.${attemptOf(body)}`), ...headers)
      const stranger = RawServer.http(200, RawServer.accepted("wamid.stranger"))
      const habits: ReadonlyArray<Parameters<typeof RawServer.make>[0]> = [
        (socket, { body }) => socket.write(ownAnswer(body)),
        (socket, { body }) => socket.end(ownAnswer(body)),
        (socket, { body }) => socket.write(ownAnswer(body), () => socket.resetAndDestroy()),
        (socket, { body }) => socket.end(ownAnswer(body, "connection: close")),
        (socket, { body }) => socket.write(ownAnswer(body, "keep-alive: timeout=1")),
        (socket, { body }) => socket.write(ownAnswer(body) + stranger),
        (socket, { body }) => socket.write(ownAnswer(body), () => setImmediate(() => socket.write(stranger))),
        (socket, { body }) => socket.write(ownAnswer(body), () => setImmediate(() => socket.end())),
        (socket) => socket.resetAndDestroy(),
        (socket) => socket.end(),
        (socket, { body }) => socket.end(ownAnswer(body).slice(0, -20))
      ]
      const meta = yield* RawServer.make((socket, request) =>
        habits[(request.nth * 7) % habits.length]?.(socket, request)
      )
      const calls = Array.from({ length: 600 }, (_, n) => n)
      const answers = yield* Effect.forEach(
        calls,
        // A number of its own each, so that no circuit opens.
        (n) => send({ attemptId: nthAttempt(n), instance: ofNumber(`${instance.phoneNumberId}${n}`) }),
        { concurrency: 8 }
      ).pipe(Effect.provide(to(meta.url)))

      const seen = new Map<string, number>()
      for (const { body } of meta.received) seen.set(attemptOf(body), (seen.get(attemptOf(body)) ?? 0) + 1)
      for (const [n, answer] of answers.entries()) {
        const times = seen.get(nthAttempt(n)) ?? 0
        assert.isAtMost(times, 1)
        if (answer._tag === "NeverLeft") assert.strictEqual(times, 0)
        if (answer._tag === "Accepted") assert.deepStrictEqual([times, answer.wamid], [1, `wamid.${nthAttempt(n)}`])
      }
      assert.isTrue(answers.some(({ _tag }) => _tag === "Accepted"))
      assert.isTrue(answers.some(({ _tag }) => _tag === "Lost"))
    })
  )
})
