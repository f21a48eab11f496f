/** How endpoints and deliveries stand in their tables. Ids are UUIDs there; the API writes them behind a prefix. */
import { Option, Schema, SchemaTransformation } from "effect"
import type { SqlClient } from "effect/sql"
import { EventType } from "../../../core/event/Event.ts"
import { InstanceId } from "../../../core/instance/Instance.ts"
import { Attempt, Delivery, DeliveryId, DeliveryState } from "../../../core/webhook/Delivery.ts"
import {
  DisabledReason,
  Subscription,
  WebhookEndpoint,
  WebhookEndpointId,
  WebhookUrl
} from "../../../core/webhook/WebhookEndpoint.ts"

/** The UUID's digits, which PostgreSQL takes without hyphens. */
export const uuidOf = (id: WebhookEndpointId | DeliveryId): string => id.slice(id.indexOf("_") + 1)

const behind = (prefix: string) =>
  SchemaTransformation.transform({
    decode: (uuid: string) => `${prefix}${uuid.replaceAll("-", "")}`,
    encode: (id: string) => id.slice(prefix.length)
  })

const EndpointUuid = Schema.String.pipe(Schema.decodeTo(WebhookEndpointId, behind("we_")))
const DeliveryUuid = Schema.String.pipe(Schema.decodeTo(DeliveryId, behind("dlv_")))

const date = Schema.DateTimeUtcFromDate
const maybeDate = Schema.OptionFromNullOr(date)

const fields = {
  id: EndpointUuid,
  instance_id: InstanceId,
  url: WebhookUrl,
  event_types: Subscription,
  description: Schema.String,
  disabled_reason: Schema.OptionFromNullOr(DisabledReason),
  disabled_at: maybeDate,
  failing_since: maybeDate,
  held_until: maybeDate,
  holds: Schema.Int,
  previous_until: maybeDate,
  created_at: date
}

export const EndpointRow = Schema.Struct(fields)

export const SealedEndpointRow = Schema.Struct({
  ...fields,
  sealed_secret: Schema.String,
  previous_secret: Schema.NullOr(Schema.String)
})

export const endpointColumns = (sql: SqlClient.SqlClient) => sql`
  e.id, e.instance_id, e.url, e.event_types, e.description, e.disabled_reason, e.disabled_at, e.failing_since,
  e.held_until, e.holds, e.previous_until, e.created_at`

export const toEndpoint = (row: typeof EndpointRow.Type) =>
  new WebhookEndpoint({
    id: row.id,
    instanceId: row.instance_id,
    url: row.url,
    eventTypes: row.event_types,
    description: row.description,
    disabled: Option.zipWith(row.disabled_reason, row.disabled_at, (reason, since) => ({ reason, since })),
    failingSince: row.failing_since,
    heldUntil: row.held_until,
    holds: row.holds,
    previousSecretUntil: row.previous_until,
    createdAt: row.created_at
  })

export const FollowerRow = Schema.Struct({
  id: EndpointUuid,
  instance_id: InstanceId,
  event_types: Subscription,
  tx: Schema.String,
  seq: Schema.String
})

const deliveryFields = {
  id: DeliveryUuid,
  instance_id: InstanceId,
  endpoint_id: EndpointUuid,
  event_id: Schema.String,
  event_type: EventType,
  state: DeliveryState,
  attempts: Schema.Int,
  next_at: maybeDate,
  leased_until: maybeDate,
  created_at: date,
  settled_at: maybeDate,
  log: Schema.Array(Attempt)
}

export const DeliveryRow = Schema.Struct(deliveryFields)

export const ClaimedRow = Schema.Struct({ ...deliveryFields, claims: Schema.Int, body: Schema.String })

export const deliveryColumns = (sql: SqlClient.SqlClient) => sql`
  d.id, d.instance_id, d.endpoint_id, d.event_id, d.event_type, d.state, d.attempts, d.next_at, d.leased_until,
  d.created_at, d.settled_at, d.log`

export const toDelivery = (row: typeof DeliveryRow.Type) =>
  new Delivery({
    id: row.id,
    instanceId: row.instance_id,
    endpointId: row.endpoint_id,
    eventId: row.event_id,
    eventType: row.event_type,
    state: row.state,
    attempts: row.attempts,
    nextAt: Option.isSome(row.leased_until) ? Option.none() : row.next_at,
    createdAt: row.created_at,
    settledAt: row.settled_at,
    log: row.log
  })
