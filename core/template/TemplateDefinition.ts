/**
 * What an operator registers: Meta's template object with our variables beside it.
 *
 * ```json
 * {
 *   "name": "pedido_enviado", "language": "pt_BR", "category": "UTILITY", "status": "APPROVED",
 *   "parameter_format": "POSITIONAL",
 *   "components": [
 *     { "type": "BODY", "text": "Olá {{1}}, o pedido {{2}} saiu para entrega." },
 *     { "type": "BUTTONS", "buttons": [{ "type": "URL", "text": "Rastrear", "url": "https://loja.example/r/{{1}}" }] }
 *   ],
 *   "variables": {
 *     "nome":    { "component": "body", "position": 1, "default": "cliente" },
 *     "codigo":  { "component": "body", "position": 2 },
 *     "rastreio": { "component": "button", "position": 0 }
 *   }
 * }
 * ```
 *
 * `Variable.ts` lists every target. Named placeholders need no variable: undeclared, they are called as Meta calls
 * them. Positional ones, links, places, coupons and the ends of URLs have no name until the operator gives one.
 */
import { Result, Schema } from "effect"
import { type InvalidDefinition, judged, reader, type Report } from "./InvalidDefinition.ts"
import { componentsOf, MetaTemplate } from "./MetaTemplate.ts"
import { checkPlaceholders, formatOf } from "./PlaceholderRules.ts"
import { slotsOf } from "./Slot.ts"
import { isLanguage, isTemplateName, normalizeLanguage, ParameterFormat, type TemplateContent } from "./Template.ts"
import { GivenVariables, variablesOf } from "./VariableRules.ts"

const Given = Schema.Struct({ ...MetaTemplate.fields, variables: Schema.optionalKey(GivenVariables) })

const read = reader(Given)

/**
 * Reads and judges a definition. All problems of form are told at once, then all of the template, then all of its
 * variables: which places there are is known only of a template that is sound.
 */
export const decode = (input: unknown): Result.Result<TemplateContent, InvalidDefinition> =>
  Result.gen(function* () {
    const { variables = {}, ...given } = yield* read(input)
    const template = yield* judged((report) => judge(given, report))
    return {
      ...template,
      variables: yield* judged((report) => variablesOf(variables, slotsOf(template.components), report))
    }
  })

const judge = (given: MetaTemplate, report: Report): Omit<TemplateContent, "variables"> => {
  const { category, name, parameter_format: format, status } = given
  const language = normalizeLanguage(given.language)
  if (!isTemplateName(name)) report("name", `"${name}" não é um nome da Meta: letras minúsculas, dígitos e "_"`)
  if (!isLanguage(language)) report("language", `"${given.language}" não é um código de idioma como "pt_BR"`)
  const components = componentsOf({ ...given, language }, report)
  const parameterFormat = isParameterFormat(format) ? format : formatOf(components)
  if (format !== undefined && format !== parameterFormat) {
    report("parameter_format", `"${format}" não existe; há POSITIONAL e NAMED`)
  }
  checkPlaceholders(components, parameterFormat, report)
  return { name, language, category, status, parameterFormat, components }
}

const isParameterFormat = Schema.is(ParameterFormat)
