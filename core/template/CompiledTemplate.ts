/**
 * A template made ready for many sends: its texts are cut at their placeholders and every place knows where its
 * value comes from, once, so that a send only concatenates.
 */
import { type Component, inReadingOrder } from "./Component.ts"
import { textOf } from "./MessageText.ts"
import { type Fill, parametersOf } from "./Parameters.ts"
import type { SendComponent } from "./SendComponent.ts"
import { slotsOf } from "./Slot.ts"
import type { Check, Input, Read, Source, Sources, Values } from "./Source.ts"
import type { Template } from "./Template.ts"
import { addressesOf } from "./Variable.ts"

/** A header's file, which somebody should look at before it is sent. */
interface MediaInput {
  readonly kind: "image" | "video" | "document"
  readonly source: Source
}

export interface CompiledTemplate {
  /** In the order their places have in the message, whatever the order the variables were declared in. */
  readonly inputs: ReadonlyArray<Input>
  readonly checks: ReadonlyArray<Check>
  readonly components: ReadonlyArray<Fill<SendComponent>>
  readonly text: Read
  readonly media: ReadonlyArray<MediaInput>
}

/** Never fails: a place that no variable fills is asked for under its address, and so never goes out empty. */
export const compile = (template: Pick<Template, "components" | "variables">): CompiledTemplate => {
  const { slots, aliases } = slotsOf(template.components)
  const canonical = (address: string): string => aliases.get(address) ?? address
  const feeders = new Map<string, Input>()
  for (const [name, variable] of Object.entries(template.variables)) {
    const input = { name, default: variable.default }
    for (const address of addressesOf(variable)) feeders.set(canonical(address), input)
  }

  const byName = new Map<string, Source>()
  const byAddress = new Map<string, Source>()
  const checks: Array<Check> = []
  for (const { address, required, rule } of slots) {
    const input = feeders.get(address) ?? (required ? { name: address, default: undefined } : undefined)
    if (input === undefined) continue
    const source = byName.get(input.name) ?? sourceAt(byName.size, input)
    byName.set(input.name, source)
    byAddress.set(address, source)
    checks.push((values) => {
      const reason = rule(source.read(values))
      return reason === undefined ? undefined : { input, reason }
    })
  }

  const sources: Sources = (address) => byAddress.get(canonical(address))
  const components = inReadingOrder(template.components)
  const texts = components.flatMap((component) => textOf(component, sources) ?? [])
  return {
    inputs: [...byName.values()].map(({ input }) => input),
    checks: [...checks, ...texts.map(({ check }) => check)],
    components: components.flatMap((component) => parametersOf(component, sources)),
    text: (values) => texts.map(({ read }) => read(values)).join("\n\n"),
    media: components.flatMap((component) => mediaOf(component, sources))
  }
}

const known = new WeakMap<object, CompiledTemplate>()

/** `compile`, once per template object: whoever keeps templates keeps them ready. */
export const compiled = (template: Pick<Template, "components" | "variables">): CompiledTemplate => {
  const ready = known.get(template) ?? compile(template)
  known.set(template, ready)
  return ready
}

const sourceAt = (index: number, input: Input): Source => ({
  input,
  read: (values: Values) => values[index] ?? ""
})

const kinds = { IMAGE: "image", VIDEO: "video", DOCUMENT: "document" } as const

const mediaOf = (component: Component, sources: Sources): ReadonlyArray<MediaInput> => {
  if (component.type !== "HEADER" || component.format === "TEXT" || component.format === "LOCATION") return []
  const source = sources("header:link")
  return source === undefined ? [] : [{ kind: kinds[component.format], source }]
}
