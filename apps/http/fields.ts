/** Fields the two published endpoints share, as they are accepted. */
import { Schema } from "effect"
import { isPlain, PlainText } from "../../core/message/PlainText.ts"

const largestId = 2_147_483_647

/** Ids are JSON integers, as published; they are PostgreSQL `int`. Added to the schema of an id. */
export const idRange = Schema.isBetween({ minimum: 1, maximum: largestId })

export const idSentence = "deve ser um número inteiro positivo, sem aspas, como 5"

const isNotBlank = (text: string): boolean => text.trim() !== ""

/** Characters as people count them are not defined; these are code points, as Meta's limits are usually taken. */
const lengthOf = (text: string): number => {
  let length = 0
  for (const _ of text) length += 1
  return length
}

export const textUpTo = (limit: number) =>
  PlainText.check(Schema.makeFilter((text) => isNotBlank(text) && text.length <= 2 * limit && lengthOf(text) <= limit))

/** A number beyond this has lost digits before we see it: the caller must send it as text. */
const exact = (value: number): boolean => Math.abs(value) <= Number.MAX_SAFE_INTEGER

/** Written as JSON writes it: `2` becomes "2", `true` becomes "true". */
const variableValue = Schema.Union([PlainText, Schema.Boolean, Schema.Finite.check(Schema.makeFilter(exact))])

export const variables = Schema.Record(Schema.String.check(Schema.makeFilter(isPlain)), variableValue)

export const textsOf = (values: typeof variables.Type): { readonly [name: string]: string } =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))
