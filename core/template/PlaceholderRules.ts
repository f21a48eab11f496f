/**
 * What Meta allows of placeholders, checked where a template is registered: one that breaks these rules is not the
 * template Meta approved, and no send of it could succeed.
 *
 * Source: Meta, "Template components": one variable in a text header, one at the end of a button's URL, none in a
 * footer; positions count from 1 without a gap; names are lowercase letters, digits and `_`.
 */
import { type Button, type Component, isOneTimeCode } from "./Component.ts"
import type { Report } from "./InvalidDefinition.ts"
import * as Placeholder from "./Placeholder.ts"
import type { ParameterFormat } from "./Template.ts"

/** What the placeholders say, for Meta leaves `parameter_format` out at times. */
export const formatOf = (components: ReadonlyArray<Component>): ParameterFormat =>
  components.some((component) => keysOf(component).some(Placeholder.isName)) ? "NAMED" : "POSITIONAL"

export const checkPlaceholders = (
  components: ReadonlyArray<Component>,
  format: ParameterFormat,
  report: Report
): void => {
  for (const component of components) {
    if (component.type === "BUTTONS") {
      component.buttons.forEach((button, index) => checkButton(button, index, report))
    } else checkText(component, format, report)
  }
}

const keysOf = (component: Component): ReadonlyArray<string> =>
  "text" in component ? Placeholder.keysOf(component.text) : []

const checkText = (component: Component, format: ParameterFormat, report: Report): void => {
  const keys = keysOf(component)
  const allowed = { HEADER: 1, BODY: Infinity, FOOTER: 0, BUTTONS: 0 }[component.type]
  if (keys.length > allowed) report(component.type, `cabem ${allowed} placeholders, há ${keys.length}`)
  const isRight = format === "NAMED" ? Placeholder.isName : Placeholder.isNumber
  const wrong = keys.filter((key) => !isRight(key))
  for (const key of wrong) {
    const right = format === "NAMED" ? "um nome em minúsculas, como {{nome_cliente}}" : "um número, como {{1}}"
    report(component.type, `{{${key}}} não serve; com parameter_format ${format} seria ${right}`)
  }
  if (format === "POSITIONAL" && wrong.length === 0 && keys.some((key, index) => Number(key) !== index + 1)) {
    report(component.type, `os placeholders devem ir de {{1}} a {{${keys.length}}} sem pular nenhum`)
  }
}

const checkButton = (button: Button, index: number, report: Report): void => {
  // WhatsApp's own one-time-code addresses follow rules of their own, and nobody but Meta writes them.
  if (button.type !== "URL" || isOneTimeCode(button)) return
  const { keys, literals } = Placeholder.parse(button.url)
  if (keys.length > 1 || (keys.length === 1 && literals.at(-1) !== "")) {
    report(`BUTTONS[${index}].url`, "só cabe um placeholder, no final")
  }
}
