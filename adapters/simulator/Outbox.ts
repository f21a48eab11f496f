import { Deferred, Effect } from "effect"
import type { Scope } from "effect"
import type { Chance } from "./Chance.ts"
import { shuffled } from "./Chance.ts"
import type { Courier, Parcel } from "./Courier.ts"
import type { WebhookBehaviour } from "./WebhookBehaviour.ts"
import type { Update } from "./WebhookPayload.ts"
import { payload } from "./WebhookPayload.ts"

/** What became of an update that was handed over. */
export interface Posted {
  /** Once it has been tried once. */
  readonly tried: Effect.Effect<void>
  /** Once the receiver has it, as often as it is to come, or it was given up. */
  readonly over: Effect.Effect<void>
}

/** Where updates wait: for being released, or for others to share a POST with. */
export interface Outbox {
  readonly offer: (update: Update) => Effect.Effect<Posted>
  /** By itself, and at once. */
  readonly offerNow: (update: Update) => Effect.Effect<Posted>
  /** Posts what is held, and what waits for others; answers how many updates. */
  readonly release: Effect.Effect<number>
  readonly held: () => number
}

/** Meta's limit is 3 MB. */
const largestBody = 2_900_000
const leastShuffle = 1000

/** Copies beside the update itself. */
const copiesOf = ({ duplicate }: WebhookBehaviour, chance: Chance, count: number): number =>
  Math.floor(duplicate) + (chance("duplicate", count) < duplicate % 1 ? 1 : 0)

export const make = Effect.fnUntraced(function* (
  courier: Courier,
  behaviour: () => WebhookBehaviour,
  chance: Chance
): Effect.fn.Return<Outbox, never, Scope.Scope> {
  const scope = yield* Effect.scope
  const held: Array<Parcel> = []
  const waiting: Array<Parcel> = []
  let offered = 0
  let flushes = 0

  /** As many POSTs as size and Meta's limit of bytes ask for. */
  const post = Effect.fnUntraced(function* (parcels: ReadonlyArray<Parcel>) {
    const { batch, shuffle } = behaviour()
    const order = shuffle ? shuffled(parcels, chance, "order", offered) : parcels
    let together: Array<Parcel> = []
    let bytes = 0
    for (const parcel of order) {
      const size = batch.size === 1 ? 0 : payload([parcel.update]).length
      if (together.length === batch.size || bytes + size > largestBody) {
        yield* courier.post(together)
        together = []
        bytes = 0
      }
      together.push(parcel)
      bytes += size
    }
    if (together.length > 0) yield* courier.post(together)
  })

  const flush = Effect.suspend(() => {
    flushes += 1
    return post(waiting.splice(0))
  })

  const join = Effect.fnUntraced(function* (parcel: Parcel) {
    const { batch } = behaviour()
    if (batch.size === 1) return yield* courier.post([parcel])
    waiting.push(parcel)
    if (waiting.length >= batch.size) return yield* flush
    if (waiting.length > 1) return
    const turn = flushes
    yield* Effect.sleep(batch.wait_ms).pipe(
      Effect.andThen(Effect.suspend(() => (turn === flushes ? flush : Effect.void))),
      Effect.forkIn(scope, { startImmediately: true })
    )
  })

  const enter = (parcel: Parcel) =>
    Effect.suspend(() => {
      if (!behaviour().hold) return join(parcel)
      held.push(parcel)
      return Effect.void
    })

  const parcelsOf = (update: Update) => {
    offered += 1
    const copies = 1 + copiesOf(behaviour(), chance, offered)
    const tried = Deferred.makeUnsafe<void>()
    const over = Deferred.makeUnsafe<void>()
    let left = copies
    const parcel: Parcel = {
      update,
      tried: () => Deferred.doneUnsafe(tried, Effect.void),
      over: () => {
        left -= 1
        if (left === 0) Deferred.doneUnsafe(over, Effect.void)
      }
    }
    const posted: Posted = { tried: Deferred.await(tried), over: Deferred.await(over) }
    return { number: offered, posted, parcels: Array.from({ length: copies }, () => parcel) }
  }

  const lateness = (number: number, copy: number): number => {
    const { delays, shuffle } = behaviour()
    return shuffle ? chance("lateness", number, copy) * Math.max(delays.read, leastShuffle) : 0
  }

  return {
    offer: Effect.fnUntraced(function* (update) {
      const { number, parcels, posted } = parcelsOf(update)
      for (const [copy, parcel] of parcels.entries()) {
        const late = lateness(number, copy)
        yield* late === 0
          ? enter(parcel)
          : Effect.forkIn(Effect.andThen(Effect.sleep(late), enter(parcel)), scope, { startImmediately: true })
      }
      return posted
    }),
    offerNow: Effect.fnUntraced(function* (update) {
      const { parcels, posted } = parcelsOf(update)
      for (const parcel of parcels) yield* courier.post([parcel])
      return posted
    }),
    release: Effect.suspend(() => {
      const parcels = [...held.splice(0), ...waiting.splice(0)]
      flushes += 1
      return Effect.as(post(parcels), parcels.length)
    }),
    held: () => held.length
  }
})
