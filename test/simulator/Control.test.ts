import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, Fiber, PubSub } from "effect"
import { once } from "node:events"
import { connect } from "node:net"
import { Simulator } from "../../adapters/simulator/Simulator.ts"
import { request, running, script, send } from "./RunningSimulator.ts"

layer(running())("The simulator", (it) => {
  it.effect("tells where it listens", () =>
    Effect.gen(function* () {
      const { host, port, url } = yield* Simulator
      assert.strictEqual(host, "127.0.0.1")
      assert.isAbove(port, 0)
      assert.strictEqual(url, `http://127.0.0.1:${port}`)
    })
  )

  it.effect("is healthy and says how many sends it accepted, to anybody", () =>
    Effect.gen(function* () {
      yield* send()
      const answer = yield* request("GET", "/_simulator/health", undefined, {})
      assert.deepStrictEqual(answer.json, { status: "ok", sends: 1 })
    })
  )

  it.effect("announces each send it accepted, and none that it refused", () =>
    Effect.gen(function* () {
      const accepted = yield* (yield* Simulator).accepted
      yield* send({ text: { body: "" } })
      yield* send({ text: { body: "primeira" } })
      yield* script({ kind: "lost_response" })
      yield* Effect.flip(send({ text: { body: "segunda" } }))
      const bodies = (yield* PubSub.takeAll(accepted)).map(({ body }) => JSON.stringify(body))
      assert.strictEqual(bodies.length, 2)
      assert.include(bodies[0], "primeira")
      assert.include(bodies[1], "segunda")
    })
  )
})

describe("The end of the simulator", () => {
  it.live("does not wait for late answers", () =>
    Effect.gen(function* () {
      const answer = yield* Effect.gen(function* () {
        const accepted = yield* (yield* Simulator).accepted
        yield* script({ kind: "late", delay_ms: 600_000 })
        const waiting = yield* Effect.forkDetach(send())
        yield* PubSub.take(accepted)
        return waiting
      }).pipe(Effect.scoped, Effect.provide(running()))
      assert.strictEqual((yield* Fiber.join(answer)).status, 503)
    })
  )

  it.live("does not wait for a caller that never finishes its request", () =>
    Effect.gen(function* () {
      const { port } = yield* Simulator
      const socket = connect(port, "127.0.0.1")
      yield* Effect.promise(() => once(socket, "connect"))
      const head = "POST /v25.0/1/messages HTTP/1.1\r\nhost: "
      yield* Effect.callback<void>((resume) => {
        socket.write(head, () => resume(Effect.void))
      })
      return once(socket, "close")
    }).pipe(
      Effect.provide(running()),
      Effect.flatMap((closed) => Effect.promise(() => closed))
    )
  )

  it.effect("frees its port for the next", () =>
    Effect.gen(function* () {
      const port = yield* Effect.map(Simulator, (simulator) => simulator.port).pipe(Effect.provide(running()))
      const again = yield* Effect.map(Simulator, (simulator) => simulator.port).pipe(Effect.provide(running({ port })))
      assert.strictEqual(again, port)
    })
  )

  it.effect("is at the start where its port is taken", () =>
    Effect.gen(function* () {
      const { port } = yield* Simulator
      const failure = yield* Effect.flip(Effect.provide(Simulator, running({ port })))
      assert.strictEqual(failure._tag, "ServeError")
    }).pipe(Effect.provide(running()))
  )
})
