import { Schema } from "effect"
import { link, text } from "./GraphParameters.ts"

/** Shapes and limits of what a message holds, by type (*Send messages* and the page of each type). */
const oneSource = Schema.makeFilter(
  (file: { readonly id?: string; readonly link?: string }) => (file.id === undefined) !== (file.link === undefined),
  { message: "must have exactly one of id and link." }
)

const source = { id: Schema.optionalKey(text(256)), link: Schema.optionalKey(link) }
const caption = { caption: Schema.optionalKey(text(1024, 0)) }
const degrees = (limit: number) => {
  const message = `must be between -${limit} and ${limit}.`
  return Schema.Union([
    Schema.Finite.check(Schema.isBetween({ minimum: -limit, maximum: limit }, { message })),
    Schema.String.check(
      Schema.makeFilter((written: string) => written.trim() !== "" && Math.abs(Number(written)) <= limit, { message })
    )
  ]).annotate({ message: "must be a number of degrees." })
}

export const Text = Schema.Struct({ body: text(4096), preview_url: Schema.optionalKey(Schema.Boolean) })

export const Image = Schema.Struct({ ...source, ...caption }).check(oneSource)
export const Video = Schema.Struct({ ...source, ...caption }).check(oneSource)
export const Audio = Schema.Struct({ ...source, voice: Schema.optionalKey(Schema.Boolean) }).check(oneSource)
export const Sticker = Schema.Struct(source).check(oneSource)
export const Document = Schema.Struct({ ...source, ...caption, filename: Schema.optionalKey(text(255)) }).check(
  oneSource
)

export const Location = Schema.Struct({
  latitude: degrees(90),
  longitude: degrees(180),
  name: Schema.optionalKey(text(1024)),
  address: Schema.optionalKey(text(1024))
})

/** An empty `emoji` takes a reaction back. */
export const Reaction = Schema.Struct({ message_id: text(128), emoji: text(32, 0) })

export const Contacts = Schema.Array(Schema.Record(Schema.String, Schema.Unknown)).check(
  Schema.isMinLength(1, { message: "must have at least 1 contact." })
)

/** What surrounds the content. Keys beyond these are not looked at. */
export const Message = Schema.Struct({
  recipient_type: Schema.optionalKey(
    Schema.Literal("individual").annotate({ message: "must be one of {INDIVIDUAL}." })
  ),
  to: Schema.optionalKey(Schema.String.annotate({ message: "must be a string." })),
  recipient: Schema.optionalKey(Schema.String.annotate({ message: "must be a string." })),
  type: Schema.optionalKey(Schema.String.annotate({ message: "must be a string." })),
  context: Schema.optionalKey(Schema.Struct({ message_id: text(128) })),
  biz_opaque_callback_data: Schema.optionalKey(text(512, 0))
})

/** Not a message: the customer's message is marked as read, and typing may be shown. */
export const ReadReceipt = Schema.Struct({ status: Schema.Literal("read"), message_id: text(128) })
