/**
 * How the parameters of a path under `/v1` are read. Text that cannot be the id of anything is answered as an id that
 * names nothing: not found.
 */
import { Effect, Option, Schema } from "effect"
import type { ErrorCode } from "../../../core/failure/Catalogue.ts"
import { failure, type Failure } from "../../../core/failure/Failure.ts"

interface Texts {
  readonly [name: string]: string | undefined
}

export type Path<P> = (texts: Texts) => Effect.Effect<P, Failure>

/** A path without parameters. */
export const none: Path<undefined> = () => Effect.undefined

/** `schema` is of a struct with a member for each parameter; what it cannot decode is answered with `absent`. */
export const of = <S extends Schema.ConstraintDecoder<unknown>>(schema: S, absent: ErrorCode): Path<S["Type"]> => {
  const decode = Schema.decodeUnknownOption(schema)
  return (texts) => Option.match(decode(texts), { onNone: () => Effect.fail(failure(absent)), onSome: Effect.succeed })
}
