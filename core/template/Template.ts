import { Schema } from "effect"
import { PlainText } from "../message/PlainText.ts"
import { Component } from "./Component.ts"
import { Variables } from "./Variable.ts"

export const TemplateId = Schema.Int.pipe(Schema.brand("TemplateId"))
export type TemplateId = typeof TemplateId.Type

/** Meta's code of a language: `pt_BR`, `en`, `fil`. */
const Language = Schema.String.check(Schema.isPattern(/^[a-z]{2,3}(?:_[A-Z]{2,4})?$/u))

export const isLanguage: (text: string) => boolean = Schema.is(Language)

/** Meta's own pages write `en-US` in webhooks and `en_US` everywhere else: here it is always `en_US`. */
export const normalizeLanguage = (code: string): string => {
  const [language = "", ...region] = code.trim().split(/[-_]/u)
  return [language.toLowerCase(), ...region.map((part) => part.toUpperCase())].join("_")
}

/** `POSITIONAL`: placeholders are `{{1}}`, `{{2}}`; `NAMED`: `{{customer_name}}`. Button URLs have `{{1}}` in both. */
export const ParameterFormat = Schema.Literals(["POSITIONAL", "NAMED"])
export type ParameterFormat = typeof ParameterFormat.Type

const Name = Schema.String.check(Schema.isPattern(/^[a-z0-9_]{1,512}$/u))

export const isTemplateName: (text: string) => boolean = Schema.is(Name)

/** Everything of a template but the id it gets when it is stored. */
export const TemplateContent = Schema.Struct({
  /** Meta's name of it, unique with the language within the WhatsApp Business Account. */
  name: Name,
  language: Language,
  /** Meta's word: `MARKETING`, `UTILITY`, `AUTHENTICATION`. */
  category: PlainText,
  /** Meta's word, whatever it is: new ones appear now and then. */
  status: PlainText,
  parameterFormat: ParameterFormat,
  components: Schema.Array(Component),
  variables: Variables
})
export type TemplateContent = typeof TemplateContent.Type

/** A message Meta reviews once and lets a business send outside the service window ever after. */
export class Template extends Schema.Class<Template>("Template")({ id: TemplateId, ...TemplateContent.fields }) {}

/** Only what Meta approved goes out. `PAUSED`, `IN_APPEAL`, a status nobody knows yet: not sendable. */
export const isSendable = (template: Pick<Template, "status">): boolean => template.status === "APPROVED"
