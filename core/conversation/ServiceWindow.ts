/**
 * The customer service window: for 24 hours after a contact's latest message a business may
 * answer in free form; once it has closed, only an approved template may be sent.
 *
 * Pure: the caller passes `now`, so the rule reads the same under a test clock, in a batch job and
 * in a database row.
 *
 * Source: Meta, "Send messages", customer service windows.
 */
import { DateTime, Duration, Option } from "effect"

export const duration = Duration.hours(24)

export const closesAt = (lastInboundAt: DateTime.Utc): DateTime.Utc => DateTime.addDuration(lastInboundAt, duration)

/** The closing instant itself is outside the window. */
export const isOpen = (lastInboundAt: Option.Option<DateTime.Utc>, now: DateTime.Utc): boolean =>
  Option.exists(lastInboundAt, (at) => DateTime.isLessThan(now, closesAt(at)))

export interface Window {
  readonly open: boolean
  /** When it closes or closed; nothing where the contact never wrote. */
  readonly closesAt: DateTime.Utc | undefined
  /** Why it stands as it does. */
  readonly reason: "customer_wrote" | "expired" | "never_wrote"
}

export const windowOf = (lastInboundAt: Option.Option<DateTime.Utc>, now: DateTime.Utc): Window => {
  if (Option.isNone(lastInboundAt)) return { open: false, closesAt: undefined, reason: "never_wrote" }
  const open = isOpen(lastInboundAt, now)
  return { open, closesAt: closesAt(lastInboundAt.value), reason: open ? "customer_wrote" : "expired" }
}
