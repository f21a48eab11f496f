import { Clock, Effect } from "effect"
import type { Scope } from "effect"
import type { CallbackSetting } from "./Callback.ts"
import type { Chance } from "./Chance.ts"
import type { Fate } from "./Fate.ts"
import { failed, ordinary } from "./Fate.ts"
import type { Ledger, Send } from "./Ledger.ts"
import { magicFate } from "./MagicRecipients.ts"
import type { Outbox, Posted } from "./Outbox.ts"
import type { StatusParts } from "./StatusUpdate.ts"
import { statusUpdate, typeOf } from "./StatusUpdate.ts"
import type { WebhookBehaviour } from "./WebhookBehaviour.ts"
import type { Update } from "./WebhookPayload.ts"

/**
 * What becomes of each accepted message, told by webhook.
 *
 * Of `mostFollowed` messages at a time; those beyond wait in the ledger until one of them is over, so that no status is
 * lost however long the receiver is away, and memory stays bounded.
 */
export interface Statuses {
  /** Follows the send at this position of the ledger. Returns when it may be answered. */
  readonly follow: (send: Send, position: number) => Effect.Effect<void>
  /** Messages whose statuses are not all posted. */
  readonly pending: () => number
  /** The ledger is empty again: what waits there is gone. */
  readonly ledgerCleared: () => void
}

/** One status to come: when it happens, in milliseconds, and what is told of it. */
interface Planned {
  readonly at: number
  readonly update: Update
}

/** Meta drops a template that it has paused; what it holds it lets go. */
const fateOf = (send: Send): Fate => {
  if (send.message_status === "paused") return [failed(132_015)]
  return magicFate(send.to) ?? ordinary(typeOf(send))
}

const sleepUntil = (at: number) =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => (now < at ? Effect.sleep(at - now) : Effect.void))

export const make = Effect.fnUntraced(function* (
  parts: StatusParts & {
    readonly ledger: Ledger
    readonly outbox: Outbox
    readonly callback: CallbackSetting
    readonly behaviour: () => WebhookBehaviour
    readonly chance: Chance
  },
  mostFollowed = 10_000
): Effect.fn.Return<Statuses, never, Scope.Scope> {
  const scope = yield* Effect.scope
  const { behaviour, callback, chance, ledger, outbox } = parts
  let followed = 0
  /** Position of the first send that is not followed yet; those after it are not either. */
  let backlog: number | undefined

  /** `promptly`: the first status happens at once. */
  const planOf = (send: Send, promptly = false): ReadonlyArray<Planned> => {
    const { delays, jitter } = behaviour()
    const acceptedAt = Date.parse(send.at)
    const pace = 1 + jitter * (2 * chance("pace", send.wamid) - 1)
    const fate = fateOf(send)
    return fate.map((step, position) => {
      const at = promptly && position === 0 ? acceptedAt : acceptedAt + Math.round(delays[step.after] * pace)
      return { at, update: statusUpdate(send, fate, step, at, parts) }
    })
  }

  /** Ends when the receiver has them all. */
  const postAll = Effect.fnUntraced(function* (plan: ReadonlyArray<Planned>, first?: Posted) {
    const posted = first === undefined ? [] : [first]
    for (const { at, update } of plan) {
      yield* sleepUntil(at)
      posted.push(yield* outbox.offer(update))
    }
    for (const { over } of posted) yield* over
  })

  const run = (plan: ReadonlyArray<Planned>, first?: Posted): Effect.Effect<void> =>
    Effect.ensuring(
      postAll(plan, first),
      Effect.suspend(() => {
        followed -= 1
        return catchUp
      })
    )

  /** As many out of the ledger as there is room for. */
  const catchUp: Effect.Effect<void> = Effect.suspend(() => {
    const sends: Array<Send> = []
    while (backlog !== undefined && followed < mostFollowed) {
      const send = ledger.read(backlog)
      backlog = send === undefined ? undefined : backlog + 1
      if (send === undefined) break
      sends.push(send)
      followed += 1
    }
    return Effect.forEach(sends, (send) => Effect.forkIn(run(planOf(send)), scope), { discard: true })
  })

  const start = (plan: ReadonlyArray<Planned>, first?: Posted) =>
    Effect.forkIn(run(plan, first), scope, { startImmediately: true })

  return {
    follow: Effect.fnUntraced(function* (send, position) {
      parts.numbers.sent(send.phone_number_id)
      if (callback.current() === undefined) return
      if (backlog !== undefined || followed >= mostFollowed) {
        // Two sends at once may come here in another order than into the ledger.
        backlog = Math.min(backlog ?? position, position)
        return
      }
      followed += 1
      const { before_answer, hold } = behaviour()
      const promptly = before_answer && !hold
      const plan = planOf(send, promptly)
      const [first] = plan
      if (first === undefined || !promptly) {
        yield* start(plan)
        return
      }
      const posted = yield* outbox.offerNow(first.update)
      yield* start(plan.slice(1), posted)
      yield* posted.tried
    }),
    pending: () => followed + (backlog === undefined ? 0 : ledger.size() - backlog),
    ledgerCleared: () => {
      backlog = undefined
    }
  }
})
