/**
 * What an integrator's system is told of, in one shape wherever it is told: in the feed and in webhooks.
 *
 * Encoded: `{"id", "type", "timestamp", "instance_id", "data"}`. An event of a message is named after the message and the
 * status, of which it has one each; so whoever is told twice can tell.
 */
import { Schema } from "effect"
import { InstanceId } from "../instance/Instance.ts"

export const EventType = Schema.Literals([
  "message.accepted",
  "message.sent",
  "message.delivered",
  "message.read",
  "message.played",
  "message.failed",
  "message.unknown",
  "message.unresolved",
  "message.received",
  "contact.opted_out",
  "contact.opted_in",
  "contact.merged",
  "contact.updated",
  "template.updated",
  "instance.health_changed",
  "webhook_endpoint.disabled",
  "webhook_endpoint.test"
])
export type EventType = typeof EventType.Type

export const eventTypes: ReadonlyArray<EventType> = EventType.literals

const Data = Schema.Record(Schema.String, Schema.Unknown)

export const Event = Schema.Struct({
  id: Schema.String,
  type: EventType,
  /** When it happened, by the clock of whoever tells it: of a delivery Meta's, of an acceptance ours. */
  timestamp: Schema.DateTimeUtcFromString,
  instanceId: InstanceId,
  /** Names as the API writes them, in snake_case. */
  data: Data
}).pipe(Schema.encodeKeys({ instanceId: "instance_id" }))
export type Event = typeof Event.Type
