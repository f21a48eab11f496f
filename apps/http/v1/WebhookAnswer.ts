/** How webhook endpoints and deliveries are shown. */
import { DateTime, Option, Redacted } from "effect"
import type { Attempt, Delivery } from "../../../core/webhook/Delivery.ts"
import type { WithSecret } from "../../../core/webhook/manageEndpoint.ts"
import { isEnabled, type WebhookEndpoint } from "../../../core/webhook/WebhookEndpoint.ts"

const time = Option.match({ onNone: () => null, onSome: DateTime.formatIso })

export const ofEndpoint = (endpoint: WebhookEndpoint) => ({
  id: endpoint.id,
  url: endpoint.url,
  event_types: endpoint.eventTypes,
  description: endpoint.description,
  enabled: isEnabled(endpoint),
  disabled: Option.match(endpoint.disabled, {
    onNone: () => null,
    onSome: ({ reason, since }) => ({ reason, since: DateTime.formatIso(since) })
  }),
  failing_since: time(endpoint.failingSince),
  previous_secret_until: time(endpoint.previousSecretUntil),
  created_at: DateTime.formatIso(endpoint.createdAt)
})

/** Once, when the secret is made. */
export const withSecret = ({ endpoint, secret }: WithSecret) => ({
  ...ofEndpoint(endpoint),
  secret: Redacted.value(secret)
})

export const ofAttempt = ({ answer, at, error, latencyMillis, status }: Attempt) => ({
  at: DateTime.formatIso(at),
  status,
  latency_ms: latencyMillis,
  error,
  response: answer
})

const namesOf = (delivery: Delivery) => ({
  id: delivery.id,
  webhook_endpoint_id: delivery.endpointId,
  event_id: delivery.eventId,
  event_type: delivery.eventType,
  state: delivery.state,
  attempts: delivery.attempts,
  next_attempt_at: time(delivery.nextAt),
  created_at: DateTime.formatIso(delivery.createdAt),
  settled_at: time(delivery.settledAt)
})

/** In lists; the whole log may be long. */
export const inList = (delivery: Delivery) => {
  const last = delivery.log.at(-1)
  return { ...namesOf(delivery), last_attempt: last === undefined ? null : ofAttempt(last) }
}

export const ofDelivery = (delivery: Delivery) => ({ ...namesOf(delivery), log: delivery.log.map(ofAttempt) })
