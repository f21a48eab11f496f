/**
 * What an operator registers as a campaign:
 *
 * ```json
 * {
 *   "name": "Boas-vindas", "template_id": 15, "state": "draft",
 *   "variables": { "nomeCliente": { "variable": "nome", "default": "cliente" }, "codigo": { "variable": "codigo" } }
 * }
 * ```
 *
 * `state` is `draft` unless given. Without `variables` the campaign uses the template's own names.
 */
import { type Result, Schema } from "effect"
import { PlainText } from "../message/PlainText.ts"
import { isBlank } from "../template/Blank.ts"
import { type InvalidDefinition, judged, reader, type Report } from "../template/InvalidDefinition.ts"
import { slotsOf } from "../template/Slot.ts"
import { type Template, TemplateId } from "../template/Template.ts"
import { isName } from "../template/Variable.ts"
import { refusalOf } from "../template/VariableRules.ts"
import { type CampaignContent, CampaignState, CampaignVariables } from "./Campaign.ts"

export const CampaignDefinition = Schema.Struct({
  name: PlainText,
  template_id: TemplateId,
  state: Schema.optionalKey(PlainText),
  variables: Schema.optionalKey(CampaignVariables)
})
export type CampaignDefinition = typeof CampaignDefinition.Type

/** Reads the form only: which template it speaks of must be known before the rest can be judged. */
export const decode: (input: unknown) => Result.Result<CampaignDefinition, InvalidDefinition> =
  reader(CampaignDefinition)

/**
 * Judges a definition by its template: every name stands for one variable of it, no two for the same, and every
 * variable without a default has a name.
 */
export const judge = (
  definition: CampaignDefinition,
  template: Template
): Result.Result<CampaignContent, InvalidDefinition> =>
  judged((report) => {
    const { state = "draft", variables = ownNames(template) } = definition
    if (isBlank(definition.name)) report("name", "está em branco")
    if (definition.template_id !== template.id) report("template_id", `não é o template ${template.id}`)
    if (!isState(state)) report("state", `"${state}" não existe; há ${CampaignState.literals.join(", ")}`)
    checkVariables(variables, template, report)
    return {
      name: definition.name,
      templateId: template.id,
      state: isState(state) ? state : "draft",
      variables
    }
  })

const isState = Schema.is(CampaignState)

const ownNames = (template: Template): CampaignVariables =>
  Object.fromEntries(Object.keys(template.variables).map((name) => [name, { variable: name }]))

const checkVariables = (variables: CampaignVariables, template: Template, report: Report): void => {
  const slots = slotsOf(template.components)
  const named = new Map<string, string>()
  for (const [name, { default: fallback, variable }] of Object.entries(variables)) {
    const path = `variables.${name}`
    if (!isName(name)) report(path, `o nome deve começar por uma letra e ter só letras, dígitos, "_" e "-"`)
    const target = Object.hasOwn(template.variables, variable) ? template.variables[variable] : undefined
    if (target === undefined) {
      const known = Object.keys(template.variables).join(", ") || "nenhuma"
      report(path, `o template não tem a variável "${variable}"; tem ${known}`)
      continue
    }
    const other = named.get(variable)
    if (other !== undefined) report(path, `"${variable}" já é "${other}" nesta campanha`)
    named.set(variable, name)
    const refused = fallback === undefined ? undefined : refusalOf(fallback, target, slots)
    if (refused !== undefined) report(path, `o valor de "default" ${refused}`)
  }
  for (const [name, variable] of Object.entries(template.variables)) {
    if (variable.default === undefined && !named.has(name)) {
      report("variables", `a variável "${name}" do template não tem "default" nem nome nesta campanha`)
    }
  }
}
