import { graphError } from "./GraphError.ts"
import type { GraphError } from "./GraphError.ts"
import type { Component, Parameter } from "./TemplateMessage.ts"
import type { ButtonRequirement, Requirements, TextRequirement } from "./TemplateRequirements.ts"

/**
 * What is wrong with the values of a template message, by the template it uses; undefined if nothing is. From v23.0 on
 * the code is 132018; before, 132000 for a wrong count and 132012 for a wrong form. `details` says which it was.
 */
export const parameterError = (
  requirements: Requirements,
  components: ReadonlyArray<Component>,
  context: { readonly named: boolean; readonly graphVersion: number }
): GraphError | undefined => {
  const problem = componentsProblem(requirements, components, context.named)
  if (problem === undefined) return undefined
  if (problem.kind === "length") return graphError(132005, { details: problem.details })
  const before23 = problem.kind === "count" ? 132000 : 132012
  return graphError(context.graphVersion >= 23 ? 132018 : before23, { details: problem.details })
}

interface Problem {
  readonly kind: "count" | "form" | "length"
  readonly details: string
}

const longestRendered = { header: 60, body: 1024 }
const longestCode = 20

const form = (details: string): Problem => ({ kind: "form", details })

const countProblem = (where: string, sent: number, expected: number): Problem => ({
  kind: "count",
  details: `${where}: number of localizable_params (${sent}) does not match the expected number of params (${expected})`
})

/** What a value shows in the message, undefined if it is not a value of a text. */
const shown = (parameter: Parameter): string | undefined => {
  switch (parameter.type) {
    case "text":
      return parameter.text
    case "currency":
      return parameter.currency?.fallback_value
    case "date_time": {
      const fallback = parameter.date_time?.["fallback_value"]
      return typeof fallback === "string" ? fallback : undefined
    }
    default:
      return undefined
  }
}

const textProblem = (
  where: "header" | "body",
  { text, variables }: TextRequirement,
  sent: ReadonlyArray<Parameter>,
  named: boolean
): Problem | undefined => {
  if (sent.length !== variables.length) return countProblem(where, sent.length, variables.length)
  let rendered = text
  for (const [position, parameter] of sent.entries()) {
    const name = named ? parameter.parameter_name : variables[position]
    if (name === undefined || name === "") return form(`${where}: Parameter name is missing or empty`)
    if (!variables.includes(name)) return form(`${where}: Parameter name ${name} is not in the template`)
    const value = shown(parameter)
    if (value === undefined || value === "") {
      return form(`${where}: parameter at index ${position} of type ${parameter.type} has no text`)
    }
    rendered = rendered.replaceAll(new RegExp(`\\{\\{\\s*${name}\\s*\\}\\}`, "gu"), () => value)
  }
  if (named && new Set(sent.map(({ parameter_name }) => parameter_name)).size < sent.length) {
    return form(`${where}: a parameter name was given twice`)
  }
  return rendered.length > longestRendered[where]
    ? { kind: "length", details: `${where}: text is longer than ${longestRendered[where]} characters` }
    : undefined
}

const headerProblem = (
  header: Requirements["header"],
  sent: ReadonlyArray<Parameter>,
  named: boolean
): Problem | undefined => {
  if (header.kind === "none") return sent.length === 0 ? undefined : countProblem("header", sent.length, 0)
  if (header.kind === "text") return textProblem("header", header.text, sent, named)
  const [parameter, ...more] = sent
  if (more.length > 0) return countProblem("header", sent.length, 1)
  const received = parameter?.type.toUpperCase() ?? "UNKNOWN"
  if (parameter?.type !== header.kind) {
    return form(`header: Format mismatch, expected ${header.kind.toUpperCase()}, received ${received}`)
  }
  if (header.kind === "location") {
    return parameter.location === undefined ? form("header: location is missing") : undefined
  }
  const file = parameter[header.kind]
  return file === undefined || (file.id === undefined) === (file.link === undefined)
    ? form(`header: ${header.kind} must have exactly one of id and link`)
    : undefined
}

const buttonProblem = (
  index: number,
  button: ButtonRequirement | undefined,
  sent: Component | undefined
): Problem | undefined => {
  if (sent === undefined) {
    return button?.required === true
      ? form(`buttons: Button at index ${index} of type ${button.label} requires a parameter`)
      : undefined
  }
  if (button?.subType === undefined || sent.sub_type?.toLowerCase() !== button.subType) {
    return form(`Components sub_type invalid at index: ${index} and type: 'button'`)
  }
  const [parameter, ...more] = sent.parameters ?? []
  if (parameter === undefined || more.length > 0) return countProblem("button", sent.parameters?.length ?? 0, 1)
  const missing = form(`buttons: Button at index ${index} of type ${button.label} requires a parameter`)
  switch (button.subType) {
    case "url":
      return parameter.type === "text" && (parameter.text ?? "") !== "" ? undefined : missing
    case "copy_code": {
      const length = parameter.type === "coupon_code" ? (parameter.coupon_code ?? "").length : 0
      return length > 0 && length <= longestCode ? undefined : missing
    }
    case "quick_reply":
      return parameter.type === "payload" && (parameter.payload ?? "") !== "" ? undefined : missing
    default:
      return undefined
  }
}

const indexOf = (component: Component): number => Number(component.index ?? Number.NaN)

const componentTypes = new Set(["header", "body", "footer", "button", "carousel", "limited_time_offer"])

const componentsProblem = (
  requirements: Requirements,
  components: ReadonlyArray<Component>,
  named: boolean
): Problem | undefined => {
  const ofType = (type: string) => components.filter((component) => component.type.toLowerCase() === type)
  const stranger = components.find((component) => !componentTypes.has(component.type.toLowerCase()))
  if (stranger !== undefined) return form(`Components type ${stranger.type} is not known`)

  const [header] = ofType("header")
  const [body] = ofType("body")
  const buttons = ofType("button")
  const indices = new Set([...requirements.buttons.keys(), ...buttons.map(indexOf)])
  const cards = ofType("carousel")[0]?.cards ?? []
  const [offer] = ofType("limited_time_offer")

  return (
    headerProblem(requirements.header, header?.parameters ?? [], named) ??
    textProblem("body", requirements.body, body?.parameters ?? [], named) ??
    first(indices, (index) =>
      buttonProblem(
        index,
        requirements.buttons[index],
        buttons.find((button) => indexOf(button) === index)
      )
    ) ??
    (requirements.offerExpires && offer?.parameters?.[0]?.limited_time_offer === undefined
      ? form("limited_time_offer: expiration_time_ms is required")
      : undefined) ??
    (cards.length === requirements.cards.length
      ? first(cards.keys(), (position) => cardProblem(requirements.cards[position], cards[position], named))
      : countProblem("carousel", cards.length, requirements.cards.length))
  )
}

const cardProblem = (
  requirements: Requirements | undefined,
  card: NonNullable<Component["cards"]>[number] | undefined,
  named: boolean
): Problem | undefined =>
  requirements === undefined || card === undefined ? undefined : componentsProblem(requirements, card.components, named)

const first = <A>(items: Iterable<A>, problemOf: (item: A) => Problem | undefined): Problem | undefined => {
  for (const item of items) {
    const problem = problemOf(item)
    if (problem !== undefined) return problem
  }
  return undefined
}
