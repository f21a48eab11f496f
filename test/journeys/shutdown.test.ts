import { assert, layer } from "@effect/vitest"
import { Duration, Effect, Fiber } from "effect"
import { SqlClient } from "effect/sql"
import { connect, type Socket } from "node:net"
import { eventually } from "./Child.ts"
import * as Http from "./Http.ts"
import * as Meta from "./Meta.ts"
import * as Product from "./Product.ts"
import * as Shop from "./Shop.ts"
import * as Told from "./Told.ts"

/** A connection, with whatever the server says on it. */
const connection = Effect.fnUntraced(function* (url: string, first: string) {
  const { hostname, port } = new URL(url)
  let said = ""
  const socket = yield* Effect.acquireRelease(
    Effect.callback<Socket>((resume) => {
      const opened = connect(Number(port), hostname, () => resume(Effect.succeed(opened)))
      opened.on("data", (bytes) => (said += bytes.toString("utf8")))
      opened.on("error", () => opened.destroy())
    }),
    (opened) => Effect.sync(() => opened.destroy())
  )
  socket.write(first)
  return { said: () => said, socket }
})

/** As a client writes a request that keeps its connections: nothing is said of closing it. */
const onKeptConnection = (shop: Shop.Shop): string => {
  const body = JSON.stringify(Shop.templateBody(shop))
  const head = [
    "POST /send-message HTTP/1.1",
    "host: x",
    `apikey: ${shop.key}`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`
  ]
  return `${head.join("\r\n")}\r\n\r\n${body}`
}

const inFlight = 20

layer(Product.layer, { excludeTestServices: true, timeout: "60 seconds" })("SIGTERM", (it) => {
  it.effect("lets what is under way finish, takes nothing new, and ends the HTTP app with 0", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const { child, url } = yield* Product.Product
      const shop = yield* Shop.open()

      // Clients that keep their connections, after a request and before any.
      const idle = yield* connection(url, "GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n")
      yield* connection(url, "")
      yield* eventually(Effect.sync(() => assert.match(idle.said(), /"ok"\}$/u)))

      yield* Meta.latency(1500)
      const sending = yield* Effect.forEach(Array.from({ length: inFlight }), () =>
        Effect.forkChild(Shop.sendTemplate(shop))
      )
      const direct = yield* Effect.forkChild(Shop.sendDirect(shop))
      const kept = yield* connection(url, onKeptConnection(shop))
      yield* eventually(Effect.map(Meta.count(shop), (count) => assert.strictEqual(count, inFlight + 2)))

      yield* child.signal("SIGTERM")
      yield* eventually(
        Effect.map(Effect.flip(Http.send(url, { method: "GET", path: "/health/live" })), ({ code }) =>
          assert.strictEqual(code, "ECONNREFUSED")
        )
      )
      assert.isUndefined(direct.pollUnsafe())

      const answers = yield* Effect.forEach(sending, Fiber.join)
      const wamids = answers.map((answer) => Told.acceptedOn("/send-message", answer))
      wamids.push(Told.acceptedOn("/sendmessage", yield* Fiber.join(direct)))
      yield* eventually(Effect.sync(() => assert.isTrue(kept.socket.closed)))
      assert.match(kept.said(), /^HTTP\/1\.1 200 OK\r\n/u)
      assert.match(kept.said(), /^connection: close\r$/imu)
      wamids.push(/wamid\.[\w+/=]+/u.exec(kept.said())?.[0] ?? "none")
      assert.deepStrictEqual((yield* Meta.sends(shop)).map((sent) => sent.wamid).sort(), wamids.sort())

      const [took, ending] = yield* Effect.timed(child.ended)
      assert.deepStrictEqual(ending, { code: 0, signal: null })
      // Nobody waits for clients that have nothing under way.
      assert.isBelow(Duration.toSeconds(took), 5)
      assert.strictEqual(child.errors(), "")

      assert.strictEqual((yield* sql`select 1 from attempt`).length, 0)
      assert.strictEqual((yield* sql`select 1 from outcome where status = 'accepted'`).length, inFlight + 2)
      const [used] = yield* sql`select last_used_at is not null as known from api_key where id = ${shop.keyId}`
      assert.deepStrictEqual(used, { known: true })
    })
  )

  it.effect("and SIGINT end every app with 0, and without a word", () =>
    Effect.gen(function* () {
      const { httpApp, worker } = yield* Product.Apart
      const [simulator, app, recovery] = yield* Effect.all([Product.simulator, httpApp(), worker], {
        concurrency: "unbounded"
      })
      yield* simulator.child.signal("SIGTERM")
      yield* app.child.signal("SIGINT")
      yield* recovery.signal("SIGTERM")
      for (const child of [simulator.child, app.child, recovery]) {
        assert.deepStrictEqual(yield* child.ended, { code: 0, signal: null })
        assert.strictEqual(child.errors(), "")
      }
    })
  )
})
