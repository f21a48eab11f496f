import type { DateTime, Duration, Effect, Option } from "effect"
import { Context } from "effect"
import type { FeedCursor } from "../event/EventFeed.ts"
import type { InstanceId } from "../instance/Instance.ts"
import type { Unavailable } from "../Unavailable.ts"
import type { Attempt, Delivery, DeliveryId, DeliveryState, NewDelivery } from "./Delivery.ts"
import type { Verdict } from "./Retry.ts"
import type { WebhookEndpoint, WebhookEndpointId } from "./WebhookEndpoint.ts"
import type { SigningSecrets } from "./WebhookSecret.ts"

/** An endpoint that has not been told everything yet. */
export interface Follower {
  readonly endpoint: Pick<WebhookEndpoint, "id" | "instanceId" | "eventTypes">
  readonly cursor: FeedCursor
}

/** A delivery that somebody has taken on. */
export interface ClaimedDelivery {
  /** Names this claim among all that were made of the delivery. */
  readonly claim: number
  readonly delivery: Delivery
  readonly body: string
  /** As it stood when the delivery was claimed. */
  readonly endpoint: WebhookEndpoint
  /** Those that open: none where the key they were sealed with is not here. */
  readonly secrets: SigningSecrets
}

export interface Outcome {
  readonly attempt: Attempt
  readonly verdict: Verdict
  readonly at: DateTime.Utc
}

export interface DeliveryFilter {
  readonly state: DeliveryState | undefined
  /** Only those that were made before this one. */
  readonly before: DeliveryId | undefined
}

/** How far one step of a replay came. */
export interface Requeued {
  readonly queued: number
  /** Where to go on; nothing where it is done. */
  readonly next: DeliveryId | undefined
}

/**
 * Port: what is to be sent to webhook endpoints, and what became of it.
 *
 * Guarantees: an endpoint's cursor moves in the transaction in which what it passed is entered, so that nothing is left
 * out or entered twice however many workers follow the feed. No delivery is with two workers, unless one has held it
 * for longer than its lease; what the earlier of such two says no longer counts. Of a disabled endpoint nothing is
 * entered and nothing claimed: it all stays where it is.
 */
export class Deliveries extends Context.Service<
  Deliveries,
  {
    /** Enabled endpoints that something has happened for since they were last told, at most `limit`. */
    readonly behind: (limit: number) => Effect.Effect<ReadonlyArray<Follower>, Unavailable>
    /**
     * Enters `deliveries`, due at once, and moves the endpoint on to `next`. Does neither, and answers false, where the
     * endpoint is no longer where `follower` says: somebody else was faster, or it is gone.
     */
    readonly enter: (
      follower: Follower,
      next: FeedCursor,
      deliveries: ReadonlyArray<NewDelivery>,
      now: DateTime.Utc
    ) => Effect.Effect<boolean, Unavailable>
    /**
     * Takes on at most `limit` of the deliveries that are due, and counts an attempt for each. Of one endpoint never
     * more at once than `Retry.inFlight`, all workers together. One whose claimer is not heard of within `lease` may be
     * claimed again.
     */
    readonly claim: (
      now: DateTime.Utc,
      lease: Duration.Duration,
      limit: number
    ) => Effect.Effect<ReadonlyArray<ClaimedDelivery>, Unavailable>
    /** What became of an attempt. Where the endpoint is disabled for it, the event that says so is written with it. */
    readonly settle: (claimed: ClaimedDelivery, outcome: Outcome) => Effect.Effect<void, Unavailable>
    /** Enters one for the endpoint alone and claims it, whatever state the endpoint is in. */
    readonly enterClaimed: (
      endpoint: WebhookEndpoint,
      delivery: NewDelivery,
      now: DateTime.Utc,
      lease: Duration.Duration
    ) => Effect.Effect<Option.Option<ClaimedDelivery>, Unavailable>

    readonly find: (instanceId: InstanceId, id: DeliveryId) => Effect.Effect<Option.Option<Delivery>, Unavailable>
    /** Of one endpoint, the latest first. */
    readonly list: (
      instanceId: InstanceId,
      endpointId: WebhookEndpointId,
      filter: DeliveryFilter,
      limit: number
    ) => Effect.Effect<ReadonlyArray<Delivery>, Unavailable>

    /**
     * Makes `deliveries` due at once, with every attempt before them: those that are there already, whatever became of
     * them, and those that are not. One under way is left alone. Returns how many are due.
     */
    readonly requeue: (
      endpoint: WebhookEndpoint,
      deliveries: ReadonlyArray<NewDelivery>,
      now: DateTime.Utc
    ) => Effect.Effect<number, Unavailable>
    /**
     * Makes due at once, with every attempt before them, at most `limit` of what was exhausted at `since` or later and
     * made after `after`. Tests are not called for again.
     */
    readonly requeueExhausted: (
      endpoint: WebhookEndpoint,
      since: DateTime.Utc,
      after: DeliveryId | undefined,
      limit: number,
      now: DateTime.Utc
    ) => Effect.Effect<Requeued, Unavailable>

    /** Forgets a bounded number of what is older than that, and of what removed endpoints left. Returns how many. */
    readonly forget: (before: {
      readonly succeeded: DateTime.Utc
      readonly exhausted: DateTime.Utc
    }) => Effect.Effect<number, Unavailable>
  }
>()("aidesk/core/webhook/Deliveries") {}
