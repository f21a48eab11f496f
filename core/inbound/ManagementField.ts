/**
 * The fields of a webhook other than `messages` and `user_preferences`: one change, one update.
 *
 * Source: Meta, "Webhooks overview" (fields).
 */
import { Predicate, Result, type Schema } from "effect"
import {
  AccountAlert,
  AccountUpdate,
  BusinessCapabilityUpdate,
  BusinessUsernameUpdate,
  NumberNameUpdate,
  NumberQualityUpdate
} from "./AccountUpdate.ts"
import { fault, type Read, reader } from "./Fault.ts"
import {
  TemplateCategoryUpdate,
  TemplateComponentsUpdate,
  TemplateQualityUpdate,
  TemplateStatusUpdate
} from "./TemplateUpdate.ts"
import type { Update } from "./Update.ts"

const readAlert = reader(AccountAlert)

/** Older pages have the members of `alert_info` in the value itself. */
const alertOf = (value: unknown): Read<AccountAlert> =>
  readAlert(Predicate.isObject(value) && !("alert_info" in value) ? { ...value, alert_info: value } : value)

const updateOf: (schema: Schema.Decoder<Update>) => (value: unknown) => Read<Update> = reader

const acted: ReadonlyMap<string, (value: unknown) => Read<Update>> = new Map([
  ["message_template_status_update", updateOf(TemplateStatusUpdate)],
  ["message_template_quality_update", updateOf(TemplateQualityUpdate)],
  ["template_category_update", updateOf(TemplateCategoryUpdate)],
  ["message_template_components_update", updateOf(TemplateComponentsUpdate)],
  ["phone_number_quality_update", updateOf(NumberQualityUpdate)],
  ["phone_number_name_update", updateOf(NumberNameUpdate)],
  ["business_username_updates", updateOf(BusinessUsernameUpdate)],
  ["account_update", updateOf(AccountUpdate)],
  ["account_alerts", alertOf],
  ["business_capability_update", updateOf(BusinessCapabilityUpdate)]
])

/** Reviews, security, payments, calls, groups, and what coexists with the WhatsApp Business app: not of this product. */
const noted: ReadonlySet<string> = new Set(
  [
    ["account_review_update", "security", "payment_configuration_update", "partner_solutions", "automatic_events"],
    ["history", "smb_app_state_sync", "smb_message_echoes", "calls", "flows", "user_id_update"],
    ["group_lifecycle_update", "group_participants_update", "group_participant_update"],
    ["group_settings_update", "group_status_update"]
  ].flat()
)

export const readManagement = (field: string, value: unknown): Read<Update> => {
  const read = acted.get(field)
  if (read !== undefined) return read(value)
  return noted.has(field) ? Result.succeed({ _tag: "Noted", field }) : fault("unknown_field", field)
}
