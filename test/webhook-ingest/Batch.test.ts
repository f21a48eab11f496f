import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Batch from "../../adapters/postgres/Batch.ts"

const batchesOf = Effect.fnUntraced(function* (weights: ReadonlyArray<number>, most: number, size: number) {
  const batches: Array<ReadonlyArray<number>> = []
  const add = yield* Batch.make<number, number, never, never>({
    size,
    lanes: 1,
    load: { weigh: (weight) => weight, most },
    run: (weights) =>
      Effect.sync(() => {
        batches.push(weights)
        return weights.map((weight) => Effect.succeed(weight))
      })
  })
  const answers = yield* Effect.forEach(weights, add, { concurrency: "unbounded" })
  assert.deepStrictEqual(answers, weights)
  return batches
})

describe("a batch of things that differ in size", () => {
  it.live("takes as many as it may carry, in their order; one that is too heavy for any travels alone", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* batchesOf([3, 3, 4, 1, 12, 1, 9, 10], 10, 100), [
        [3, 3, 4],
        [1],
        [12],
        [1, 9],
        [10]
      ])
    })
  )

  it.live("takes no more than fit into a statement, however light they are", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* batchesOf([0, 0, 0, 0, 0], 10, 2), [[0, 0], [0, 0], [0]])
    })
  )
})
