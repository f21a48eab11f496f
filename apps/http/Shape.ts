/**
 * From a decoding issue to the failure an integrator can act on: which field, and what it should be.
 * A schema says what is accepted; the sentences beside it say so in Portuguese.
 */
import { Effect, Result, Schema, type SchemaIssue } from "effect"
import { failure, type Failure } from "../../core/failure/Failure.ts"

/** What each field should be: "deve ser …". */
export interface Sentences {
  readonly [field: string]: string
}

interface Fault {
  readonly path: ReadonlyArray<PropertyKey>
  readonly kind: "missing" | "unknown" | "invalid"
}

/** The first fault, in the order of the schema's fields. */
const faultOf = (issue: SchemaIssue.Issue, path: ReadonlyArray<PropertyKey> = []): Fault => {
  switch (issue._tag) {
    case "Pointer":
      return faultOf(issue.issue, [...path, ...issue.path])
    case "MissingKey":
      return { path, kind: "missing" }
    case "UnexpectedKey":
      return { path, kind: "unknown" }
    case "Composite":
      return faultOf(issue.issues[0], path)
    case "Encoding":
    case "Filter":
      return faultOf(issue.issue, path)
    default:
      return { path, kind: "invalid" }
  }
}

/** What people call it: a member of the body, or a part of the query. */
type Noun = "campo" | "parâmetro"

const toFailure = ({ kind, path }: Fault, sentences: Sentences, noun: Noun): Failure => {
  const field = path.map(String).join(".")
  switch (kind) {
    case "missing":
      return failure("missing_field", {
        field,
        message: `Falta o ${noun} obrigatório "${field}": ${sentences[field] ?? ""}.`
      })
    case "unknown":
      return failure("unknown_field", { field, message: `O ${noun} "${field}" não existe.` })
    case "invalid": {
      const expected = sentences[field] ?? sentences[`${String(path[0])}.*`] ?? "tem valor inválido"
      return failure("invalid_field", { field, message: `O ${noun} "${field}" ${expected}.` })
    }
  }
}

/** Compiles `schema` into a decoder that refuses what it does not know. */
export const decoder = <S extends Schema.ConstraintDecoder<unknown>>(
  schema: S,
  sentences: Sentences,
  noun: Noun = "campo"
) => {
  const decode = Schema.decodeUnknownResult(schema, { onExcessProperty: "error" })
  return (json: unknown): Effect.Effect<S["Type"], Failure> =>
    Result.match(decode(json), {
      onSuccess: Effect.succeed,
      onFailure: ({ issue }) => Effect.fail(toFailure(faultOf(issue), sentences, noun))
    })
}
