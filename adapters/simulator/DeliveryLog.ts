import { DateTime } from "effect"
import type { Update } from "./WebhookPayload.ts"

/** One POST as the log tells it. */
export interface Delivery {
  readonly id: number
  /** `queued`: not tried yet; `dropped`: there is no callback any more. */
  readonly state: "queued" | "in_flight" | "retrying" | "delivered" | "given_up" | "dropped"
  readonly attempts: number
  /** Of the last answer. */
  readonly status: number | null
  /** Why the last try had no answer. */
  readonly error: string | null
  readonly updates: number
  /** The first few: `delivered wamid.…`, `message wamid.…`, the field of anything else. */
  readonly first: ReadonlyArray<string>
  readonly last_attempt_at: string | null
  readonly next_attempt_at: string | null
}

/** What a POST writes into the log as it goes. Times in milliseconds. */
interface Entry {
  readonly tries: (now: number) => void
  readonly failed: (outcome: number | string, nextAt: number) => void
  readonly ended: (state: "delivered" | "given_up" | "dropped", outcome?: number | string) => void
}

export interface DeliveryLog {
  readonly begin: (updates: ReadonlyArray<Update>) => Entry
  /** The latest, the oldest of them first. */
  readonly latest: (limit: number) => ReadonlyArray<Delivery>
  /** How many POSTs of all times are in each state. */
  readonly counts: () => Readonly<Record<Delivery["state"], number>>
}

const kept = 1000
const shown = 5

const iso = (millis: number): string => DateTime.formatIso(DateTime.makeUnsafe(millis))

const answerOf = (outcome: number | string | undefined) => ({
  status: typeof outcome === "number" ? outcome : null,
  error: typeof outcome === "string" ? outcome : null
})

export const make = (): DeliveryLog => {
  const deliveries = new Map<number, Delivery>()
  const counts = { queued: 0, in_flight: 0, retrying: 0, delivered: 0, given_up: 0, dropped: 0 }
  let begun = 0

  return {
    begin: (updates) => {
      begun += 1
      let delivery: Delivery = {
        id: begun,
        state: "queued",
        attempts: 0,
        ...answerOf(undefined),
        updates: updates.length,
        first: updates.slice(0, shown).map(({ label }) => label),
        last_attempt_at: null,
        next_attempt_at: null
      }
      counts.queued += 1
      deliveries.set(delivery.id, delivery)
      for (const oldest of deliveries.keys()) {
        if (deliveries.size <= kept) break
        deliveries.delete(oldest)
      }
      const become = (next: Partial<Delivery> & Pick<Delivery, "state">) => {
        counts[delivery.state] -= 1
        counts[next.state] += 1
        delivery = { ...delivery, next_attempt_at: null, ...next }
        if (deliveries.has(delivery.id)) deliveries.set(delivery.id, delivery)
      }
      return {
        tries: (now) => become({ state: "in_flight", attempts: delivery.attempts + 1, last_attempt_at: iso(now) }),
        failed: (outcome, nextAt) => become({ state: "retrying", ...answerOf(outcome), next_attempt_at: iso(nextAt) }),
        ended: (state, outcome) => become({ state, ...(outcome === undefined ? {} : answerOf(outcome)) })
      }
    },
    latest: (limit) => [...deliveries.values()].slice(-limit),
    counts: () => ({ ...counts })
  }
}
