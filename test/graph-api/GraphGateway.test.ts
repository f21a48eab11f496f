import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Layer, Option, Redacted } from "effect"
import { TestClock } from "effect/testing"
import * as GraphGateway from "../../adapters/graph-api/GraphGateway.ts"
import { AccessTokens } from "../../core/instance/AccessTokens.ts"
import type { InstanceId } from "../../core/instance/Instance.ts"
import type { GatewayAnswer } from "../../core/message/GatewayAnswer.ts"
import { Unavailable } from "../../core/Unavailable.ts"
import * as RawServer from "./RawServer.ts"
import { attemptId, hello, ofId, rehearsal, send, to, token } from "./Sending.ts"

const acceptingServer = RawServer.make((socket, { nth }) =>
  socket.write(RawServer.http(200, RawServer.accepted(`wamid.${nth}`)))
)

describe("GraphGateway", () => {
  it.effect("sends a message with one POST to the number of the instance, with the instance's token", () =>
    Effect.gen(function* () {
      const meta = yield* acceptingServer
      const answer = yield* send().pipe(Effect.provide(to(meta.url)))
      assert.deepStrictEqual(answer, { _tag: "Accepted", wamid: "wamid.1", waId: "5511978049825", held: false })
      assert.strictEqual(meta.received.length, 1)
      const [request] = meta.received
      const [first, ...headers] = request?.head.split("\r\n") ?? []
      assert.strictEqual(first, "POST /v25.0/106540352242922/messages HTTP/1.1")
      assert.include(headers, `authorization: Bearer ${token}`)
      assert.include(headers, "content-type: application/json")
      assert.deepStrictEqual(JSON.parse(request?.body ?? ""), {
        messaging_product: "whatsapp",
        recipient_type: "individual",
        to: "+5511978049825",
        type: "text",
        text: { body: "Olá, José" },
        biz_opaque_callback_data: attemptId
      })
    })
  )

  it.effect("keeps the path of its base URL and speaks the version it is told", () =>
    Effect.gen(function* () {
      const meta = yield* acceptingServer
      yield* send().pipe(Effect.provide(to(`${meta.url}/graph/`, { version: "v24.0" })))
      assert.match(meta.received[0]?.head ?? "", /^POST \/graph\/v24\.0\/106540352242922\/messages /u)
    })
  )

  it.effect("passes Meta's refusal on, whatever the HTTP status", () =>
    Effect.gen(function* () {
      const meta = yield* RawServer.make((socket) => socket.end(RawServer.http(503, RawServer.refused(131047))))
      const answer = yield* send().pipe(Effect.provide(to(meta.url)))
      assert.strictEqual(answer._tag, "Refused")
      if (answer._tag === "Refused") assert.strictEqual(answer.error.code, 131047)
      assert.strictEqual(meta.received.length, 1)
    })
  )

  it.effect("tells nothing of the request in its answers: no token, no number, no text", () =>
    Effect.gen(function* () {
      const meta = yield* RawServer.make((socket, { body, head }) =>
        socket.end(RawServer.http(500, JSON.stringify({ error: { debug: `${head}${body}` } })))
      )
      const told = JSON.stringify([
        yield* send().pipe(Effect.provide(to(meta.url))),
        yield* send().pipe(Effect.provide(to("http://graph.invalid")))
      ])
      for (const secret of [token, hello.to, "José"]) assert.notInclude(told, secret)
    })
  )
})

describe("live and simulated", () => {
  it.effect("an instance that is simulated sends to the simulator and shows it no real token", () =>
    Effect.gen(function* () {
      const meta = yield* acceptingServer
      const simulator = yield* acceptingServer
      yield* send({ instance: rehearsal }).pipe(Effect.provide(to(meta.url, { simulatorUrl: simulator.url })))
      assert.strictEqual(meta.connections(), 0)
      assert.strictEqual(simulator.received.length, 1)
      assert.include(simulator.received[0]?.head, "authorization: Bearer simulated")
    })
  )

  it.effect("an instance that is live never sends to the simulator", () =>
    Effect.gen(function* () {
      const meta = yield* acceptingServer
      const simulator = yield* acceptingServer
      yield* send().pipe(Effect.provide(to(meta.url, { simulatorUrl: simulator.url })))
      assert.strictEqual(meta.received.length, 1)
      assert.strictEqual(simulator.connections(), 0)
    })
  )

  it.effect("without a simulator a simulated instance sends nowhere", () =>
    Effect.gen(function* () {
      const meta = yield* acceptingServer
      const answer = yield* send({ instance: rehearsal }).pipe(Effect.provide(to(meta.url)))
      assert.deepStrictEqual(answer, { _tag: "NoSimulator" })
      assert.strictEqual(meta.connections(), 0)
    })
  )
})

