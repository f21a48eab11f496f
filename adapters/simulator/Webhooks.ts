import { Effect } from "effect"
import type { Scope } from "effect"
import * as Callback from "./Callback.ts"
import type { Chance } from "./Chance.ts"
import * as Courier from "./Courier.ts"
import type { Delivery } from "./DeliveryLog.ts"
import type { Ledger } from "./Ledger.ts"
import * as Outbox from "./Outbox.ts"
import * as Statuses from "./Statuses.ts"
import type { StatusParts } from "./StatusUpdate.ts"
import type { BehaviourChange, WebhookBehaviour } from "./WebhookBehaviour.ts"
import { changed, usual } from "./WebhookBehaviour.ts"
import type { Update } from "./WebhookPayload.ts"

/** What has not reached the receiver yet, and how many POSTs are, or were once, in which state. */
interface Pending {
  /** Messages that are not at the end of what becomes of them, and other updates: 0 when all is quiet. */
  readonly pending: number
  /** Updates that wait for `release`. */
  readonly held: number
  readonly posts: Readonly<Record<Delivery["state"], number>>
}

/** Everything that leads from what happens to a POST at the callback. */
export interface Webhooks {
  readonly callback: Callback.CallbackSetting
  readonly behaviour: () => WebhookBehaviour
  /** What was held is released where `hold` ends. */
  readonly change: (change: BehaviourChange) => Effect.Effect<WebhookBehaviour>
  /** As it was at the start. */
  readonly reset: Effect.Effect<WebhookBehaviour>
  readonly release: Effect.Effect<number>
  /** Tells of something that happens now. Not told: why, and nothing was done. */
  readonly tell: (update: Update) => Effect.Effect<"told" | "no_callback" | "full">
  /** POSTs of their own, however others are to come; `makeAll` gives the updates of each. In the background. */
  readonly flood: (posts: number, make: (post: number) => ReadonlyArray<Update>) => Effect.Effect<void>
  readonly statuses: Statuses.Statuses
  readonly pending: () => Pending
  /** The latest POSTs, the oldest of them first. */
  readonly latest: (limit: number) => ReadonlyArray<Delivery>
}

/** What is told beside statuses, at most at a time: it is kept in memory until the receiver has it. */
const mostTold = 10_000

export const make = Effect.fnUntraced(function* (
  parts: StatusParts & {
    readonly ledger: Ledger
    readonly chance: Chance
    readonly callback: Callback.Callback | undefined
    readonly behaviour: BehaviourChange
  }
): Effect.fn.Return<Webhooks, never, Scope.Scope> {
  const scope = yield* Effect.scope
  const initially = changed(usual, parts.behaviour)
  let current = initially
  let told = 0
  let floods = 0
  const behaviour = () => current
  const callback = Callback.make(parts.callback)
  const courier = yield* Courier.make(callback, behaviour)
  const outbox = yield* Outbox.make(courier, behaviour, parts.chance)
  const statuses = yield* Statuses.make({ ...parts, outbox, callback, behaviour })

  const become = (next: WebhookBehaviour) =>
    Effect.suspend(() => {
      const released = current.hold && !next.hold
      current = next
      return Effect.as(Effect.andThen(courier.resize(next.in_flight), released ? outbox.release : Effect.void), next)
    })

  return {
    callback,
    behaviour,
    change: (change) => Effect.suspend(() => become(changed(current, change))),
    reset: become(initially),
    release: outbox.release,

    tell: Effect.fnUntraced(function* (update) {
      if (callback.current() === undefined) return "no_callback"
      if (told >= mostTold) return "full"
      told += 1
      const { over } = yield* outbox.offer(update)
      yield* over.pipe(
        Effect.ensuring(
          Effect.sync(() => {
            told -= 1
          })
        ),
        Effect.forkIn(scope, { startImmediately: true })
      )
      return "told"
    }),

    flood: (posts, make) => {
      floods += posts
      const post = (number: number) =>
        courier.postNow(make(number)).pipe(
          Effect.ensuring(
            Effect.sync(() => {
              floods -= 1
            })
          )
        )
      return Effect.forEach(
        Array.from({ length: posts }, (_, number) => number),
        post,
        { concurrency: behaviour().in_flight, discard: true }
      ).pipe(Effect.forkIn(scope), Effect.asVoid)
    },

    statuses,
    pending: () => ({
      pending: statuses.pending() + told + floods,
      held: outbox.held(),
      posts: courier.log.counts()
    }),
    latest: courier.log.latest
  }
})
