import { assert, describe } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { SqlClient } from "effect/sql"
import { Administration } from "../../../core/administration/Administration.ts"
import { eventually } from "../Child.ts"
import * as Http from "../Http.ts"
import * as Meta from "../Meta.ts"
import * as Product from "../Product.ts"
import * as Shop from "../Shop.ts"
import * as Told from "../Told.ts"

export const keys = (it: Product.It) =>
  describe("An API key", () => {
    it.effect("that is revoked opens nothing after five seconds, though it was in use all the time", () =>
      Effect.gen(function* () {
        const administration = yield* Administration
        const shop = yield* Shop.open()
        Told.acceptedOn("/send-message", yield* Shop.sendTemplate(shop))
        yield* administration.revokeKey(shop.instanceId, shop.keyId)
        const [took, refused] = yield* Effect.timed(
          eventually(
            Effect.tap(Shop.sendTemplate(shop), ({ status }) => Effect.sync(() => assert.strictEqual(status, 401)))
          )
        )
        assert.strictEqual(Told.failureOn("/send-message", refused).code, "invalid_api_key")
        assert.isBelow(Duration.toSeconds(took), 5)
        const direct = yield* Shop.sendDirect(shop)
        assert.strictEqual(Told.failureOn("/sendmessage", direct).code, "invalid_api_key")
      })
    )

    it.effect("opens its own instance and no other", () =>
      Effect.gen(function* () {
        const [ours, theirs] = [yield* Shop.open(), yield* Shop.open()]
        const direct = yield* Shop.sendDirect({ ...theirs, key: ours.key })
        assert.deepInclude(Told.failureOn("/sendmessage", direct), {
          code: "instance_not_authorized",
          field: "instance_id"
        })
        const template = yield* Shop.sendTemplate({ ...theirs, key: ours.key })
        assert.strictEqual(Told.failureOn("/send-message", template).status, 400)
        assert.deepStrictEqual([yield* Meta.count(ours), yield* Meta.count(theirs)], [0, 0])
      })
    )

    it.effect("is one of many of its instance", () =>
      Effect.gen(function* () {
        const administration = yield* Administration
        const shop = yield* Shop.open()
        const second = yield* Shop.anotherKey(shop)
        Told.acceptedOn("/sendmessage", yield* Shop.sendDirect({ ...shop, key: second }))
        yield* administration.revokeKey(shop.instanceId, shop.keyId)
        Told.acceptedOn("/sendmessage", yield* Shop.sendDirect({ ...shop, key: second }))
      })
    )

    it.effect("is known as soon as it is made, though it was asked for before", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        const key = `ad_test_${"0123456789abcdef".repeat(2)}`
        const early = yield* Shop.sendTemplate({ ...shop, key })
        assert.strictEqual(Told.failureOn("/send-message", early).code, "invalid_api_key")
        yield* Shop.addKey(shop, key)
        Told.acceptedOn("/send-message", yield* Shop.sendTemplate({ ...shop, key }))
      })
    )

    it.effect("is taken whole and as it is, from its own header only", () =>
      Effect.gen(function* () {
        const shop = yield* Shop.open()
        const { key } = shop
        for (const wrong of [
          key.toUpperCase(),
          key.slice(0, -1),
          `${key}0`,
          `Bearer ${key}`,
          `${key}, ${key}`,
          "x".repeat(10_000),
          "ad_test_ção",
          "' or '1'='1"
        ]) {
          const answer = yield* Shop.sendTemplate({ ...shop, key: wrong })
          assert.strictEqual(Told.failureOn("/send-message", answer).code, "invalid_api_key", wrong)
        }
        const { url } = yield* Product.Product
        for (const headers of [{}, { authorization: `Bearer ${key}` }, { "x-api-key": key }, { apikey: "" }]) {
          const answer = yield* Http.send(url, { path: `/send-message?apikey=${key}`, headers, body: {} })
          assert.strictEqual(Told.failureOn("/send-message", answer).code, "missing_api_key")
        }
      })
    )

    it.effect("is kept as its hash only", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        const shop = yield* Shop.open()
        const kept = JSON.stringify(yield* sql`select * from api_key where id = ${shop.keyId}`)
        assert.notInclude(kept, shop.key.slice("ad_test_".length + 8))
      })
    )
  })
