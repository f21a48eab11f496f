/**
 * What deliveries are signed with, and the text that is signed.
 *
 * Source: the Standard Webhooks specification, 1.0.0: "Signature scheme".
 */
import { type DateTime, Duration, type Redacted, Schema } from "effect"

/** `whsec_` and 32 random bytes in base64. Shown once. */
export type WebhookSecret = Redacted.Redacted

export const secretPrefix = "whsec_"

/** The ones that sign now, newest first: two of them for a while after a rotation. */
export type SigningSecrets = ReadonlyArray<WebhookSecret>

/** How long the secret before it goes on signing, where the rotation does not say. */
export const defaultOverlap = Duration.hours(24)

/** As the rotation may say: up to a week. */
export const OverlapHours = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 168 }))

export interface Signable {
  /** The event's, which is the same on every attempt. */
  readonly id: string
  /** Of this attempt. */
  readonly at: DateTime.Utc
  readonly body: string
}

export const timestampOf = ({ at }: Signable): string => String(Math.floor(at.epochMilliseconds / 1000))

/** Signed with HMAC-SHA256. */
export const signedText = (signable: Signable): string => `${signable.id}.${timestampOf(signable)}.${signable.body}`
