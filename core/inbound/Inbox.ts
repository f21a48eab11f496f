/**
 * What Meta posted, exactly as it came: kept before it is acknowledged, worked through afterwards.
 *
 * Guarantees: what `keep` has answered for is committed and awaits its work, whatever ends after that; what awaits its
 * work is never forgotten, however old.
 */
import type { DateTime, Effect, Option } from "effect"
import { Context } from "effect"
import type { Unavailable } from "../Unavailable.ts"
import type { Source } from "./Source.ts"

export interface Posted {
  readonly source: Source
  /** The raw bytes that were signed; up to 3 MB, and not necessarily JSON. */
  readonly body: Uint8Array
  readonly receivedAt: DateTime.Utc
}

export interface Backlog {
  /** Posts that await their work. */
  readonly posts: number
  /** When the one that waits longest was received. */
  readonly oldest: Option.Option<DateTime.Utc>
}

/** Port: where posts are kept until, and for a while after, they are worked through. */
export class Inbox extends Context.Service<
  Inbox,
  {
    /** Meta repeats what was not acknowledged, so one post may be kept several times. */
    readonly keep: (posted: Posted) => Effect.Effect<void, Unavailable>
    readonly backlog: Effect.Effect<Backlog, Unavailable>
    /** Removes bodies received before `before` that were worked through, in bounded batches. Returns how many. */
    readonly forget: (before: DateTime.Utc) => Effect.Effect<number, Unavailable>
  }
>()("aidesk/core/inbound/Inbox") {}
