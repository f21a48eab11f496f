/**
 * One measure per post. Of what a post says, and of whom, nothing is told here. What is refused in numbers, by a wrong
 * secret or a stranger, is told once a minute with its number.
 */
import { Effect, Metric } from "effect"

export type Result =
  | "kept"
  | "invalid_signature"
  | "too_large"
  | "encoded"
  | "unavailable"
  /** The caller left before its body was whole. */
  | "broken_off"
  | "internal_error"

const posts = Metric.counter("aidesk_webhook_posts_total", {
  description: "Webhooks posted by Meta or in its name, by result",
  incremental: true
})

const counters: { readonly [result in Result]: Metric.Metric<number, unknown> } = {
  kept: Metric.withAttributes(posts, { result: "kept" }),
  invalid_signature: Metric.withAttributes(posts, { result: "invalid_signature" }),
  too_large: Metric.withAttributes(posts, { result: "too_large" }),
  encoded: Metric.withAttributes(posts, { result: "encoded" }),
  unavailable: Metric.withAttributes(posts, { result: "unavailable" }),
  broken_off: Metric.withAttributes(posts, { result: "broken_off" }),
  internal_error: Metric.withAttributes(posts, { result: "internal_error" })
}

const durations = Metric.histogram("aidesk_webhook_duration_seconds", {
  description: "From a webhook's arrival to its answer",
  boundaries: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
})

const pauseMillis = 60_000

export type Record = (result: Result, bytes: number, millis: number) => Effect.Effect<void>

export const make = (): Record => {
  const untold = new Map<Result, number>()
  const told = new Map<Result, number>()

  return Effect.fnUntraced(function* (result, bytes, millis) {
    yield* Metric.update(counters[result], 1)
    yield* Metric.update(durations, millis / 1000)
    if (result === "kept") return yield* Effect.logDebug("webhook kept", { bytes, millis })
    const count = (untold.get(result) ?? 0) + 1
    const now = performance.now()
    untold.set(result, count)
    if (now - (told.get(result) ?? -pauseMillis) < pauseMillis) return
    told.set(result, now)
    untold.delete(result)
    yield* Effect.logWarning("webhooks not kept", { result, count })
  })
}
