/**
 * Port: works through what Meta posted. See `application/apply.ts` for what becomes of it.
 *
 * Guarantees: a payload's changes, its events and the end of its waiting are one transaction, so that it counts once,
 * whenever and however often a process dies; payloads are taken in the order in which they came, by one process at
 * a time; a payload that cannot be applied is set aside whole and holds up no other.
 */
import type { DateTime, Effect } from "effect"
import { Context } from "effect"
import type { Unavailable } from "../Unavailable.ts"

export interface Worked {
  /** How many payloads were worked through; 0 where none waited, or another process is at it. */
  readonly payloads: number
  readonly updates: number
  readonly setAside: number
  /** Whether more wait. */
  readonly more: boolean
}

export const nothingWorked: Worked = { payloads: 0, updates: 0, setAside: 0, more: false }

export class Updates extends Context.Service<
  Updates,
  {
    /** Applies the oldest waiting payloads, and the parked statuses whose turn it is. */
    readonly workThrough: (now: DateTime.Utc) => Effect.Effect<Worked, Unavailable>
    /** Tells, once each, of messages whose outcome nobody has known since before `before`. Returns how many. */
    readonly tellUnresolved: (before: DateTime.Utc, now: DateTime.Utc) => Effect.Effect<number, Unavailable>
    /** Forgets which news were heard before `before`, and statuses whose message never turned up. Returns how many. */
    readonly forget: (before: DateTime.Utc) => Effect.Effect<number, Unavailable>
  }
>()("aidesk/core/inbound/Updates") {}
