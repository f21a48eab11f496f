/**
 * Port: everything that happened to an instance, in the order in which it was committed, each once, for 30 days.
 *
 * Guarantees: no event ever appears at or behind a cursor that was handed out. Who follows the cursors sees every event
 * once.
 */
import type { DateTime, Effect } from "effect"
import { Context, Duration, Schema } from "effect"
import type { InstanceId } from "../instance/Instance.ts"
import type { Unavailable } from "../Unavailable.ts"
import type { Event } from "./Event.ts"

/** A place in the feed, opaque: the store's own. */
export const FeedCursor = Schema.NonEmptyString.pipe(Schema.brand("FeedCursor"))
export type FeedCursor = typeof FeedCursor.Type

/** It was not made by this feed. */
export class InvalidCursor extends Schema.TaggedError<InvalidCursor>()("InvalidCursor", {}) {}

export interface FeedPage {
  readonly events: ReadonlyArray<Event>
  /** Where to go on: after the last of `events`; where there are none, the place that was asked for. */
  readonly next: FeedCursor
}

export const keptFor = Duration.days(30)

/** An event bears the time at which it happened; Meta may tell us of it seven days later. */
export const mayBeLate = Duration.days(7)

export class EventFeed extends Context.Service<
  EventFeed,
  {
    /** From the oldest kept, where `after` is undefined. `limit` is at least 1. */
    readonly read: (
      instanceId: InstanceId,
      after: FeedCursor | undefined,
      limit: number
    ) => Effect.Effect<FeedPage, InvalidCursor | Unavailable>
    /** The place after which everything is yet to come. */
    readonly end: (instanceId: InstanceId) => Effect.Effect<FeedCursor, Unavailable>
    /** Forgets the oldest, as far as they happened before `before`, in bounded batches. Returns how many. */
    readonly forget: (before: DateTime.Utc) => Effect.Effect<number, Unavailable>
  }
>()("aidesk/core/event/EventFeed") {}
