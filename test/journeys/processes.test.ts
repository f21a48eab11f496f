import { assert, layer } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { SqlClient } from "effect/sql"
import { addMetrics } from "../../apps/telemetry/addMetrics.ts"
import { eventually } from "./Child.ts"
import * as Http from "./Http.ts"
import * as Meta from "./Meta.ts"
import * as Product from "./Product.ts"
import * as Shop from "./Shop.ts"
import { describe, it as test } from "vitest"

const sends = 40

const inSeveralProcesses = Effect.gen(function* () {
  const { httpApp, simulatorUrl } = yield* Product.Apart
  return Product.Product.of({ ...(yield* httpApp({ AIDESK_HTTP_PROCESSES: "2" })), simulatorUrl })
})

const counted = Effect.fnUntraced(function* (url: string) {
  const { text } = yield* Http.send(url, { method: "GET", path: "/metrics" })
  return Number(/aidesk_send_requests_total\{[^}]*outcome="sent"\} (\d+)/u.exec(text)?.[1] ?? 0)
})

layer(Product.layerApart, { excludeTestServices: true, timeout: "60 seconds" })(
  "the HTTP app in several processes",
  (it) => {
    it.effect("answers on one port, counts together, finishes what is under way and ends with 0", () =>
      Effect.gen(function* () {
        const product = yield* inSeveralProcesses
        yield* Effect.gen(function* () {
          const shop = yield* Shop.open()
          const sql = yield* SqlClient.SqlClient
          const send = Shop.sendTemplate(shop)
          for (const { status } of yield* Effect.all(
            Array.from({ length: sends }, () => send),
            {
              concurrency: 16
            }
          )) {
            assert.strictEqual(status, 200)
          }
          // Whichever process is asked, it tells of all.
          for (let asked = 0; asked < 4; asked++) assert.strictEqual(yield* counted(product.url), sends)

          yield* Meta.latency(1000)
          const underWay = yield* Effect.forEach(Array.from({ length: 10 }), () => Effect.forkChild(send))
          yield* eventually(
            Effect.flatMap(sql`select id from attempt`, (rows) => Effect.sync(() => assert.lengthOf(rows, 10)))
          )
          yield* product.child.signal("SIGTERM")
          for (const fiber of underWay) assert.strictEqual((yield* Fiber.join(fiber)).status, 200)
          assert.deepStrictEqual(yield* product.child.ended, { code: 0, signal: null })
        }).pipe(Effect.provideService(Product.Product, product))
      })
    )
  }
)

describe("metrics of several processes", () => {
  test("are added series by series, comments told once", () => {
    const one = '# TYPE a counter\na{x="1 2"} 1\na{x="3"} 5\n'
    const other = '# TYPE a counter\na{x="1 2"} 2\nb 0.5\n'
    assert.strictEqual(addMetrics([one, other, ""]), '# TYPE a counter\na{x="1 2"} 3\na{x="3"} 5\nb 0.5\n')
  })
})
