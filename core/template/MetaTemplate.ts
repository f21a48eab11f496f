/**
 * Meta's template object, read with an open mind: as its API returns it or as one creates it, in upper or lower case,
 * with whatever else it carries; then narrowed to what we can send. Each thing we cannot is a problem with its place.
 */
import { Schema, SchemaTransformation } from "effect"
import { PlainText } from "../message/PlainText.ts"
import * as AuthenticationPreset from "./AuthenticationPreset.ts"
import type { Button, Component, Header } from "./Component.ts"

const Upper = PlainText.pipe(Schema.decode(SchemaTransformation.toUpperCase()))

const GivenButton = Schema.Struct({
  type: Upper,
  text: Schema.optionalKey(PlainText),
  url: Schema.optionalKey(PlainText)
})

const GivenComponent = Schema.Struct({
  type: Upper,
  format: Schema.optionalKey(Upper),
  text: Schema.optionalKey(PlainText),
  buttons: Schema.optionalKey(Schema.Array(GivenButton)),
  add_security_recommendation: Schema.optionalKey(Schema.Boolean),
  code_expiration_minutes: Schema.optionalKey(Schema.Number)
})
type GivenComponent = typeof GivenComponent.Type

export const MetaTemplate = Schema.Struct({
  name: PlainText,
  language: PlainText,
  category: Upper,
  status: Upper,
  parameter_format: Schema.optionalKey(Upper),
  components: Schema.Array(GivenComponent)
})
export type MetaTemplate = typeof MetaTemplate.Type

/** Notes a problem of the member at `path`. */
type Report = (path: string, problem: string) => undefined

/** `template.components`, those that can be sent; `report` hears of the others. */
export const componentsOf = (template: MetaTemplate, report: Report): ReadonlyArray<Component> => {
  const components = template.components.flatMap(
    (given, index) => readComponent(given, `components[${index}]`, template, report) ?? []
  )
  for (const type of ["HEADER", "BODY", "FOOTER", "BUTTONS"] as const) {
    const count = template.components.filter((given) => given.type === type).length
    if (count > 1) report("components", `há mais de um ${type}`)
    if (count === 0 && type === "BODY") report("components", "falta o BODY")
  }
  return components
}

const readComponent = (
  given: GivenComponent,
  path: string,
  template: MetaTemplate,
  report: Report
): Component | undefined => {
  const isAuthentication = template.category === "AUTHENTICATION"
  if (given.type === "HEADER") return readHeader(given, path, report)
  if (given.type === "BODY") {
    const recommending = given.add_security_recommendation === true
    const text = given.text ?? (isAuthentication ? AuthenticationPreset.body(template.language, recommending) : "")
    return text === "" ? report(`${path}.text`, "falta o texto") : { type: "BODY", text }
  }
  if (given.type === "FOOTER") {
    const minutes = isAuthentication ? given.code_expiration_minutes : undefined
    const text = given.text ?? (minutes === undefined ? "" : AuthenticationPreset.footer(template.language, minutes))
    return text === "" ? report(`${path}.text`, "falta o texto") : { type: "FOOTER", text }
  }
  if (given.type === "BUTTONS") {
    const buttons = (given.buttons ?? []).map((button, index) =>
      readButton(button, `${path}.buttons[${index}]`, report)
    )
    return { type: "BUTTONS", buttons: buttons.filter((button) => button !== undefined) }
  }
  return report(path, `o componente ${given.type} não é aceito; há HEADER, BODY, FOOTER e BUTTONS`)
}

const readHeader = ({ format, text }: GivenComponent, path: string, report: Report): Header | undefined => {
  switch (format) {
    case "TEXT":
      return text === undefined ? report(`${path}.text`, "falta o texto") : { type: "HEADER", format, text }
    case "IMAGE":
    case "VIDEO":
    case "DOCUMENT":
    case "LOCATION":
      return { type: "HEADER", format }
    case undefined:
      return report(`${path}.format`, "falta; há TEXT, IMAGE, VIDEO, DOCUMENT e LOCATION")
    default:
      return report(`${path}.format`, `o cabeçalho ${format} não é aceito; há TEXT, IMAGE, VIDEO, DOCUMENT e LOCATION`)
  }
}

const readButton = (given: typeof GivenButton.Type, path: string, report: Report): Button | undefined => {
  const { type, url } = given
  const label = given.text === undefined ? {} : { text: given.text }
  switch (type) {
    case "URL":
      return url === undefined ? report(`${path}.url`, "falta o endereço") : { type, ...label, url }
    case "QUICK_REPLY":
    case "PHONE_NUMBER":
    case "COPY_CODE":
    case "OTP":
    case "FLOW":
      return { type, ...label }
    default:
      return report(path, `o botão ${type} não é aceito; há QUICK_REPLY, URL, PHONE_NUMBER, COPY_CODE, OTP e FLOW`)
  }
}
