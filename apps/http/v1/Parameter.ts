/** What a parameter of a path or of a query may be: text, of which these make what it stands for. */
import { Schema } from "effect"

/** A whole number from 1 to `maximum`: digits, no sign, no zero in front. */
export const natural = (maximum: number) =>
  Schema.String.check(Schema.isPattern(/^[1-9]\d{0,14}$/u)).pipe(
    Schema.decodeTo(Schema.NumberFromString),
    Schema.check(Schema.isBetween({ minimum: 1, maximum }))
  )

/** A number of ours; PostgreSQL's `int`. */
export const id = natural(2_147_483_647)

export const idSentence = "deve ser um número inteiro positivo, como 5"

/** With its offset, without which nobody knows which time it is. */
const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/u

/** JavaScript takes 31 February for 3 March. */
const isRealDay = (text: string): boolean => {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split("-").map(Number)
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day
}

export const time = Schema.String.check(Schema.isPattern(rfc3339), Schema.makeFilter(isRealDay)).pipe(
  Schema.decodeTo(Schema.DateTimeUtcFromString)
)

export const timeSentence =
  "deve ser um instante com fuso, como 2026-11-24T16:00:00Z ou 2026-11-24T13:00:00-03:00 (na URL, o sinal + se escreve %2B)"
