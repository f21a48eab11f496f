/**
 * Which variables a template gets: those an operator declares and, for named placeholders that nobody declared, the
 * names Meta knows them by. In the end every place that Meta wants filled belongs to exactly one variable.
 */
import { Schema, SchemaTransformation } from "effect"
import { PlainText } from "../message/PlainText.ts"
import { isBlank } from "./Blank.ts"
import type { Report } from "./InvalidDefinition.ts"
import type { Slot, Slots } from "./Slot.ts"
import { addressesOf, addressOf, isName, Target, type Variable, type Variables } from "./Variable.ts"

const GivenTarget = Schema.Struct({
  component: PlainText.pipe(Schema.decode(SchemaTransformation.toLowerCase())),
  position: Schema.Union([Schema.Int, PlainText]).annotate({ message: "deve ser um número inteiro ou um texto" })
})

const GivenVariable = Schema.Struct({
  ...GivenTarget.fields,
  also: Schema.optionalKey(Schema.Array(GivenTarget)),
  default: Schema.optionalKey(PlainText)
})

export const GivenVariables = Schema.Record(PlainText, GivenVariable)
export type GivenVariables = typeof GivenVariables.Type

type Owners = Map<Slot, string>

export const variablesOf = (given: GivenVariables, slots: Slots, report: Report): Variables => {
  const owners: Owners = new Map()
  const declared = Object.entries(given).flatMap(([name, variable]) => {
    const read = declare(name, variable, slots, owners, report)
    return read === undefined ? [] : [[name, read] as const]
  })
  const derived = new Map<string, Variable>()
  for (const slot of slots.slots.filter((slot) => !owners.has(slot))) {
    const { name } = slot
    if (name !== undefined && isName(name) && !Object.hasOwn(given, name)) {
      derived.set(name, widened(derived.get(name), slot.target))
    } else if (slot.required) {
      report(
        "variables",
        `${slot.label} não tem variável; declare, por exemplo, "nome": ${JSON.stringify(slot.target)}`
      )
    }
  }
  return Object.fromEntries([...declared, ...derived])
}

const declare = (
  name: string,
  { also = [], default: fallback, ...first }: typeof GivenVariable.Type,
  slots: Slots,
  owners: Owners,
  report: Report
): Variable | undefined => {
  const path = `variables.${name}`
  if (!isName(name)) return report(path, `o nome deve começar por uma letra e ter só letras, dígitos, "_" e "-"`)
  let variable: Variable | undefined
  for (const target of [first, ...also]) {
    if (!isTarget(target)) {
      report(path, `o componente "${target.component}" não existe; há "header", "body" e "button"`)
      continue
    }
    const slot = slotAt(addressOf(target), slots)
    if (slot === undefined) {
      report(
        path,
        `o template não tem ${JSON.stringify(target)}; tem ${slots.slots.map(({ target }) => JSON.stringify(target)).join(", ") || "nada a preencher"}`
      )
      continue
    }
    const owner = owners.get(slot) ?? name
    owners.set(slot, owner)
    if (owner !== name) report(path, `${slot.label} já é da variável "${owner}"`)
    variable = widened(variable, target)
  }
  if (fallback === undefined || variable === undefined) return variable
  const refused = refusalOf(fallback, variable, slots)
  if (refused !== undefined) report(path, `o valor de "default" ${refused}`)
  return { ...variable, default: fallback }
}

/** Why `text` can be no default of `variable`, or nothing. */
export const refusalOf = (text: string, variable: Variable, slots: Slots): string | undefined => {
  if (isBlank(text)) return "está em branco"
  for (const address of addressesOf(variable)) {
    const reason = slotAt(address, slots)?.rule(text)
    if (reason !== undefined) return reason
  }
  return undefined
}

const isTarget = Schema.is(Target)

/** `variable` with one more place, or a variable of this one place. */
const widened = (variable: Variable | undefined, { component, position }: Target): Variable =>
  variable === undefined
    ? { component, position }
    : { ...variable, also: [...(variable.also ?? []), { component, position }] }

const slotAt = (address: string, { aliases, slots }: Slots): Slot | undefined =>
  slots.find((slot) => slot.address === (aliases.get(address) ?? address))
