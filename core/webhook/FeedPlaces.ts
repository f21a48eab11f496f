import type { DateTime, Effect, Option } from "effect"
import { Context } from "effect"
import type { FeedCursor, InvalidCursor } from "../event/EventFeed.ts"
import type { InstanceId } from "../instance/Instance.ts"
import type { Unavailable } from "../Unavailable.ts"

/** A stretch of an instance's feed. */
export interface Stretch {
  readonly after: FeedCursor
  /** How many events it has, counted up to a limit. */
  readonly count: number
}

/** Port: where in the feed something is. */
export class FeedPlaces extends Context.Service<
  FeedPlaces,
  {
    /** Right before the event. */
    readonly before: (instanceId: InstanceId, eventId: string) => Effect.Effect<Option.Option<FeedCursor>, Unavailable>
    /**
     * From the first to the last event of `from` to `to`, both included, that lies after `after`. Others may lie
     * between them: the feed has events in the order in which they were told, not in which they happened.
     */
    readonly between: (
      instanceId: InstanceId,
      span: { readonly from: DateTime.Utc; readonly to: DateTime.Utc; readonly after: FeedCursor | undefined },
      limit: number
    ) => Effect.Effect<Option.Option<Stretch>, InvalidCursor | Unavailable>
  }
>()("aidesk/core/webhook/FeedPlaces") {}
