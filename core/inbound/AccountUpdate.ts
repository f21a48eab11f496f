/**
 * What Meta tells of a business number, its account and its business. Words are Meta's, whatever they are: new ones
 * appear now and then.
 *
 * Source: Meta, "account_update", "account_alerts", "business_capability_update", "phone_number_quality_update",
 * "phone_number_name_update webhook reference"; "Business usernames".
 */
import { Schema, SchemaTransformation } from "effect"
import { NumericId, Seconds } from "./MetaValue.ts"

const optional = Schema.optionalKey
const MaybeText = optional(Schema.String)

/** A limit: `TIER_2K` in one webhook, `2000` in another, `-1` for none. */
const Limit = Schema.Union([Schema.String, Schema.Finite]).pipe(
  Schema.decodeTo(
    Schema.String,
    SchemaTransformation.transform({ decode: String, encode: (limit): string | number => limit })
  )
)

/** Despite its name it tells the throughput and the messaging limit of a number. */
export const NumberQualityUpdate = Schema.Struct({
  _tag: Schema.tagDefaultOmit("NumberQuality"),
  displayNumber: Schema.String,
  /** `ONBOARDING`, `THROUGHPUT_UPGRADE`; in old versions `UPGRADE`, `DOWNGRADE`, `FLAGGED`, `UNFLAGGED`. */
  event: Schema.String,
  /** How many people a day the business may write to first. */
  messagingLimit: optional(Limit),
  /** Its forerunner, until February 2026: a messaging limit or, in `THROUGHPUT_UPGRADE`, a throughput. */
  currentLimit: optional(Limit),
  oldLimit: optional(Limit)
}).pipe(
  Schema.encodeKeys({
    displayNumber: "display_phone_number",
    messagingLimit: "max_daily_conversations_per_business",
    currentLimit: "current_limit",
    oldLimit: "old_limit"
  })
)
export type NumberQualityUpdate = typeof NumberQualityUpdate.Type

export const NumberNameUpdate = Schema.Struct({
  _tag: Schema.tagDefaultOmit("NumberName"),
  displayNumber: Schema.String,
  /** `APPROVED`, `DEFERRED`, `PENDING`, `REJECTED`. */
  decision: Schema.String,
  requestedName: MaybeText,
  rejectionReason: MaybeText
}).pipe(
  Schema.encodeKeys({
    displayNumber: "display_phone_number",
    requestedName: "requested_verified_name",
    rejectionReason: "rejection_reason"
  })
)
export type NumberNameUpdate = typeof NumberNameUpdate.Type

export const BusinessUsernameUpdate = Schema.Struct({
  _tag: Schema.tagDefaultOmit("BusinessUsername"),
  displayNumber: Schema.String,
  username: MaybeText,
  /** `approved`, `reserved`, `deleted`. */
  status: Schema.String
}).pipe(Schema.encodeKeys({ displayNumber: "display_phone_number" }))
export type BusinessUsernameUpdate = typeof BusinessUsernameUpdate.Type

const Restriction = Schema.Struct({ type: Schema.String, expiresAt: optional(Seconds) }).pipe(
  Schema.encodeKeys({ type: "restriction_type", expiresAt: "expiration" })
)

export const AccountUpdate = Schema.Struct({
  _tag: Schema.tagDefaultOmit("Account"),
  /** `ACCOUNT_RESTRICTION`, `ACCOUNT_VIOLATION`, `DISABLED_UPDATE`, `ACCOUNT_DELETED`, … */
  event: Schema.String,
  displayNumber: MaybeText,
  /** What the account may not do, and until when. */
  restrictions: optional(Schema.Array(Restriction)),
  violation: optional(Schema.Struct({ type: MaybeText }).pipe(Schema.encodeKeys({ type: "violation_type" }))),
  /** `DISABLE`, `REINSTATE`, `SCHEDULE_FOR_DISABLE`; the date in English words. */
  ban: optional(
    Schema.Struct({ state: MaybeText, date: MaybeText }).pipe(
      Schema.encodeKeys({ state: "waba_ban_state", date: "waba_ban_date" })
    )
  ),
  /** How much of a category the business has sent to a region this month: `25000001:50000000`. */
  volumeTier: optional(
    Schema.Struct({ tier: MaybeText, category: MaybeText, region: MaybeText, month: MaybeText }).pipe(
      Schema.encodeKeys({ category: "pricing_category", month: "effective_month" })
    )
  )
}).pipe(
  Schema.encodeKeys({
    displayNumber: "phone_number",
    restrictions: "restriction_info",
    violation: "violation_info",
    ban: "ban_info",
    volumeTier: "volume_tier_info"
  })
)
export type AccountUpdate = typeof AccountUpdate.Type

export const AccountAlert = Schema.Struct({
  _tag: Schema.tagDefaultOmit("AccountAlert"),
  /** `BUSINESS`, `PHONE_NUMBER`, … */
  entityType: MaybeText,
  entityId: optional(NumericId),
  alert: Schema.Struct({ type: Schema.String, severity: MaybeText, status: MaybeText, description: MaybeText }).pipe(
    Schema.encodeKeys({
      type: "alert_type",
      severity: "alert_severity",
      status: "alert_status",
      description: "alert_description"
    })
  )
}).pipe(Schema.encodeKeys({ entityType: "entity_type", entityId: "entity_id", alert: "alert_info" }))
export type AccountAlert = typeof AccountAlert.Type

export const BusinessCapabilityUpdate = Schema.Struct({
  _tag: Schema.tagDefaultOmit("BusinessCapability"),
  messagingLimit: optional(Limit),
  /** The same per number, until February 2026. */
  messagingLimitPerNumber: optional(Limit),
  maxNumbersPerBusiness: optional(Schema.Int),
  maxNumbersPerAccount: optional(Schema.Int)
}).pipe(
  Schema.encodeKeys({
    messagingLimit: "max_daily_conversations_per_business",
    messagingLimitPerNumber: "max_daily_conversation_per_phone",
    maxNumbersPerBusiness: "max_phone_numbers_per_business",
    maxNumbersPerAccount: "max_phone_numbers_per_waba"
  })
)
export type BusinessCapabilityUpdate = typeof BusinessCapabilityUpdate.Type
