/**
 * An error inside a webhook, which has another shape than the one of an answer.
 *
 * Source: Meta, "Error codes" (`errors[]` of values, messages and statuses).
 */
import { Schema, SchemaTransformation } from "effect"
import { MetaError } from "../failure/MetaError.ts"

/** Only the code is required: a failure stays one however odd its words are. `message` repeats the title. */
const Wire = Schema.Struct({
  code: Schema.Int,
  title: Schema.optionalKey(Schema.Unknown),
  message: Schema.optionalKey(Schema.Unknown),
  error_data: Schema.optionalKey(Schema.Unknown)
})

const isText = Schema.is(Schema.NonEmptyString)
const isDetailed = Schema.is(Schema.Struct({ details: Schema.NonEmptyString }))

const detailsOf = (data: unknown): string | undefined => {
  if (isText(data)) return data
  return isDetailed(data) ? data.details : undefined
}

export const ReportedError = Wire.pipe(
  Schema.decodeTo(
    Schema.toType(MetaError),
    SchemaTransformation.transform({
      decode: ({ code, error_data, message, title }) => {
        const words = isText(title) ? title : message
        const details = detailsOf(error_data)
        return new MetaError({
          code,
          ...(isText(words) && { title: words }),
          ...(details !== undefined && { details })
        })
      },
      encode: ({ code, details, title }) => ({
        code,
        ...(title !== undefined && { title }),
        ...(details !== undefined && { error_data: { details } })
      })
    })
  )
)

export const ReportedErrors = Schema.Array(ReportedError)
