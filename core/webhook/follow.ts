/**
 * From the feed to the deliveries: each endpoint follows the feed at its own pace, so that none waits for another.
 */
import { DateTime, Effect } from "effect"
import { EventFeed } from "../event/EventFeed.ts"
import { Deliveries, type Follower } from "./Deliveries.ts"
import { ofEvent } from "./Delivery.ts"
import { WebhookMaker } from "./WebhookMaker.ts"
import { wants } from "./WebhookEndpoint.ts"

/** Events read at once. */
const page = 500

/** Endpoints served at once. */
const abreast = 4

/** Endpoints looked for at once. */
const most = 200

const nothing = { entered: 0, more: false }

const followOne = Effect.fnUntraced(function* (follower: Follower) {
  const feed = yield* EventFeed
  const deliveries = yield* Deliveries
  const { deliveryId } = yield* WebhookMaker
  const { cursor, endpoint } = follower
  const { events, next } = yield* feed.read(endpoint.instanceId, cursor, page)
  const wanted = events.filter(({ type }) => wants(endpoint, type))
  const entered = yield* Effect.forEach(wanted, (event) => Effect.map(deliveryId, (id) => ofEvent(id, event)))
  const moved = yield* deliveries.enter(follower, next, entered, yield* DateTime.now)
  return { entered: moved ? entered.length : 0, more: events.length === page }
})

/** One step for every endpoint that is behind. Tells how many deliveries it made, and whether more is known to be there. */
export const follow = Effect.gen(function* () {
  const followers = yield* (yield* Deliveries).behind(most)
  const steps = yield* Effect.forEach(
    followers,
    (follower) =>
      followOne(follower).pipe(
        // The cursor is the feed's own.
        Effect.catchTag("InvalidCursor", Effect.die),
        // What nobody can read of one instance holds up no other.
        Effect.catchDefect((defect) => Effect.as(Effect.logError("events not entered", defect), nothing)),
        Effect.annotateLogs({ webhook_endpoint_id: follower.endpoint.id, instance_id: follower.endpoint.instanceId })
      ),
    { concurrency: abreast }
  )
  return { entered: steps.reduce((sum, { entered }) => sum + entered, 0), more: steps.some(({ more }) => more) }
}).pipe(Effect.withSpan("follow"))
