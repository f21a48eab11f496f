import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import * as MessageIdsRandom from "../../adapters/secrets/MessageIdsRandom.ts"
import { MessageIds } from "../../core/message/MessageIds.ts"

const millisOf = (id: string): number => Number.parseInt(id.replace("-", "").slice(0, 12), 16)

describe("the ids of messages and attempts", () => {
  it.effect("carry the time of their making", () =>
    Effect.gen(function* () {
      const ids = yield* MessageIds
      yield* TestClock.setTime(1_766_000_000_123)
      assert.strictEqual(millisOf(yield* ids.message), 1_766_000_000_123)
      yield* TestClock.adjust("5 seconds")
      assert.strictEqual(millisOf(yield* ids.attempt), 1_766_000_005_123)
    }).pipe(Effect.provide(MessageIdsRandom.layer))
  )

  it.effect("sort in the order they were made, also within a millisecond and when the clock goes back", () =>
    Effect.gen(function* () {
      const ids = yield* MessageIds
      yield* TestClock.setTime(1_766_000_000_123)
      const made: Array<string> = []
      for (let count = 0; count < 10_000; count++) made.push(yield* count % 2 === 0 ? ids.message : ids.attempt)
      yield* TestClock.setTime(1_765_000_000_000)
      made.push(yield* ids.message)
      assert.deepStrictEqual(made, made.toSorted())
      assert.strictEqual(new Set(made).size, made.length)
    }).pipe(Effect.provide(MessageIdsRandom.layer))
  )

  it.effect("of two processes that start at the same moment differ", () =>
    Effect.gen(function* () {
      const first = MessageIds.use((ids) => Effect.all(Array.from({ length: 1000 }, () => ids.message)))
      const one = yield* Effect.provide(first, MessageIdsRandom.layer, { local: true })
      const other = yield* Effect.provide(first, MessageIdsRandom.layer, { local: true })
      assert.strictEqual(new Set([...one, ...other]).size, 2000)
    })
  )
})
