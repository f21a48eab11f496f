import { Schema } from "effect"
import type { BusinessNumber } from "./BusinessNumbers.ts"
import { reportedError } from "./StatusUpdate.ts"
import { metadataOf } from "./WebhookPayload.ts"
import type { Update, Wire } from "./WebhookPayload.ts"

const optional = Schema.optionalKey
const MaybeText = optional(Schema.NonEmptyString)

/** What happens to a business number. */
export const NumberEvent = Schema.Struct({
  /** RED is what Meta once called FLAGGED, GREEN and YELLOW are UNFLAGGED. */
  quality: optional(Schema.Literals(["GREEN", "YELLOW", "RED"])),
  /** `TIER_250`, `TIER_2K`, … `TIER_UNLIMITED`. */
  messaging_limit: MaybeText,
  throughput: optional(Schema.Literals(["STANDARD", "HIGH"])),
  /** Meta's own word, over the one that follows from the rest. */
  event: MaybeText,
  /** An error of the number that belongs to no message: `130429`. */
  error: optional(Schema.Int)
}).check(
  Schema.makeFilter((given: object) => Object.keys(given).length > 0, {
    message: "needs one of quality, messaging_limit, throughput, event, error"
  })
)
export type NumberEvent = typeof NumberEvent.Type

const numberEventOf = ({ event, messaging_limit, quality, throughput }: NumberEvent): string => {
  if (event !== undefined) return event
  if (throughput !== undefined) return throughput === "HIGH" ? "THROUGHPUT_UPGRADE" : "THROUGHPUT_DOWNGRADE"
  if (quality !== undefined) return quality === "RED" ? "FLAGGED" : "UNFLAGGED"
  return messaging_limit === undefined ? "UPGRADE" : "ONBOARDING"
}

/** `now` in milliseconds since 1970. */
export const numberUpdate = (given: NumberEvent, number: BusinessNumber, now: number): Update => {
  const { wabaId } = number
  if (given.error !== undefined) {
    const value = {
      messaging_product: "whatsapp",
      metadata: metadataOf(number),
      errors: [reportedError(given.error)]
    }
    return { kind: "change", wabaId, time: undefined, field: "messages", label: `error ${given.error}`, value }
  }
  const event = numberEventOf(given)
  const limit = given.messaging_limit
  return {
    kind: "change",
    wabaId,
    time: Math.floor(now / 1000),
    field: "phone_number_quality_update",
    label: `phone_number_quality_update ${event}`,
    value: {
      display_phone_number: number.displayPhoneNumber,
      event,
      ...(limit === undefined ? {} : { max_daily_conversations_per_business: limit })
    }
  }
}

/** What happens to an account: Meta's event, and its members as Meta writes them where they are given. */
export const AccountEvent = Schema.StructWithRest(Schema.Struct({ event: Schema.NonEmptyString }), [
  Schema.Record(Schema.String, Schema.Json)
])
export type AccountEvent = typeof AccountEvent.Type

const accountDefaults = (event: string, now: number): Wire => {
  switch (event) {
    case "ACCOUNT_RESTRICTION": {
      const expiration = Math.floor(now / 1000) + 7 * 86_400
      return { restriction_info: [{ restriction_type: "RESTRICTED_BIZ_INITIATED_MESSAGING", expiration }] }
    }
    case "ACCOUNT_VIOLATION":
      return { violation_info: { violation_type: "SPAM" } }
    case "DISABLED_UPDATE":
      return { ban_info: { waba_ban_state: "DISABLE", waba_ban_date: "Today" } }
    default:
      return {}
  }
}

/** `now` in milliseconds since 1970. */
export const accountUpdate = (given: AccountEvent, wabaId: string, now: number): Update => ({
  kind: "change",
  wabaId,
  time: Math.floor(now / 1000),
  field: "account_update",
  label: `account_update ${given.event}`,
  value: { ...accountDefaults(given.event, now), ...given }
})
