/**
 * What Meta tells of a template: reviewed, paused, judged, recategorised or changed.
 *
 * Source: Meta, "message_template_status_update", "message_template_quality_update", "template_category_update" and
 * "message_template_components_update webhook reference"; "Template quality", "Template archival".
 */
import { Schema, SchemaTransformation } from "effect"
import { normalizeLanguage } from "../template/Template.ts"
import { NumericId, Seconds } from "./MetaValue.ts"

const optional = Schema.optionalKey
const MaybeText = optional(Schema.String)

/** Webhooks write `en-US` where the rest of the platform writes `en_US`. */
const Language = Schema.String.pipe(
  Schema.decodeTo(Schema.String, SchemaTransformation.transform({ decode: normalizeLanguage, encode: (code) => code }))
)

/** A template is known by its name and language within its account; the id is Meta's and not ours. */
const identity = { metaId: optional(NumericId), name: Schema.String, language: Language }

const keys = {
  metaId: "message_template_id",
  name: "message_template_name",
  language: "message_template_language"
} as const

export const TemplateStatusUpdate = Schema.Struct({
  _tag: Schema.tagDefaultOmit("TemplateStatus"),
  ...identity,
  /** `APPROVED`, `REJECTED`, `PAUSED`, … and whatever comes later. See `statusAfter`. */
  event: Schema.String,
  category: MaybeText,
  /** `NONE`, `INVALID_FORMAT`, … Absent where the template is about to be deleted. */
  reason: MaybeText,
  /** Of a pause: `FIRST_PAUSE`, `SECOND_PAUSE`, `UNPAUSE`, … */
  pause: optional(Schema.Struct({ title: MaybeText, description: MaybeText })),
  rejection: optional(Schema.Struct({ reason: MaybeText, recommendation: MaybeText }))
}).pipe(
  Schema.encodeKeys({
    ...keys,
    category: "message_template_category",
    pause: "other_info",
    rejection: "rejection_info"
  })
)
export type TemplateStatusUpdate = typeof TemplateStatusUpdate.Type

export const TemplateQualityUpdate = Schema.Struct({
  _tag: Schema.tagDefaultOmit("TemplateQuality"),
  ...identity,
  /** `GREEN`, `YELLOW`, `RED`, `UNKNOWN`. */
  previous: MaybeText,
  quality: Schema.String
}).pipe(Schema.encodeKeys({ ...keys, previous: "previous_quality_score", quality: "new_quality_score" }))
export type TemplateQualityUpdate = typeof TemplateQualityUpdate.Type

export const TemplateCategoryUpdate = Schema.Struct({
  _tag: Schema.tagDefaultOmit("TemplateCategory"),
  ...identity,
  previous: MaybeText,
  /** In force now. Meta calls it new even where it is only about to change. */
  category: Schema.String,
  /** The category that the template gets a day later; there is one only in the notice. */
  upcoming: MaybeText,
  upcomingAt: optional(Seconds)
}).pipe(
  Schema.encodeKeys({
    ...keys,
    previous: "previous_category",
    category: "new_category",
    upcoming: "correct_category",
    upcomingAt: "category_update_timestamp"
  })
)
export type TemplateCategoryUpdate = typeof TemplateCategoryUpdate.Type

const Button = Schema.Struct({ type: Schema.String, text: MaybeText, url: MaybeText, phoneNumber: MaybeText }).pipe(
  Schema.encodeKeys({
    type: "message_template_button_type",
    text: "message_template_button_text",
    url: "message_template_button_url",
    phoneNumber: "message_template_button_phone_number"
  })
)

export const TemplateComponentsUpdate = Schema.Struct({
  _tag: Schema.tagDefaultOmit("TemplateComponents"),
  ...identity,
  header: MaybeText,
  body: MaybeText,
  footer: MaybeText,
  buttons: optional(Schema.Array(Button))
}).pipe(
  Schema.encodeKeys({
    ...keys,
    header: "message_template_title",
    body: "message_template_element",
    footer: "message_template_footer",
    buttons: "message_template_buttons"
  })
)
export type TemplateComponentsUpdate = typeof TemplateComponentsUpdate.Type

/** Back in use: the template was approved before and is again. */
const returns = new Set(["REINSTATED", "UNARCHIVED"])

/**
 * The template's status after `event`, or nothing where it does not change: a flagged template still goes out. What
 * nobody knows yet becomes the status as it is, with which nothing is sent.
 */
export const statusAfter = (event: string): string | undefined => {
  if (event === "FLAGGED") return undefined
  return returns.has(event) ? "APPROVED" : event
}
