/**
 * Lists come in pages: `limit` says how long one may be, `cursor` where it begins, and `next_cursor` of its answer where the
 * next begins (`null` after the last). A cursor is a place between rows, not a count of them, so that rows which are added
 * meanwhile move nothing.
 */
import { Effect, Option, Schema } from "effect"
import { failure, type Failure } from "../../../core/failure/Failure.ts"
import * as Endpoint from "./Endpoint.ts"
import { natural } from "./Parameter.ts"

const largest = 100
export const usual = 50

/** Member of a query's schema. What is left out is `usual`. */
export const limit = Schema.optionalKey(natural(largest))
/** Member of a query's schema; to be read by the list's own `Cursor`. */
export const cursor = Schema.optionalKey(Schema.String)

/** What is said of them. */
export const sentences = {
  limit: `deve ser um número inteiro de 1 a ${largest}`,
  cursor: "deve ser o `next_cursor` da página anterior"
}

export const answer = (data: ReadonlyArray<unknown>, next: string | undefined) =>
  Endpoint.json(200, { data, next_cursor: next ?? null })

export const invalidCursor = (field: "cursor" | "after"): Failure => failure("invalid_cursor", { field })

export interface Cursor<Place> {
  readonly write: (place: Place) => string
  /** Nothing where the list is asked for from its beginning. */
  readonly read: (cursor: string | undefined) => Effect.Effect<Place | undefined, Failure>
}

/** Places written as `place` encodes them; opaque to callers. */
export const cursorOf = <Place>(place: Schema.Codec<Place, string>): Cursor<Place> => {
  const schema = Schema.StringFromBase64Url.pipe(Schema.decodeTo(place))
  const decode = Schema.decodeUnknownOption(schema)
  return {
    write: Schema.encodeSync(schema),
    read: (cursor) =>
      cursor === undefined
        ? Effect.undefined
        : Option.match(decode(cursor), { onNone: () => Effect.fail(invalidCursor("cursor")), onSome: Effect.succeed })
  }
}
