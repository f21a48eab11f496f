/** One measure per attempt at a webhook endpoint, and a log line where somebody should know. URLs are in none: some have secrets. */
import { Effect, Metric } from "effect"
import type { ClaimedDelivery, Outcome } from "../../core/webhook/Deliveries.ts"

const attempts = Metric.counter("aidesk_webhook_attempts_total", {
  description: "Attempts at webhook endpoints, by what became of the delivery",
  incremental: true
})

const durations = Metric.histogram("aidesk_webhook_attempt_duration_seconds", {
  description: "From the beginning of an attempt at a webhook endpoint to its answer",
  boundaries: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15]
})

const results = { Succeeded: "succeeded", Later: "failed", Exhausted: "exhausted" } as const

export const record = Effect.fnUntraced(
  function* (
    { delivery }: ClaimedDelivery,
    { attempt: { error, latencyMillis, status }, verdict: { consequence, fate } }: Outcome
  ) {
    yield* Metric.update(Metric.withAttributes(attempts, { result: results[fate._tag] }), 1)
    yield* Metric.update(durations, latencyMillis / 1000)
    const told = { delivery_id: delivery.id, attempts: delivery.attempts, status, error }
    yield* fate._tag === "Exhausted"
      ? Effect.logWarning("webhook given up", told)
      : Effect.logDebug(fate._tag === "Later" ? "webhook failed" : "webhook delivered", told)
    if (consequence._tag === "Disabled") {
      yield* Effect.logWarning("webhook endpoint disabled", { reason: consequence.reason })
    }
  },
  (record, { endpoint }) =>
    Effect.annotateLogs(record, { webhook_endpoint_id: endpoint.id, instance_id: endpoint.instanceId })
)
