import { assert, layer } from "@effect/vitest"
import { Duration, Effect, Fiber } from "effect"
import { SqlClient } from "effect/sql"
import { eventually } from "./Child.ts"
import * as CuttableProxy from "./CuttableProxy.ts"
import { hold, waiting } from "./HeldTable.ts"
import * as Http from "./Http.ts"
import * as Meta from "./Meta.ts"
import * as Product from "./Product.ts"
import * as Shop from "./Shop.ts"
import * as Told from "./Told.ts"

/** An HTTP app whose database is behind a proxy. */
const behindProxy = Effect.gen(function* () {
  const { databaseUrl, httpApp, simulatorUrl } = yield* Product.Apart
  const url = new URL(databaseUrl)
  const proxy = yield* CuttableProxy.to({ host: url.hostname, port: Number(url.port) })
  url.host = `127.0.0.1:${proxy.port}`
  return { proxy, product: Product.Product.of({ ...(yield* httpApp({ DATABASE_URL: url.href })), simulatorUrl }) }
})

const health = (path: "/health/live" | "/health/ready") =>
  Effect.flatMap(Product.Product, ({ url }) => Http.send(url, { method: "GET", path }))

layer(Product.layerApart, { excludeTestServices: true, timeout: "60 seconds" })("A database that is away", (it) => {
  it.effect("is told as 503 on both paths and by /health/ready, and is found again when it is back", () =>
    Effect.gen(function* () {
      const { product, proxy } = yield* behindProxy
      yield* Effect.gen(function* () {
        const shop = yield* Shop.open()
        Told.acceptedOn("/send-message", yield* Shop.sendTemplate(shop))
        assert.strictEqual((yield* health("/health/ready")).status, 200)

        yield* proxy.cut
        const [template, direct, strange] = yield* Effect.all(
          [Shop.sendTemplate(shop), Shop.sendDirect(shop), Shop.sendTemplate({ ...shop, key: "ad_test_unknown" })],
          { concurrency: "unbounded" }
        )
        for (const [path, answer] of [
          ["/send-message", template],
          ["/sendmessage", direct],
          ["/send-message", strange]
        ] as const) {
          const told = Told.failureOn(path, answer)
          assert.deepInclude(told, { code: "database_unavailable", retryable: true, retry_after: 5 })
        }
        const ready = yield* health("/health/ready")
        assert.strictEqual(ready.status, 503)
        assert.deepStrictEqual(ready.json, {
          status: "unavailable",
          checks: { database: "unavailable", migrations: "unknown" }
        })
        assert.strictEqual((yield* health("/health/live")).status, 200)

        yield* proxy.mend
        yield* eventually(Effect.map(health("/health/ready"), ({ status }) => assert.strictEqual(status, 200)))
        Told.acceptedOn("/send-message", yield* Shop.sendTemplate(shop))
        assert.strictEqual(yield* Meta.count(shop), 2)
        assert.strictEqual(product.child.errors(), "")
      }).pipe(Effect.provideService(Product.Product, product))
    })
  )

  it.effect("between two requests goes unnoticed: broken connections are replaced", () =>
    Effect.gen(function* () {
      const { product, proxy } = yield* behindProxy
      yield* Effect.gen(function* () {
        const shop = yield* Shop.open()
        yield* Effect.all(
          Array.from({ length: 20 }, () => Shop.sendTemplate(shop)),
          { concurrency: "unbounded" }
        )
        yield* proxy.cut
        yield* proxy.mend
        const answers = yield* Effect.all(
          Array.from({ length: 20 }, () => Shop.sendTemplate(shop, {}, {})),
          { concurrency: "unbounded" }
        )
        for (const answer of answers) Told.acceptedOn("/send-message", answer)
        assert.strictEqual(yield* Meta.count(shop), 40)
      }).pipe(Effect.provideService(Product.Product, product))
    })
  )

  it.effect("while Meta is at it: 504 until the outcome is recorded, which happens when the database is back", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const { product, proxy } = yield* behindProxy
      yield* Effect.gen(function* () {
        const shop = yield* Shop.open()
        const key = { "idempotency-key": "pedido-1" }
        yield* Meta.script(shop, { kind: "late", delay_ms: 500 })
        const sending = yield* Effect.forkChild(Shop.sendTemplate(shop, {}, key))
        yield* eventually(Effect.map(Meta.count(shop), (count) => assert.strictEqual(count, 1)))
        yield* proxy.cut
        const first = yield* Fiber.join(sending)
        // Meta has taken it, which nobody may count on before it is committed.
        assert.strictEqual(Told.failureOn("/send-message", first).code, "outcome_unknown")

        yield* proxy.mend
        yield* eventually(Effect.map(sql`select 1 from attempt`, (attempts) => assert.strictEqual(attempts.length, 0)))
        const again = yield* Shop.sendTemplate(shop, {}, key)
        const wamid = Told.acceptedOn("/send-message", again)
        assert.strictEqual(again.headers["idempotent-replayed"], "true")
        assert.deepStrictEqual(
          (yield* Meta.sends(shop)).map((sent) => sent.wamid),
          [wamid]
        )
      }).pipe(Effect.provideService(Product.Product, product))
    })
  )

  it.effect("with its answer to the reservation lost: nothing is sent, and the key sends once it is back", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const { product, proxy } = yield* behindProxy
      yield* Effect.gen(function* () {
        const shop = yield* Shop.open()
        const key = { "idempotency-key": "pedido-1" }
        Told.acceptedOn("/send-message", yield* Shop.sendTemplate(shop))
        // The reservation waits until the way back is cut, then commits.
        const release = yield* hold("attempt")
        const sending = yield* Effect.forkChild(Shop.sendTemplate(shop, {}, key))
        yield* waiting("reserve")
        yield* proxy.cut
        yield* release
        const first = yield* Fiber.join(sending)
        assert.strictEqual(Told.failureOn("/send-message", first).code, "database_unavailable")

        yield* proxy.mend
        yield* eventually(Effect.map(sql`select 1 from attempt`, (attempts) => assert.strictEqual(attempts.length, 0)))
        const again = yield* Shop.sendTemplate(shop, {}, key)
        Told.acceptedOn("/send-message", again)
        assert.isUndefined(again.headers["idempotent-replayed"])
        assert.strictEqual(yield* Meta.count(shop), 2)
      }).pipe(Effect.provideService(Product.Product, product))
    })
  )

  it.effect("that takes connections and says nothing is told as away too, before long; nothing is sent", () =>
    Effect.gen(function* () {
      const { product, proxy } = yield* behindProxy
      yield* Effect.gen(function* () {
        const shop = yield* Shop.open()
        Told.acceptedOn("/send-message", yield* Shop.sendTemplate(shop))
        yield* proxy.silence
        const [took, answers] = yield* Effect.timed(
          Effect.all([Shop.sendTemplate(shop), Shop.sendTemplate(shop, { contact_name: "João" })], {
            concurrency: "unbounded"
          })
        )
        for (const answer of answers) {
          assert.strictEqual(Told.failureOn("/send-message", answer).code, "database_unavailable")
        }
        assert.isBelow(Duration.toSeconds(took), 15)
        assert.strictEqual((yield* health("/health/ready")).status, 503)

        yield* proxy.mend
        yield* eventually(Effect.map(Shop.sendTemplate(shop), (answer) => Told.acceptedOn("/send-message", answer)))
        assert.strictEqual(yield* Meta.count(shop), 2)
        assert.strictEqual(product.child.errors(), "")
      }).pipe(Effect.provideService(Product.Product, product))
    })
  )
})
