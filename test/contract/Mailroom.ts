/** What the suites of inbox and quarantine need beside them: what others do with posts, and a look at what is kept. */
import { Context, type DateTime, type Effect } from "effect"
import type { Posted } from "../../core/inbound/Inbox.ts"
import type { QuarantineId } from "../../core/inbound/Quarantine.ts"
import type { Quarantined } from "../../core/inbound/Quarantined.ts"
import type { Source } from "../../core/inbound/Source.ts"

export interface KeptPost extends Omit<Posted, "body"> {
  /** In hexadecimal. */
  readonly body: string
  /** Whether it awaits its work. */
  readonly pending: boolean
}

export class Mailroom extends Context.Service<
  Mailroom,
  {
    /** As if no post had ever come. */
    readonly empty: Effect.Effect<void>
    /** In the order in which they are worked through. */
    readonly posts: Effect.Effect<ReadonlyArray<KeptPost>>
    /** Whoever works through the posts is done with all that wait. */
    readonly workThrough: Effect.Effect<void>
    readonly setAside: (
      item: Quarantined & {
        readonly source: Source
        readonly receivedAt: DateTime.Utc
        readonly setAsideAt: DateTime.Utc
      }
    ) => Effect.Effect<QuarantineId>
    /** Payloads of what is set aside. */
    readonly quarantined: Effect.Effect<ReadonlyArray<string>>
  }
>()("test/contract/Mailroom") {}
