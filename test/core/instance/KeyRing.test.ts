import { assert, it } from "@effect/vitest"
import { Context, DateTime, Effect, Fiber, Layer, Option, Struct } from "effect"
import { TestClock } from "effect/testing"
import { createHash } from "node:crypto"
import * as ApiKeysMemory from "../../../adapters/memory/ApiKeysMemory.ts"
import { MemorySetup } from "../../../adapters/memory/MemorySetup.ts"
import { World } from "../../../adapters/memory/World.ts"
import { ApiKey, KeyHash } from "../../../core/instance/ApiKey.ts"
import { ApiKeys } from "../../../core/instance/ApiKeys.ts"
import { KeyRing } from "../../../core/instance/KeyRing.ts"
import { Unavailable } from "../../../core/Unavailable.ts"

const hashOf = (key: string): KeyHash => KeyHash.make(createHash("sha256").update(key).digest("hex"))

/** What was asked of the store of keys behind the ring, and whether it is there to answer. */
class Observed extends Context.Service<
  Observed,
  { finds: number; away: boolean; readonly touches: Array<ReadonlyArray<number>> }
>()("test/core/instance/Observed") {
  static readonly layer = Layer.sync(Observed, () => ({ finds: 0, away: false, touches: [] }))
}

const storage = Layer.effect(
  ApiKeys,
  Effect.gen(function* () {
    const keys = yield* ApiKeys
    const observed = yield* Observed
    const orAway = <A, E>(effect: Effect.Effect<A, E>) =>
      Effect.suspend((): Effect.Effect<A, E | Unavailable> =>
        observed.away ? Effect.fail(new Unavailable({ dependency: "database", cause: "away" })) : effect
      )
    return ApiKeys.of({
      find: (hash) => {
        observed.finds += 1
        return orAway(keys.find(hash))
      },
      touch: (ids, at) =>
        orAway(
          Effect.tap(keys.touch(ids, at), () =>
            Effect.sync(() => {
              observed.touches.push(ids)
            })
          )
        )
    })
  })
).pipe(Layer.provide(ApiKeysMemory.layer))

const ring = KeyRing.layer.pipe(
  Layer.provide(storage),
  Layer.provideMerge(Observed.layer),
  Layer.provideMerge(MemorySetup.layer),
  Layer.provideMerge(World.layer)
)

const test = <A, E>(name: string, body: () => Effect.Effect<A, E, KeyRing | MemorySetup | Observed | World>) =>
  it.effect(name, () => Effect.provide(body(), ring))

const furnished = Effect.gen(function* () {
  const setup = yield* MemorySetup
  const instance = yield* setup.addInstance()
  const key = yield* setup.addKey({ instanceId: instance.id, key: "ad_test_a" })
  return { setup, instance, key, hash: hashOf("ad_test_a") }
})

const lastUsedAt = (hash: KeyHash) =>
  Effect.map(World, (world) => Option.flatMap(Option.fromUndefinedOr(world.apiKeys.get(hash)), (key) => key.lastUsedAt))

test("a key opens its instance; an unknown one opens nothing", () =>
  Effect.gen(function* () {
    const keyRing = yield* KeyRing
    const { hash, instance } = yield* furnished
    assert.deepStrictEqual(yield* keyRing.open(hash), Option.some(instance))
    assert.deepStrictEqual(yield* keyRing.open(hashOf("ad_test_b")), Option.none())
  }))

test("a busy key costs one look-up in three seconds, also when many ask at once", () =>
  Effect.gen(function* () {
    const keyRing = yield* KeyRing
    const observed = yield* Observed
    const { hash } = yield* furnished
    yield* Effect.all(
      Array.from({ length: 50 }, () => keyRing.open(hash)),
      { concurrency: "unbounded" }
    )
    yield* TestClock.adjust("2999 millis")
    yield* keyRing.open(hash)
    assert.strictEqual(observed.finds, 1)
    yield* TestClock.adjust("1 millis")
    yield* keyRing.open(hash)
    assert.strictEqual(observed.finds, 2)
  }))

