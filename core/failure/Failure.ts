import { Schema } from "effect"
import { entryOf, errorCodes, type ErrorCode } from "./Catalogue.ts"
import { MetaError } from "./MetaError.ts"

export const Code = Schema.Literals(errorCodes)

/**
 * One failure, complete: all that its reader needs is in it, so that it can be stored with the message
 * it belongs to and be shown again, word for word, long afterwards.
 */
export class Failure extends Schema.TaggedError<Failure>()("Failure", {
  code: Code,
  /** In Portuguese, ends with a full stop. */
  message: Schema.String,
  retryable: Schema.Boolean,
  /** The field of the request that is wrong: `number`, `variables.nome`. */
  field: Schema.optionalKey(Schema.String),
  /** Seconds after which a repetition makes sense. */
  retryAfter: Schema.optionalKey(Schema.Int),
  /** Meta's own account of it, untouched. */
  meta: Schema.optionalKey(MetaError)
}) {}

/** A failure of `code`; what is not given comes from the catalogue. */
export const failure = (
  code: ErrorCode,
  specifics: {
    /** What went wrong in this very case; replaces the catalogue's sentence. */
    readonly message?: string
    readonly field?: string
    readonly retryAfter?: number
    readonly meta?: MetaError
  } = {}
): Failure => {
  const { message, retryable } = entryOf(code)
  return new Failure({ code, message, retryable, ...specifics })
}

export const statusOf = (failure: Failure): number => entryOf(failure.code).status
