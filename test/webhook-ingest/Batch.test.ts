import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
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

const turn = Effect.promise(() => new Promise<void>((resolve) => void setImmediate(resolve)))

const recorded = Effect.fnUntraced(function* (
  lanes: number,
  run: (items: ReadonlyArray<number>) => Effect.Effect<void>
) {
  const batches: Array<ReadonlyArray<number>> = []
  const add = yield* Batch.make<number, number, never, never>({
    size: 100,
    lanes,
    run: (items) =>
      Effect.suspend(() => {
        batches.push(items)
        return Effect.as(
          run(items),
          items.map((item) => Effect.succeed(item))
        )
      })
  })
  return { add, batches, together: (...items: ReadonlyArray<number>) => Effect.forEach(items, add, { concurrency: 9 }) }
})

describe("what is waited for", () => {
  it.live("nothing, by a request that is alone", () =>
    Effect.gen(function* () {
      const { add, batches } = yield* recorded(2, () => Effect.void)
      yield* add(1)
      const second = yield* Effect.forkChild(add(2), { startImmediately: true })
      yield* turn
      yield* turn
      assert.deepStrictEqual(batches, [[1], [2]])
      yield* Fiber.join(second)
    })
  )

  it.live("a few turns, where requests have just come together: those that come within them travel along", () =>
    Effect.gen(function* () {
      const { batches, together } = yield* recorded(2, () => Effect.void)
      yield* together(1, 2)
      const first = yield* Effect.forkChild(together(3), { startImmediately: true })
      yield* turn
      yield* turn
      const later = yield* Effect.forkChild(together(4, 5), { startImmediately: true })
      yield* Fiber.join(first)
      yield* Fiber.join(later)
      assert.deepStrictEqual(batches, [
        [1, 2],
        [3, 4, 5]
      ])
    })
  )

  it.live("no more than a few turns: one that nobody joins goes by itself", () =>
    Effect.gen(function* () {
      const { add, batches, together } = yield* recorded(2, () => Effect.void)
      yield* together(1, 2, 3)
      yield* add(4)
      assert.deepStrictEqual(batches, [[1, 2, 3], [4]])
    })
  )

  it.live("not the end of a statement that is held up, where there is another lane", () =>
    Effect.gen(function* () {
      const released = yield* Deferred.make<void>()
      const { add, batches } = yield* recorded(2, ([item]) => (item === 1 ? Deferred.await(released) : Effect.void))
      const heldUp = yield* Effect.forkChild(add(1), { startImmediately: true })
      yield* turn
      yield* add(2)
      assert.deepStrictEqual(batches, [[1], [2]])
      yield* Deferred.succeed(released, undefined)
      assert.strictEqual(yield* Fiber.join(heldUp), 1)
    })
  )
})
