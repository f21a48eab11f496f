import { assert, describe, it } from "@effect/vitest"
import { DateTime, Deferred, Effect, Exit, Fiber, Layer, Scope } from "effect"
import { TestClock } from "effect/testing"
import { MemorySetup } from "../../adapters/memory/MemorySetup.ts"
import * as Delivering from "../../apps/worker/Delivering.ts"
import { Unavailable } from "../../core/Unavailable.ts"
import { Deliveries } from "../../core/webhook/Deliveries.ts"
import { addEndpoint } from "../../core/webhook/manageEndpoint.ts"
import { inFlight } from "../../core/webhook/Retry.ts"
import { WebhookUrl } from "../../core/webhook/WebhookEndpoint.ts"
import { happens, settings } from "../contract/webhookSetup.ts"
import * as InMemory from "./InMemory.ts"
import { answered, Receiver, times } from "./Receiver.ts"

const slowUrl = WebhookUrl.make("https://lenta.example.com/")

const working = Layer.build(Delivering.layer)

const endpointAt = Effect.fnUntraced(function* (url: typeof settings.url = settings.url) {
  const { id } = yield* Effect.flatMap(MemorySetup, ({ addInstance }) => addInstance())
  return (yield* addEndpoint(id, { ...settings, url })).endpoint
})

const states = Effect.fnUntraced(function* ({ id, instanceId }: Effect.Success<ReturnType<typeof endpointAt>>) {
  const deliveries = yield* Deliveries
  const all = yield* deliveries.list(instanceId, id, { state: undefined, before: undefined }, 100)
  return all.map(({ state }) => state)
})

