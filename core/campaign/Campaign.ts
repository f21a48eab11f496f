/**
 * A campaign sends one template under names of its own: whoever calls it writes `nomeCliente` where the template says
 * `nome`, and its defaults win over those of the template. A template variable that the campaign does not rename keeps
 * its own name and its own default.
 */
import { Schema } from "effect"
import { PlainText } from "../message/PlainText.ts"
import { type NameOf, valueOf } from "../template/Substitution.ts"
import { TemplateId } from "../template/Template.ts"

export const CampaignId = Schema.Int.pipe(Schema.brand("CampaignId"))
export type CampaignId = typeof CampaignId.Type

/** Only an `active` campaign sends; `paused` may become active again, `finished` never. */
export const CampaignState = Schema.Literals(["draft", "active", "paused", "finished"])
export type CampaignState = typeof CampaignState.Type

const CampaignVariable = Schema.Struct({
  /** The template's variable it stands for. */
  variable: PlainText,
  /** Used where a value is missing, empty or blank; wins over the template's. */
  default: Schema.optionalKey(PlainText)
})

/** The campaign's name of a variable → what it stands for. */
export const CampaignVariables = Schema.Record(Schema.String, CampaignVariable)
export type CampaignVariables = typeof CampaignVariables.Type

/** Everything of a campaign but the id it gets when it is stored. */
export const CampaignContent = Schema.Struct({
  name: PlainText,
  templateId: TemplateId,
  state: CampaignState,
  variables: CampaignVariables
})
export type CampaignContent = typeof CampaignContent.Type

export class Campaign extends Schema.Class<Campaign>("Campaign")({ id: CampaignId, ...CampaignContent.fields }) {}

export const isActive = (campaign: Pick<Campaign, "state">): boolean => campaign.state === "active"

type Renaming = Pick<Campaign, "variables">

/** The caller's values under the template's names, as `substitute` takes them. */
export const toTemplateValues = (
  campaign: Renaming,
  values: Readonly<Record<string, string>>
): Readonly<Record<string, string>> => {
  const translated = new Map(Object.entries(values).filter(([name]) => !Object.hasOwn(campaign.variables, name)))
  for (const [name, { default: fallback, variable }] of Object.entries(campaign.variables)) {
    const value = valueOf(values, name) ?? fallback
    // What the caller may have given under the template's own name does not count: here it has another.
    if (value === undefined) translated.delete(variable)
    else translated.set(variable, value)
  }
  return Object.fromEntries(translated)
}

/** How the campaign's callers call a variable of the template; for `substitute`, so that failures speak their language. */
export const callerNameOf =
  (campaign: Renaming): NameOf =>
  (templateVariable) =>
    Object.entries(campaign.variables).find(([, { variable }]) => variable === templateVariable)?.[0] ??
    templateVariable
