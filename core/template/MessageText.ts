/**
 * What a person reads of a template message: text header, body and footer, a blank line between them. Buttons, media
 * and places on a map are no text and not in it.
 */
import type { Component } from "./Component.ts"
import * as Placeholder from "./Placeholder.ts"
import type { Check, Read, Source, Sources } from "./Source.ts"
import { hasMoreThan, limits } from "./ValueRule.ts"

export interface MessageText {
  readonly read: Read
  /** Refuses values that together make the text longer than Meta takes. */
  readonly check: Check
}

const nothingToCheck: Check = () => undefined

/** One entry, or none where `component` has no text. */
export const textOf = (component: Component, sources: Sources): ReadonlyArray<MessageText> => {
  if (component.type === "BODY") return [filled("body", component.text, sources, limits.body)]
  if (component.type === "FOOTER") return [{ read: () => component.text, check: nothingToCheck }]
  if (component.type === "HEADER" && component.format === "TEXT") {
    return [filled("header", component.text, sources, limits.header)]
  }
  return []
}

const called = { header: "o cabeçalho", body: "o corpo da mensagem" } as const

const filled = (component: "header" | "body", text: string, sources: Sources, limit: number): MessageText => {
  const { keys, literals } = Placeholder.parse(text)
  const parts = keys.map((key) => sources(`${component}:${key}`))
  const [first = "", ...rest] = literals
  // Cut once and concatenated ever after: a value is never searched, so a `{{2}}` inside of one stays as it is.
  const read: Read = (values) => {
    let whole = first
    for (let index = 0; index < rest.length; index++) whole += (parts[index]?.read(values) ?? "") + (rest[index] ?? "")
    return whole
  }
  const fillers = parts.filter((part) => part !== undefined)
  if (fillers.length === 0) return { read, check: nothingToCheck }
  return {
    read,
    check: (values) => {
      if (!hasMoreThan(limit, read(values))) return undefined
      const { input } = fillers.reduce((one, other) => longer(one, other, values))
      return { input, reason: `deixa ${called[component]} com mais de ${limit} caracteres` }
    }
  }
}

const longer = (one: Source, other: Source, values: ReadonlyArray<string>): Source =>
  other.read(values).length > one.read(values).length ? other : one
