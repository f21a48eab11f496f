/**
 * How the query of a request under `/v1` is read: every parameter once, none that is not known. Values are texts, of
 * which the schemas below make numbers, times and ids.
 */
import { Effect, type Schema } from "effect"
import { failure, type Failure } from "../../../core/failure/Failure.ts"
import * as Shape from "../Shape.ts"

interface Texts {
  readonly [name: string]: string
}

export type Query<Q> = (texts: Texts) => Effect.Effect<Q, Failure>

/** The parameters of an address, decoded. */
export const textsIn = (url: string): Effect.Effect<Texts, Failure> => {
  const start = url.indexOf("?")
  const parameters = start === -1 ? [] : [...new URLSearchParams(url.slice(start))]
  const seen = new Map<string, string>()
  for (const [name, value] of parameters) {
    if (seen.has(name)) {
      const message = `O parâmetro "${name}" só pode aparecer uma vez.`
      return Effect.fail(failure("invalid_field", { field: name, message }))
    }
    seen.set(name, value)
  }
  return Effect.succeed(Object.fromEntries(seen))
}

/** `sentences` say of each parameter what it should be: "deve ser …". */
export const of = <S extends Schema.ConstraintDecoder<unknown>>(
  schema: S,
  sentences: Shape.Sentences
): Query<S["Type"]> => Shape.decoder(schema, sentences, "parâmetro")

/** No parameter at all. (A struct without members would take any.) */
export const none: Query<undefined> = (texts) => {
  const [field] = Object.keys(texts)
  return field === undefined
    ? Effect.undefined
    : Effect.fail(failure("unknown_field", { field, message: `O parâmetro "${field}" não existe.` }))
}