test("a revoked key opens nothing any more within five seconds, although it was busy until then", () =>
  Effect.gen(function* () {
    const keyRing = yield* KeyRing
    const { hash, key, setup } = yield* furnished
    const busy = yield* keyRing
      .open(hash)
      .pipe(Effect.andThen(Effect.sleep("100 millis")), Effect.forever, Effect.forkChild)
    yield* TestClock.adjust("10 seconds")
    yield* setup.revokeKey(key.id)
    yield* TestClock.adjust("5 seconds")
    assert.deepStrictEqual(yield* keyRing.open(hash), Option.none())
    yield* Fiber.interrupt(busy)
  }))

test("a key that was revoked by a clock ahead of ours opens nothing", () =>
  Effect.gen(function* () {
    const keyRing = yield* KeyRing
    const { hash } = yield* furnished
    const world = yield* World
    const key = world.apiKeys.get(hash)
    assert.isDefined(key)
    const revokedAt = DateTime.add(yield* DateTime.now, { minutes: 1 })
    world.apiKeys.set(hash, new ApiKey(Struct.assign(key, { revokedAt: Option.some(revokedAt) })))
    assert.deepStrictEqual(yield* keyRing.open(hash), Option.none())
  }))

test("a key that was made a moment after it was tried opens at once", () =>
  Effect.gen(function* () {
    const keyRing = yield* KeyRing
    const { instance, setup } = yield* furnished
    const hash = hashOf("ad_test_new")
    assert.deepStrictEqual(yield* keyRing.open(hash), Option.none())
    yield* setup.addKey({ instanceId: instance.id, key: "ad_test_new" })
    assert.deepStrictEqual(yield* keyRing.open(hash), Option.some(instance))
  }))

test("a database that is away is told as such, and forgotten when it is back", () =>
  Effect.gen(function* () {
    const keyRing = yield* KeyRing
    const observed = yield* Observed
    const { hash, instance } = yield* furnished
    observed.away = true
    assert.strictEqual((yield* Effect.flip(keyRing.open(hash)))._tag, "Unavailable")
    observed.away = false
    assert.deepStrictEqual(yield* keyRing.open(hash), Option.some(instance))
  }))

test("the last use is written every ten seconds, once for all uses, and not for keys that were not used", () =>
  Effect.gen(function* () {
    const keyRing = yield* KeyRing
    const observed = yield* Observed
    const { hash, instance, key, setup } = yield* furnished
    yield* setup.addKey({ instanceId: instance.id, key: "ad_test_idle" })
    yield* TestClock.adjust("1 second")
    yield* Effect.all(Array.from({ length: 5 }, () => keyRing.open(hash)))
    yield* keyRing.open(hashOf("ad_test_unknown"))
    assert.deepStrictEqual(yield* lastUsedAt(hash), Option.none())
    yield* TestClock.adjust("9 seconds")
    assert.deepStrictEqual(observed.touches, [[key.id]])
    assert.deepStrictEqual(yield* lastUsedAt(hash), Option.some(yield* DateTime.now))
    yield* TestClock.adjust("1 minute")
    assert.strictEqual(observed.touches.length, 1)
  }))

test("a database that is away at that moment stops nothing", () =>
  Effect.gen(function* () {
    const keyRing = yield* KeyRing
    const observed = yield* Observed
    const { hash, key } = yield* furnished
    yield* keyRing.open(hash)
    observed.away = true
    yield* TestClock.adjust("10 seconds")
    observed.away = false
    yield* keyRing.open(hash)
    yield* TestClock.adjust("10 seconds")
    assert.deepStrictEqual(observed.touches, [[key.id]])
  }))

it.effect("the last uses are written when the process stops", () =>
  Effect.gen(function* () {
    const observed = yield* Effect.gen(function* () {
      yield* TestClock.adjust("1 second")
      const { hash } = yield* furnished
      yield* (yield* KeyRing).open(hash)
      assert.strictEqual((yield* Observed).touches.length, 0)
      return yield* Observed
    }).pipe(Effect.provide(ring))
    assert.strictEqual(observed.touches.length, 1)
  })
)
