/**
 * Sending again what happened: one event, all that was given up, or a stretch of time. Under the event's own id, so
 * that a receiver which had it already can tell.
 */
import { DateTime, Effect, Option, Schema } from "effect"
import type { Event } from "../event/Event.ts"
import { EventFeed, type FeedCursor } from "../event/EventFeed.ts"
import { Deliveries } from "./Deliveries.ts"
import { type DeliveryId, ofEvent } from "./Delivery.ts"
import { FeedPlaces } from "./FeedPlaces.ts"
import { wants, type WebhookEndpoint } from "./WebhookEndpoint.ts"
import { WebhookMaker } from "./WebhookMaker.ts"

/** Events looked at by one call; the rest is the next one's. */
export const mostAtOnce = 5000

/** Statements stay short. */
const page = 500

/** The feed does not have it, or no longer. */
export class EventNotFound extends Schema.TaggedError<EventNotFound>()("EventNotFound", {}) {}

const queue = Effect.fnUntraced(function* (endpoint: WebhookEndpoint, events: ReadonlyArray<Event>) {
  const { deliveryId } = yield* WebhookMaker
  const { requeue } = yield* Deliveries
  const entries = yield* Effect.forEach(events, (event) => Effect.map(deliveryId, (id) => ofEvent(id, event)))
  return entries.length === 0 ? 0 : yield* requeue(endpoint, entries, yield* DateTime.now)
})

/** One event, whether or not the endpoint has asked for its type. */
export const replayEvent = Effect.fn("replayEvent")(function* (endpoint: WebhookEndpoint, eventId: string) {
  const place = yield* (yield* FeedPlaces).before(endpoint.instanceId, eventId)
  if (Option.isNone(place)) return yield* new EventNotFound()
  const { events } = yield* (yield* EventFeed).read(endpoint.instanceId, place.value, 1)
  if (events[0]?.id !== eventId) return yield* new EventNotFound()
  return { queued: yield* queue(endpoint, events) }
})

/** Everything that was given up at `since` or later. */
export const replayExhausted = Effect.fn("replayExhausted")(function* (
  endpoint: WebhookEndpoint,
  since: DateTime.Utc,
  after: DeliveryId | undefined
) {
  const { requeueExhausted } = yield* Deliveries
  let queued = 0
  let next = after
  while (queued < mostAtOnce) {
    const step = yield* requeueExhausted(endpoint, since, next, page, yield* DateTime.now)
    queued += step.queued
    next = step.next
    if (next === undefined) break
  }
  return { queued, next }
})

/** What happened from `from` to `to`, both included, of the types that the endpoint has asked for. */
export const replayBetween = Effect.fn("replayBetween")(function* (
  endpoint: WebhookEndpoint,
  span: { readonly from: DateTime.Utc; readonly to: DateTime.Utc },
  after: FeedCursor | undefined
) {
  const feed = yield* EventFeed
  const { between } = yield* FeedPlaces
  const stretch = yield* between(endpoint.instanceId, { ...span, after }, mostAtOnce + 1)
  if (Option.isNone(stretch)) return { queued: 0, next: undefined }
  const { count } = stretch.value
  let left = Math.min(count, mostAtOnce)
  let place = stretch.value.after
  let queued = 0
  while (left > 0) {
    const { events, next } = yield* feed.read(endpoint.instanceId, place, Math.min(left, page))
    if (events.length === 0) break
    queued += yield* queue(
      endpoint,
      events.filter(
        ({ timestamp, type }) =>
          wants(endpoint, type) && DateTime.between(timestamp, { minimum: span.from, maximum: span.to })
      )
    )
    left -= events.length
    place = next
  }
  return { queued, next: count > mostAtOnce ? place : undefined }
})
