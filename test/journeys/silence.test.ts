import { assert, layer } from "@effect/vitest"
import { Effect, Fiber } from "effect"
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

  it.effect("silent", () =>
    Effect.gen(function* () {
      const { product, proxy } = yield* behindProxy
      yield* Effect.gen(function* () {
        const shop = yield* Shop.open()
        Told.acceptedOn("/send-message", yield* Shop.sendTemplate(shop))
        yield* proxy.silence
        const t0 = Date.now()
        const log = (n: string) => (a: any) => console.log(n, Date.now() - t0, a.status, a.text)
        const f = yield* Effect.forkChild(Effect.all([
          Effect.map(Shop.sendTemplate(shop), log("template")),
          Effect.map(Shop.sendDirect(shop), log("direct")),
          Effect.map(health("/health/ready"), log("ready")),
          Effect.map(Shop.sendTemplate({...shop, key: "ad_test_nope"}), log("key")),
        ], {concurrency: "unbounded"}))
        yield* Effect.sleep("40 seconds")
        console.log("mend", product.child.output(), product.child.errors())
        yield* proxy.mend
        yield* Effect.raceFirst(Fiber.join(f), Effect.sleep("20 seconds"))
        console.log("after", Date.now() - t0)
        console.log((yield* Shop.sendTemplate(shop)).text, yield* Meta.count(shop))
      }).pipe(Effect.provideService(Product.Product, product))
    }), 90000
  )
})
