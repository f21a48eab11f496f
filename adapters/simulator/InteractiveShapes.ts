import { Schema } from "effect"
import { link, text } from "./GraphParameters.ts"

/** Shapes and limits of interactive messages (*Reply buttons*, *List messages*). */
const body = (longest: number) => Schema.Struct({ text: text(longest) })
const footer = Schema.Struct({ text: text(60) })

const atMost = (longest: number, what: string) =>
  Schema.isMaxLength(longest, { message: `must have at most ${longest} ${what}.` })
const atLeastOne = (what: string) => Schema.isMinLength(1, { message: `must have at least 1 ${what}.` })

const headerFile = Schema.Struct({ id: Schema.optionalKey(text(256)), link: Schema.optionalKey(link) })

const Header = Schema.Struct({
  type: Schema.Literals(["text", "image", "video", "document"]).annotate({
    message: "must be one of {TEXT, IMAGE, VIDEO, DOCUMENT}."
  }),
  text: Schema.optionalKey(text(60)),
  image: Schema.optionalKey(headerFile),
  video: Schema.optionalKey(headerFile),
  document: Schema.optionalKey(headerFile)
})

const Button = Schema.Struct({
  type: Schema.Literal("reply"),
  reply: Schema.Struct({ id: text(256), title: text(20) })
})

/** Up to three reply buttons. */
export const InteractiveButtons = Schema.Struct({
  type: Schema.Literal("button"),
  header: Schema.optionalKey(Header),
  body: body(1024),
  footer: Schema.optionalKey(footer),
  action: Schema.Struct({ buttons: Schema.Array(Button).check(atLeastOne("button"), atMost(3, "buttons")) })
})

const Row = Schema.Struct({ id: text(200), title: text(24), description: Schema.optionalKey(text(72, 0)) })

const Sections = Schema.Array(
  Schema.Struct({ title: Schema.optionalKey(text(24)), rows: Schema.Array(Row).check(atLeastOne("row")) })
).check(
  atLeastOne("section"),
  atMost(10, "sections"),
  Schema.makeFilter((sections) => sections.reduce((rows, section) => rows + section.rows.length, 0) <= 10, {
    message: "must have at most 10 rows in all."
  })
)

/** A list of up to ten rows. */
export const InteractiveList = Schema.Struct({
  type: Schema.Literal("list"),
  header: Schema.optionalKey(Header),
  body: body(4096),
  footer: Schema.optionalKey(footer),
  action: Schema.Struct({ button: text(20), sections: Sections })
})

/** Kinds that are only looked at from outside: `action` is passed unread. */
export const InteractiveOther = Schema.Struct({
  type: Schema.Literals([
    "cta_url",
    "flow",
    "location_request_message",
    "request_contact_info",
    "product",
    "product_list",
    "catalog_message",
    "voice_call",
    "call_permission_request"
  ]).annotate({ message: "is not a known type of interactive message." }),
  header: Schema.optionalKey(Header),
  body: Schema.optionalKey(body(1024)),
  footer: Schema.optionalKey(footer),
  action: Schema.Record(Schema.String, Schema.Unknown)
})
