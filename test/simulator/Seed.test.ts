import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { quiet, take, takeMany, telling } from "./Receiver.ts"
import { request, send } from "./RunningSimulator.ts"

const script = Effect.gen(function* () {
  for (let count = 0; count < 4; count += 1) yield* send({ to: `551197804980${count}` })
  for (const text of ["a", "b", "c"]) {
    yield* request("POST", "/_simulator/customers/messages", { from: "5531991112222", text })
  }
  yield* request("POST", "/_simulator/customers/messages", { from: "5531991112222", image: true })
  for (let second = 0; second < 8; second += 1) yield* TestClock.adjust("1 second")
  return yield* Effect.map(request("POST", "/_simulator/webhooks/release"), ({ json }) => json)
})

/** What comes of the script: everything is held and then posted in one body. */
const bodyOf = (seed: string) =>
  Effect.gen(function* () {
    assert.deepStrictEqual(yield* script, { released: 16 })
    const { text } = yield* take
    yield* quiet
    // The only part that is not the simulator's to choose.
    return text.replaceAll(/127\.0\.0\.1:\d+/gu, "simulator")
  }).pipe(
    Effect.provide(telling({ hold: true, shuffle: true, jitter: 0.5, batch: { size: 1000, wait_ms: 0 } }, { seed })),
    // From the same moment on.
    Effect.provide(TestClock.layer())
  )

it.effect("The same requests in the same order, with the same seed, bring the same webhooks in the same order", () =>
  Effect.gen(function* () {
    const first = yield* bodyOf("um")
    assert.strictEqual(yield* bodyOf("um"), first)
    assert.notStrictEqual(yield* bodyOf("dois"), first)
  })
)

it.effect("The same seed repeats the same updates, too", () =>
  Effect.gen(function* () {
    const counts = yield* Effect.forEach([1, 2], () =>
      Effect.gen(function* () {
        for (const text of ["a", "b", "c", "d", "e", "f"]) {
          yield* request("POST", "/_simulator/customers/messages", { from: "5531991112222", text })
        }
        const { posts } = yield* quiet
        const texts = (yield* takeMany(posts["delivered"] ?? 0)).map(({ text }) => text)
        return texts.toSorted()
      }).pipe(Effect.provide(telling({ duplicate: 0.5 }, { seed: "três" })))
    )
    assert.deepStrictEqual(counts[0], counts[1])
  })
)
