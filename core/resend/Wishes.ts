/**
 * Port: the wishes to send messages again, as far as they are carried out.
 *
 * A wish is entered by one process and carried out by another, and survives both. Any number of workers may claim at
 * once: no wish is with two of them, unless one has held it for longer than its lease; what the earlier one of such two
 * says no longer counts.
 */
import type { DateTime, Duration, Effect } from "effect"
import { Context } from "effect"
import type { ContactId } from "../contact/Contact.ts"
import type { PhoneNumber } from "../contact/PhoneNumber.ts"
import type { Instance } from "../instance/Instance.ts"
import type { Record } from "../message/Sends.ts"
import type { Unavailable } from "../Unavailable.ts"
import type { ResendOutcome, SendStatus } from "./Resend.ts"
import type { Wish } from "./Resends.ts"

/** A wish that somebody has taken on, with all that its message was and all that is known of it now. */
export interface ClaimedWish extends Wish {
  /** Names this claim among all that were made of the wish. */
  readonly claim: number
  readonly instance: Instance
  /** Of a contact that proved to be another: the other. */
  readonly contactId: ContactId
  readonly number: PhoneNumber | undefined
  readonly record: Record
  readonly status: SendStatus
}

export class Wishes extends Context.Service<
  Wishes,
  {
    /**
     * Takes on at most `limit` wishes whose time has come, those that wait longest first. One whose claimer is not heard
     * of within `lease` may be claimed again.
     */
    readonly claim: (
      now: DateTime.Utc,
      lease: Duration.Duration,
      limit: number
    ) => Effect.Effect<ReadonlyArray<ClaimedWish>, Unavailable>
    readonly end: (wish: ClaimedWish, outcome: ResendOutcome) => Effect.Effect<void, Unavailable>
    /** Not this time: to be claimed again from `nextAt` on. */
    readonly postpone: (wish: ClaimedWish, nextAt: DateTime.Utc) => Effect.Effect<void, Unavailable>
  }
>()("aidesk/core/resend/Wishes") {}
