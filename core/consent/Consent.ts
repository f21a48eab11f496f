/**
 * Whether a person lets a business send them marketing. Nobody has to ask for it anew: a person who said nothing has
 * not refused.
 *
 * A refusal holds for marketing alone. Utility and authentication templates still go, and so does every answer
 * inside the service window.
 *
 * Source: Meta, "user_preferences webhook reference"; "Error codes" (131050).
 */
import { Array, DateTime, Order, Schema } from "effect"
import type { Content } from "../inbound/Content.ts"
import type { Update } from "../inbound/Update.ts"
import { type Intent, intentOf, type Keywords } from "./Keywords.ts"

/**
 * How it was heard of: a word the person wrote, their setting in WhatsApp, Meta's refusal of a message to them, or
 * somebody of the business who was told.
 */
export const ConsentSource = Schema.Literals(["keyword", "user_preferences", "error_131050", "operator"])
export type ConsentSource = typeof ConsentSource.Type

export interface ConsentChange {
  readonly intent: Intent
  readonly source: ConsentSource
  /** By Meta's clock; of an operator by ours. */
  readonly at: DateTime.Utc
}

/** The change that holds; nothing where the person never said anything. */
export type Consent = ConsentChange | undefined

/** A refusal weighs more than a permission of the same second. */
const latest = Order.combineAll<ConsentChange>([
  Order.mapInput(DateTime.Order, ({ at }) => at),
  Order.mapInput(Order.Boolean, ({ intent }) => intent === "opt_out"),
  Order.mapInput(Order.String, ({ source }) => source)
])

/** The latest by the clock of its source, in whatever order they came in. */
export const consentOf = (changes: ReadonlyArray<ConsentChange>): Consent =>
  Array.isReadonlyArrayNonEmpty(changes) ? Array.max(changes, latest) : undefined

export const isSame = (one: ConsentChange, other: ConsentChange): boolean =>
  one.intent === other.intent && one.source === other.source && DateTime.Equivalence(one.at, other.at)

export const isOptedOut = (consent: Consent): boolean => consent?.intent === "opt_out"

/** Of the categories of templates, those that are no marketing. One that nobody knows yet might be. */
const essential = new Set(["UTILITY", "AUTHENTICATION"])

export const isMarketing = (templateCategory: string): boolean => !essential.has(templateCategory.trim().toUpperCase())

/** Whether a template of this category must not be sent to the person. */
export const refuses = (consent: Consent, templateCategory: string): boolean =>
  isOptedOut(consent) && isMarketing(templateCategory)

/** Meta's code for "this person has stopped marketing messages of this business". */
export const stoppedMarketing = 131050

/** What a person says by themselves: text, and the button of a template, whose label we chose to be tapped. */
const saidIn = (content: Content): string | undefined => {
  if (content.type === "text") return content.text.body
  return content.type === "button" ? content.button.text : undefined
}

/** What an update says about consent: most say nothing. */
export const changeIn = (update: Update, keywords: Keywords): ConsentChange | undefined => {
  switch (update._tag) {
    case "Message": {
      const said = saidIn(update.content)
      const intent = said === undefined ? undefined : intentOf(said, keywords)
      return intent === undefined ? undefined : { intent, source: "keyword", at: update.at }
    }
    case "UserPreference":
      return update.category === "marketing_messages"
        ? { intent: update.value === "stop" ? "opt_out" : "opt_in", source: "user_preferences", at: update.at }
        : undefined
    case "Status":
      return update.errors.some(({ code }) => code === stoppedMarketing)
        ? { intent: "opt_out", source: "error_131050", at: update.at }
        : undefined
    default:
      return undefined
  }
}

/** What is known of a person's consent, and one more change: whether it is news, what holds then, and whether that is new. */
export const withChange = (
  known: ReadonlyArray<ConsentChange>,
  change: ConsentChange
): { readonly isNews: boolean; readonly consent: ConsentChange; readonly turns: boolean } => {
  const isNews = !known.some((one) => isSame(one, change))
  const consent = consentOf([...known, change]) ?? change
  return { isNews, consent, turns: isOptedOut(consent) !== isOptedOut(consentOf(known)) }
}
