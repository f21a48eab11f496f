/** The scalars of Meta's webhooks, each in every form in which its pages and its servers write it. */
import { DateTime, Schema, SchemaTransformation } from "effect"

/** Visible ASCII: `wamid.…`, `BR.1349…`, the id of an account. Anything else is no id and would not survive storage. */
export const Id = Schema.String.check(Schema.isPattern(/^[!-~]{1,512}$/u))

/** An id that is a number on some pages and a string on others: that of a template, of an account. */
export const NumericId = Schema.Union([Id, Schema.Int]).pipe(
  Schema.decodeTo(Id, SchemaTransformation.transform({ decode: String, encode: (id): string | number => id }))
)

/** Up to the year 5138, which every part of the way can carry. */
const SecondsText = Schema.String.check(Schema.isPattern(/^\d{1,11}$/u))
const SecondsNumber = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 99_999_999_999 }))

/** Seconds since 1970: a string in messages and statuses, a number elsewhere. */
export const Seconds = Schema.Union([SecondsText, SecondsNumber]).pipe(
  Schema.decodeTo(
    Schema.DateTimeUtc,
    SchemaTransformation.transform({
      decode: (seconds) => DateTime.makeUnsafe(Number(seconds) * 1000),
      encode: (at): string | number => Math.floor(DateTime.toEpochMillis(at) / 1000)
    })
  )
)

/** A number that some clients send as text: a latitude, a price. */
export const Quantity = Schema.Union([Schema.Finite, Schema.String.check(Schema.isPattern(/^-?\d+(?:\.\d+)?$/u))]).pipe(
  Schema.decodeTo(
    Schema.Finite,
    SchemaTransformation.transform({ decode: Number, encode: (value): string | number => value })
  )
)
