/**
 * What was set aside of what Meta posted, for an operator to look at and, once the product knows more or a number has
 * been added, to have read again.
 */
import type { Effect } from "effect"
import { Context, Schema } from "effect"
import type { Unavailable } from "../Unavailable.ts"
import { Reason } from "./Fault.ts"
import { Source } from "./Source.ts"

export const QuarantineId = Schema.Int.pipe(Schema.brand("QuarantineId"))
export type QuarantineId = typeof QuarantineId.Type

/** Characters of an item that are shown of it; the whole of it is read again. */
export const shownLength = 4000

/** See `Quarantined`, of which this is the part that is shown. */
export class SetAside extends Schema.Class<SetAside>("SetAside")({
  id: QuarantineId,
  source: Source,
  reason: Reason,
  detail: Schema.Option(Schema.String),
  path: Schema.String,
  /** JSON text, or the beginning of one: `shownLength` characters at most. It may hold what people wrote. */
  raw: Schema.String,
  receivedAt: Schema.DateTimeUtc,
  setAsideAt: Schema.DateTimeUtc
}) {}

/** Port: the quarantine of the whole installation. What is in it is nobody's yet, so it knows no instances. */
export class Quarantine extends Context.Service<
  Quarantine,
  {
    /** The latest first; only those set aside before `before`, where it is given. */
    readonly list: (page: {
      readonly before: QuarantineId | undefined
      readonly limit: number
    }) => Effect.Effect<ReadonlyArray<SetAside>, Unavailable>
    /**
     * Puts what was set aside back into the inbox, to be read again: these, or all that is there now. Each is in one
     * place or the other, never in both or in neither. Returns how many; ids that are not there are passed over.
     */
    readonly retry: (which: ReadonlyArray<QuarantineId> | "all") => Effect.Effect<number, Unavailable>
  }
>()("aidesk/core/inbound/Quarantine") {}