describe("access tokens", () => {
  type Find = AccessTokens["Service"]["find"]

  const withTokens = (url: string, find: Find) =>
    GraphGateway.layer({ graphBaseUrl: url, simulatorUrl: undefined }).pipe(
      Layer.provide(Layer.succeed(AccessTokens, AccessTokens.of({ find })))
    )

  /** A store that counts how often it is asked. */
  const counted = (find: (nth: number, instanceId: InstanceId) => ReturnType<Find>) => {
    let asked = 0
    const counting: Find = (instanceId) => Effect.suspend(() => find((asked += 1), instanceId))
    return { find: counting, asked: () => asked }
  }

  it.effect("are looked up once for many sends, and again after five seconds", () =>
    Effect.gen(function* () {
      const meta = yield* acceptingServer
      const store = counted((nth) => Effect.succeed(Option.some(Redacted.make(`token-${nth}`))))
      yield* Effect.gen(function* () {
        yield* Effect.replicateEffect(send(), 10, { concurrency: "unbounded" })
        assert.strictEqual(store.asked(), 1)
        yield* TestClock.adjust("5 seconds")
        yield* send()
        assert.strictEqual(store.asked(), 2)
      }).pipe(Effect.provide(withTokens(meta.url, store.find)))
      assert.include(meta.received[9]?.head, "authorization: Bearer token-1")
      assert.include(meta.received[10]?.head, "authorization: Bearer token-2")
    })
  )

  it.effect("that are missing are an answer, and one stored since is used at once", () =>
    Effect.gen(function* () {
      const meta = yield* acceptingServer
      const store = counted((nth) => Effect.succeed(nth === 1 ? Option.none() : Option.some(Redacted.make(token))))
      yield* Effect.gen(function* () {
        assert.deepStrictEqual(yield* send(), { _tag: "NoToken" })
        assert.strictEqual(meta.connections(), 0)
        assert.strictEqual((yield* send())._tag, "Accepted")
      }).pipe(Effect.provide(withTokens(meta.url, store.find)))
    })
  )

  const tokenAway: GatewayAnswer = { _tag: "NeverLeft", reason: "access token unavailable", retryAfter: undefined }

  it.effect("that cannot be read leave the message unsent, and are asked for again by the next", () =>
    Effect.gen(function* () {
      const meta = yield* acceptingServer
      const store = counted((nth) =>
        nth === 1
          ? Effect.fail(new Unavailable({ dependency: "database", cause: new Error("away") }))
          : Effect.succeed(Option.some(Redacted.make(token)))
      )
      yield* Effect.gen(function* () {
        assert.deepStrictEqual(yield* send(), tokenAway)
        assert.strictEqual((yield* send())._tag, "Accepted")
      }).pipe(Effect.provide(withTokens(meta.url, store.find)))
      assert.strictEqual(meta.received.length, 1)
    })
  )

  it.live("are not waited for longer than a second", () =>
    Effect.gen(function* () {
      const meta = yield* acceptingServer
      const [spent, answer] = yield* Effect.timed(send()).pipe(Effect.provide(withTokens(meta.url, () => Effect.never)))
      assert.deepStrictEqual(answer, tokenAway)
      assert.isBelow(Duration.toMillis(spent), 2_000)
    })
  )

  it.effect("that no header can carry leave the message unsent and are not repeated", () =>
    Effect.gen(function* () {
      const meta = yield* acceptingServer
      const answer = yield* send().pipe(
        Effect.provide(withTokens(meta.url, () => Effect.succeed(Option.some(Redacted.make("two\nlines")))))
      )
      assert.deepStrictEqual(answer, { _tag: "NeverLeft", reason: "UND_ERR_INVALID_ARG", retryAfter: undefined })
      assert.strictEqual(meta.connections(), 0)
    })
  )

  it.effect("of one instance are not used for another", () =>
    Effect.gen(function* () {
      const meta = yield* acceptingServer
      const store = counted((_, instanceId) => Effect.succeed(Option.some(Redacted.make(`token-of-${instanceId}`))))
      yield* Effect.gen(function* () {
        yield* send()
        yield* send({ instance: ofId(9) })
      }).pipe(Effect.provide(withTokens(meta.url, store.find)))
      assert.include(meta.received[0]?.head, "Bearer token-of-4")
      assert.include(meta.received[1]?.head, "Bearer token-of-9")
    })
  )
})
