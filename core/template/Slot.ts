import { type Button, type Component, type Header, inReadingOrder, isOneTimeCode } from "./Component.ts"
import * as Placeholder from "./Placeholder.ts"
import * as ValueRule from "./ValueRule.ts"
import { limits } from "./ValueRule.ts"
import { addressOf, type Target } from "./Variable.ts"

/** A place of a template that a variable fills. */
export interface Slot {
  readonly target: Target
  /** `target` as one string: `body:1`. */
  readonly address: string
  /** For messages: `{{1}} do corpo`. */
  readonly label: string
  /** Meta refuses the send without it. The others are left out where no variable fills them. */
  readonly required: boolean
  /** Meta's own name of it, in templates whose parameters are named. */
  readonly name?: string
  readonly rule: ValueRule.ValueRule
}

export interface Slots {
  /** In the order a reader meets them: header, body, buttons. */
  readonly slots: ReadonlyArray<Slot>
  /** Meta wants a one-time code twice: the address of its button stands for that of the body. */
  readonly aliases: ReadonlyMap<string, string>
}

const required = (target: Target, label: string, rule: ValueRule.ValueRule): Slot => ({
  target,
  address: addressOf(target),
  label,
  required: true,
  rule: ValueRule.all(ValueRule.sendable, rule)
})

const optional = (target: Target, label: string, rule: ValueRule.ValueRule): Slot => ({
  ...required(target, label, rule),
  required: false
})

const header = (position: Target["position"]): Target => ({ component: "header", position })

const textSlots = (component: "header" | "body", text: string, label: string, rule: ValueRule.ValueRule) =>
  Placeholder.keysOf(text).map((key) => {
    const called = `{{${key}}} ${label}`
    return Placeholder.isNumber(key)
      ? required({ component, position: Number(key) }, called, rule)
      : { ...required({ component, position: key }, called, rule), name: key }
  })

const headerSlots = (component: Header): ReadonlyArray<Slot> => {
  if (component.format === "TEXT") return textSlots("header", component.text, "do cabeçalho", ValueRule.oneLine)
  if (component.format === "LOCATION") {
    return [
      required(header("latitude"), "latitude do cabeçalho", ValueRule.latitude),
      required(header("longitude"), "longitude do cabeçalho", ValueRule.longitude),
      required(header("name"), "nome do local do cabeçalho", ValueRule.anything),
      required(header("address"), "endereço do cabeçalho", ValueRule.anything)
    ]
  }
  const link = required(header("link"), "link da mídia do cabeçalho", ValueRule.anything)
  return component.format === "DOCUMENT"
    ? [link, optional(header("filename"), "nome do arquivo do cabeçalho", ValueRule.anything)]
    : [link]
}

const oneTimeCode = ValueRule.all(ValueRule.oneLine, ValueRule.atMost(limits.oneTimeCode))

const buttonSlots = (button: Button, position: number): ReadonlyArray<Slot> => {
  const target: Target = { component: "button", position }
  const of = `do botão ${position}`
  if (isOneTimeCode(button)) return [required(target, `código ${of}`, oneTimeCode)]
  if (button.type === "COPY_CODE") return [required(target, `cupom ${of}`, ValueRule.atMost(limits.coupon))]
  if (button.type === "FLOW") return [optional(target, `token ${of}`, ValueRule.anything)]
  if (button.type === "QUICK_REPLY") return [optional(target, `payload ${of}`, ValueRule.atMost(limits.payload))]
  if (button.type !== "URL") return []
  const { keys, literals } = Placeholder.parse(button.url)
  return keys.length === 0 ? [] : [required(target, `final do endereço ${of}`, ValueRule.urlEnd(literals.join("")))]
}

export const slotsOf = (components: ReadonlyArray<Component>): Slots => {
  const buttons = components.flatMap((component) => (component.type === "BUTTONS" ? component.buttons : []))
  const bodyRule = buttons.some(isOneTimeCode) ? oneTimeCode : ValueRule.oneLine
  const slots: Array<Slot> = []
  for (const component of inReadingOrder(components)) {
    if (component.type === "HEADER") slots.push(...headerSlots(component))
    if (component.type === "BODY") slots.push(...textSlots("body", component.text, "do corpo", bodyRule))
  }
  const code = slots.find(({ target }) => target.component === "body")
  const aliases = new Map<string, string>()
  for (const [position, button] of buttons.entries()) {
    if (isOneTimeCode(button) && code !== undefined) aliases.set(`button:${position}`, code.address)
    else slots.push(...buttonSlots(button, position))
  }
  return { slots, aliases }
}