describe("a worker that tells webhook endpoints", () => {
  it.effect("delivers what happens within half a second, and tries again when the time has come", () =>
    Effect.gen(function* () {
      const { answerWith } = yield* Receiver
      const endpoint = yield* endpointAt()
      yield* working
      yield* answerWith(() => Effect.succeed(answered(500)))
      yield* happens(endpoint.instanceId)
      yield* TestClock.adjust("500 millis")
      assert.strictEqual((yield* times).length, 1)
      yield* TestClock.adjust("4 seconds")
      assert.strictEqual((yield* times).length, 1)
      yield* TestClock.adjust("2 seconds")
      const [first = 0, second = 0] = yield* times
      assert.isAtLeast(second - first, 4500)
      assert.isAtMost(second - first, 5500 + 250)
      yield* answerWith(() => Effect.succeed(answered(200)))
      yield* TestClock.adjust("6 minutes")
      assert.deepStrictEqual(yield* states(endpoint), ["succeeded"])
    }).pipe(Effect.provide(InMemory.layer))
  )

  it.effect("lets no endpoint wait for another, and sends no more at once to a slow one than it should", () =>
    Effect.gen(function* () {
      const { answerWith, received } = yield* Receiver
      const slow = yield* endpointAt(slowUrl)
      const quick = yield* endpointAt()
      const open = yield* Deferred.make<void>()
      const wait = Effect.as(Deferred.await(open), answered(204))
      yield* answerWith(({ url }) => (url === slowUrl ? wait : Effect.succeed(answered(204))))
      yield* working
      for (let nth = 0; nth < 60; nth += 1) {
        yield* happens(slow.instanceId)
        yield* happens(quick.instanceId)
      }
      yield* TestClock.adjust("2 seconds")
      assert.strictEqual(received.filter(({ url }) => url === slowUrl).length, inFlight.usually)
      assert.strictEqual((yield* states(quick)).filter((state) => state === "succeeded").length, 60)
      yield* Deferred.succeed(open, undefined)
    }).pipe(Effect.provide(InMemory.layer))
  )

  it.effect("told to stop takes nothing more on and finishes what is under way", () =>
    Effect.gen(function* () {
      const { answerWith, received } = yield* Receiver
      const open = yield* Deferred.make<void>()
      yield* answerWith(() => Effect.as(Deferred.await(open), answered(204)))
      const endpoint = yield* endpointAt()
      const scope = yield* Scope.make()
      yield* Scope.provide(working, scope)
      yield* Effect.forEach(Array.from({ length: 20 }), () => happens(endpoint.instanceId))
      yield* TestClock.adjust("500 millis")
      const stopping = yield* Effect.forkChild(Scope.close(scope, Exit.void))
      yield* TestClock.adjust("5 seconds")
      assert.isUndefined(stopping.pollUnsafe())
      yield* Deferred.succeed(open, undefined)
      yield* Fiber.join(stopping)
      assert.strictEqual(received.length, inFlight.usually)
      const succeeded = (yield* states(endpoint)).filter((state) => state === "succeeded")
      assert.strictEqual(succeeded.length, inFlight.usually)
    }).pipe(Effect.provide(InMemory.layer))
  )

  it.effect("lets go of what does not end; another worker has it when the lease is over", () =>
    Effect.gen(function* () {
      const { answerWith, received } = yield* Receiver
      yield* answerWith(() => Effect.never)
      const endpoint = yield* endpointAt()
      const scope = yield* Scope.make()
      yield* Scope.provide(working, scope)
      const event = yield* happens(endpoint.instanceId)
      yield* TestClock.adjust("500 millis")
      const stopping = yield* Effect.forkChild(Scope.close(scope, Exit.void))
      yield* TestClock.adjust("8 seconds")
      yield* Fiber.join(stopping)
      assert.deepStrictEqual(yield* states(endpoint), ["pending"])
      yield* answerWith(() => Effect.succeed(answered(204)))
      yield* working
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(
        received.map(({ id }) => id),
        [event.id, event.id]
      )
      assert.deepStrictEqual(yield* states(endpoint), ["succeeded"])
    }).pipe(Effect.provide(InMemory.layer))
  )

  it.effect("goes on when the database is back, and after a fault of ours", () =>
    Effect.gen(function* () {
      const faults = [
        Effect.fail(new Unavailable({ dependency: "database", cause: new Error("away") })),
        Effect.die("a row that nobody understands")
      ]
      const deliveries = yield* Deliveries
      const faulty = Deliveries.of({
        ...deliveries,
        behind: (limit) => faults.pop() ?? deliveries.behind(limit),
        claim: (...asked) => faults.pop() ?? deliveries.claim(...asked)
      })
      const endpoint = yield* endpointAt()
      yield* Layer.build(Delivering.layer.pipe(Layer.provide(Layer.succeed(Deliveries, faulty))))
      yield* happens(endpoint.instanceId)
      yield* TestClock.adjust("3 seconds")
      assert.deepStrictEqual(faults, [])
      assert.deepStrictEqual(yield* states(endpoint), ["succeeded"])
    }).pipe(Effect.provide(InMemory.layer))
  )

  it.effect("forgets what arrived after seven days and what was given up after thirty", () =>
    Effect.gen(function* () {
      const deliveries = yield* Deliveries
      const endpoint = yield* endpointAt()
      yield* happens(endpoint.instanceId)
      const asked: Array<Parameters<typeof deliveries.forget>[0]> = []
      const watched = Deliveries.of({
        ...deliveries,
        forget: (before) =>
          Effect.andThen(
            Effect.sync(() => asked.push(before)),
            deliveries.forget(before)
          )
      })
      yield* TestClock.setTime(DateTime.toEpochMillis(DateTime.makeUnsafe("2026-03-31T00:00:00Z")))
      yield* Layer.build(Delivering.layer.pipe(Layer.provide(Layer.succeed(Deliveries, watched))))
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(asked, [
        {
          succeeded: DateTime.makeUnsafe("2026-03-24T00:00:00Z"),
          exhausted: DateTime.makeUnsafe("2026-03-01T00:00:00Z")
        }
      ])
      yield* TestClock.adjust("10 minutes")
      assert.strictEqual(asked.length, 2)
    }).pipe(Effect.provide(InMemory.layer))
  )
})
