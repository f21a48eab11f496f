import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, type Layer, Option, Struct } from "effect"
import { createHash } from "node:crypto"
import { ApiKey, ApiKeyId, KeyHash } from "../../core/instance/ApiKey.ts"
import { ApiKeys } from "../../core/instance/ApiKeys.ts"
import { Fixture } from "./Fixture.ts"

const hashOf = (key: string): KeyHash => KeyHash.make(createHash("sha256").update(key).digest("hex"))

const createdAt = DateTime.makeUnsafe("2026-03-01T12:34:56.789Z")

/** The laws of the `ApiKeys` port. */
export const apiKeysContract = <E>(adapter: string, live: Layer.Layer<ApiKeys | Fixture, E>) =>
  layer(live, { timeout: "60 seconds" })(`ApiKeys on ${adapter}`, (it) => {
    it.effect("a key is found by its hash, with the instance it opens; many may open one", () =>
      Effect.gen(function* () {
        const keys = yield* ApiKeys
        const fixture = yield* Fixture
        const instance = yield* fixture.instance
        const other = yield* fixture.instance
        const given = { createdAt, label: "Loja" }
        const one = yield* fixture.key({ ...given, instanceId: instance.id, hash: hashOf("one") })
        const two = yield* fixture.key({ ...given, instanceId: instance.id, hash: hashOf("two") })
        const three = yield* fixture.key({ ...given, instanceId: other.id, hash: hashOf("three") })
        assert.deepStrictEqual(yield* keys.find(hashOf("one")), Option.some({ key: one, instance }))
        assert.deepStrictEqual(yield* keys.find(hashOf("two")), Option.some({ key: two, instance }))
        assert.deepStrictEqual(yield* keys.find(hashOf("three")), Option.some({ key: three, instance: other }))
      })
    )

    it.effect("an unknown hash opens nothing", () =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* (yield* ApiKeys).find(hashOf("never made")), Option.none())
      })
    )

    it.effect("a revoked key is found with the time of its end: whether it opens is judged elsewhere", () =>
      Effect.gen(function* () {
        const fixture = yield* Fixture
        const instance = yield* fixture.instance
        const revokedAt = DateTime.add(createdAt, { hours: 1 })
        const given = { instanceId: instance.id, hash: hashOf("revoked"), label: "Loja", createdAt, revokedAt }
        const key = yield* fixture.key(given)
        assert.deepStrictEqual(yield* (yield* ApiKeys).find(given.hash), Option.some({ key, instance }))
      })
    )

    it.effect("the time of the last use is remembered for those that were used, and for no other", () =>
      Effect.gen(function* () {
        const keys = yield* ApiKeys
        const fixture = yield* Fixture
        const instance = yield* fixture.instance
        const names = ["used", "used too", "idle"] as const
        const made = yield* Effect.forEach(names, (name) =>
          fixture.key({ instanceId: instance.id, hash: hashOf(name), label: name, createdAt })
        )
        const at = DateTime.add(createdAt, { days: 1 })
        yield* keys.touch(
          made.filter(({ label }) => label !== "idle").map(({ id }) => id),
          at
        )
        for (const key of made) {
          const lastUsedAt = key.label === "idle" ? Option.none<DateTime.Utc>() : Option.some(at)
          const found = yield* keys.find(hashOf(key.label))
          assert.deepStrictEqual(found, Option.some({ key: new ApiKey(Struct.assign(key, { lastUsedAt })), instance }))
        }
      })
    )

    it.effect("touching none, or one that is gone, is no fault", () =>
      Effect.gen(function* () {
        const keys = yield* ApiKeys
        yield* keys.touch([], createdAt)
        yield* keys.touch([ApiKeyId.make(2_000_000_000)], createdAt)
      })
    )
  })
