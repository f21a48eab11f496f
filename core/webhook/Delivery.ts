/**
 * One event on its way to one endpoint. The event's id names it to the receiver, on every attempt and in every replay;
 * the delivery's own id names it here.
 */
import { Duration, Schema } from "effect"
import { ContactId } from "../contact/Contact.ts"
import { Event, EventType } from "../event/Event.ts"
import { InstanceId } from "../instance/Instance.ts"
import { WebhookEndpointId } from "./WebhookEndpoint.ts"

/** A UUID v7 behind a prefix, without its hyphens. */
export const DeliveryId = Schema.String.check(Schema.isPattern(/^dlv_[\da-f]{32}$/u)).pipe(Schema.brand("DeliveryId"))
export type DeliveryId = typeof DeliveryId.Type

/** `pending`: to be sent, now or again later. `exhausted`: every attempt failed; a replay makes it pending again. */
export const DeliveryState = Schema.Literals(["pending", "succeeded", "exhausted"])
export type DeliveryState = typeof DeliveryState.Type

/** How long one is kept after it has become what it is for good. */
export const keptFor = { succeeded: Duration.days(7), exhausted: Duration.days(30) } as const

/** Why an attempt failed; of one that succeeded there is none. */
export const AttemptError = Schema.Literals([
  /** No whole answer in time. */
  "timeout",
  /** The host is, or its name leads to, an address that is not public. No connection was made. */
  "address_not_allowed",
  "connection_failed",
  "tls_failed",
  /** Answered with a status of 300 to 399, which is not followed. */
  "redirected",
  /** Answered with 410: it wants nothing more. */
  "gone",
  /** Answered with any other status but 200 to 299. */
  "refused",
  /** The secret does not open: it was sealed with a key that is not here. */
  "secret_unavailable"
])
export type AttemptError = typeof AttemptError.Type

export const Attempt = Schema.Struct({
  at: Schema.DateTimeUtcFromString,
  /** Nothing where none came. */
  status: Schema.NullOr(Schema.Int),
  latencyMillis: Schema.Int,
  error: Schema.NullOr(AttemptError),
  /** The first of what was answered. Not kept of an address that is not public. */
  answer: Schema.NullOr(Schema.String)
})
export type Attempt = typeof Attempt.Type

/** Of one delivery; earlier ones are forgotten. */
export const mostAttempts = 20

export class Delivery extends Schema.Class<Delivery>("Delivery")({
  id: DeliveryId,
  instanceId: InstanceId,
  endpointId: WebhookEndpointId,
  eventId: Schema.String,
  eventType: EventType,
  state: DeliveryState,
  /** Since it was last called for: 0 after a replay. The one under way is counted. */
  attempts: Schema.Int,
  /** Nothing where there will be none, or where one is under way. */
  nextAt: Schema.Option(Schema.DateTimeUtc),
  createdAt: Schema.DateTimeUtc,
  /** When it became what it is for good. */
  settledAt: Schema.Option(Schema.DateTimeUtc),
  /** The oldest first. */
  log: Schema.Array(Attempt)
}) {}

/** What is to be sent and kept for it. */
export interface NewDelivery {
  readonly id: DeliveryId
  readonly eventId: string
  readonly eventType: EventType
  /** Whom it tells of; so what is to be forgotten of a person is found. */
  readonly contactId: ContactId | undefined
  /** The same bytes on every attempt. */
  readonly body: string
}

const encode = Schema.encodeSync(Event)
const contactIn = Schema.decodeUnknownOption(Schema.Struct({ contact_id: ContactId }))

/** `event` as it is sent. */
export const ofEvent = (id: DeliveryId, event: Event): NewDelivery => ({
  id,
  eventId: event.id,
  eventType: event.type,
  contactId: contactIn(event.data).valueOrUndefined?.contact_id,
  body: JSON.stringify(encode(event))
})
