import { Schema } from "effect"
import type { Update, Wire } from "./WebhookPayload.ts"

const optional = Schema.optionalKey
const MaybeText = optional(Schema.NonEmptyString)

const one = (keys: ReadonlyArray<string>) =>
  Schema.makeFilter((given: object) => keys.filter((key) => Object.hasOwn(given, key)).length === 1, {
    message: `needs exactly one of ${keys.join(", ")}`
  })

const Quality = Schema.Literals(["GREEN", "YELLOW", "RED", "UNKNOWN"])
const Category = Schema.Literals(["AUTHENTICATION", "MARKETING", "UTILITY"])

/** What happens to a template, known to the simulator or not. Of its components nothing is changed in the simulator. */
export const TemplateEvent = Schema.Struct({
  name: Schema.NonEmptyString,
  language: Schema.NonEmptyString,
  waba_id: MaybeText,
  /** `APPROVED`, `REJECTED`, `PAUSED`, `DISABLED`, … */
  event: MaybeText,
  /** Beside `event`: `INVALID_FORMAT`, … */
  reason: MaybeText,
  quality: optional(Quality),
  /** It changes now. */
  category: optional(Category),
  /** It will change in a day. */
  upcoming_category: optional(Category),
  /** New text of its body. */
  body: MaybeText
}).check(one(["event", "quality", "category", "upcoming_category", "body"]))
export type TemplateEvent = typeof TemplateEvent.Type

/** What is known of the template that the event is about. */
export interface TemplateFacts {
  readonly id: string
  readonly wabaId: string
  readonly category: string
  readonly quality: string
}

const pauses = new Map([["PAUSED", { title: "FIRST_PAUSE", description: "The template has been paused." }]])

const statusValue = (event: string, reason: string | undefined, { category }: TemplateFacts, now: number): Wire => {
  const pause = pauses.get(event)
  return {
    event,
    reason: event === "PENDING_DELETION" ? null : (reason ?? (event === "REJECTED" ? "INVALID_FORMAT" : "NONE")),
    message_template_category: category,
    ...(pause === undefined ? {} : { other_info: pause }),
    ...(event === "DISABLED" ? { disable_info: { disable_date: Math.floor(now / 1000) } } : {}),
    ...(event === "REJECTED"
      ? {
          rejection_info: { reason: "The template is not of the expected format.", recommendation: "Change its text." }
        }
      : {})
  }
}

const templateChange = (given: TemplateEvent, facts: TemplateFacts, now: number): readonly [string, Wire] => {
  if (given.event !== undefined) {
    return ["message_template_status_update", statusValue(given.event, given.reason, facts, now)]
  }
  if (given.quality !== undefined) {
    const value = { previous_quality_score: facts.quality, new_quality_score: given.quality }
    return ["message_template_quality_update", value]
  }
  if (given.category !== undefined) {
    return ["template_category_update", { previous_category: facts.category, new_category: given.category }]
  }
  if (given.upcoming_category !== undefined) {
    return [
      "template_category_update",
      {
        new_category: facts.category,
        correct_category: given.upcoming_category,
        category_update_timestamp: Math.floor(now / 1000) + 86_400
      }
    ]
  }
  return ["message_template_components_update", { message_template_element: given.body }]
}

/** `now` in milliseconds since 1970. Webhooks write `pt-BR` where the rest of Meta's API writes `pt_BR`. */
export const templateUpdate = (given: TemplateEvent, facts: TemplateFacts, now: number): Update => {
  const [field, value] = templateChange(given, facts, now)
  return {
    kind: "change",
    wabaId: facts.wabaId,
    time: Math.floor(now / 1000),
    field,
    label: `${field} ${given.name}`,
    value: {
      message_template_id: Number(facts.id),
      message_template_name: given.name,
      message_template_language: given.language.replace("_", "-"),
      ...value
    }
  }
}
