/**
 * Concurrent requests share their round trips and their commits: what arrives while a statement is
 * under way travels in the next one. A request that is alone waits for nothing.
 *
 * A batch that is refused for one of its rows is run again row by row, so that the fault stays with
 * its own request.
 */
import { type Cause, Effect, Exit, FiberSet, type Scope } from "effect"

interface Waiting<A, B, E> {
  readonly item: A
  readonly resume: (exit: Effect.Effect<B, E>) => void
}

export interface Options<A, B, E, R> {
  /** Items per statement at the most. */
  readonly size: number
  /** Where items differ in size: what one weighs, and how much a statement takes unless a single item is heavier. */
  readonly load?: { readonly weigh: (item: A) => number; readonly most: number }
  /** Statements under way at once. */
  readonly lanes: number
  /** Answers every item of the batch, in its order. */
  readonly run: (items: ReadonlyArray<A>) => Effect.Effect<ReadonlyArray<Effect.Effect<B, E>>, E, R>
}

export const make = Effect.fnUntraced(function* <A, B, E, R>(
  options: Options<A, B, E, R>
): Effect.fn.Return<(item: A) => Effect.Effect<B, E>, never, R | Scope.Scope> {
  const fork = yield* FiberSet.makeRuntime<R>()
  let waiting: Array<Waiting<A, B, E>> = []
  let underWay = 0

  /** How many of those that wait, from the first on, travel together. */
  const fitting = (): number => {
    const { load, size } = options
    if (load === undefined) return size
    let weight = 0
    const heavy = waiting.findIndex(({ item }) => (weight += load.weigh(item)) > load.most)
    return heavy === -1 ? size : Math.min(size, Math.max(heavy, 1))
  }

  const answer = (batch: ReadonlyArray<Waiting<A, B, E>>) =>
    Effect.flatMap(Effect.exit(options.run(batch.map(({ item }) => item))), (exit): Effect.Effect<void, never, R> => {
      if (Exit.isSuccess(exit)) {
        batch.forEach(({ resume }, index) => resume(exit.value[index] ?? Effect.die("a batch left an item unanswered")))
        return Effect.void
      }
      if (batch.length > 1 && isFaultOfARow(exit.cause))
        return Effect.forEach(batch, (one) => answer([one]), { discard: true })
      batch.forEach(({ resume }) => resume(Effect.failCause(exit.cause)))
      return Effect.void
    })

  const lane: Effect.Effect<void, never, R> = Effect.suspend(() => {
    if (waiting.length === 0) {
      underWay -= 1
      return Effect.void
    }
    const count = fitting()
    const batch = waiting.slice(0, count)
    waiting = waiting.slice(count)
    return Effect.andThen(answer(batch), lane)
  })

  const begin = () => {
    if (underWay >= options.lanes || waiting.length === 0) return
    underWay += 1
    fork(lane)
  }

  return (item) =>
    Effect.callback((resume) => {
      waiting.push({ item, resume })
      // After the events of this turn: what arrived together travels together.
      if (underWay < options.lanes) setImmediate(begin)
    })
})

/** A defect is the statement's own; a database that is away is away for every row. */
const isFaultOfARow = (cause: Cause.Cause<unknown>): boolean => cause.reasons.some((reason) => reason._tag === "Die")
