import { Schema } from "effect"
import { phoneDigits } from "./Recipient.ts"

/**
 * What a customer is made to write: `{"from": "5511978049825", "text": "Oi"}` is enough. Exactly one content, whose key
 * says what it is.
 */
const optional = Schema.optionalKey
const MaybeText = optional(Schema.String)
const Text = (longest: number) => Schema.NonEmptyString.check(Schema.isMaxLength(longest))

const Phone = Schema.String.check(
  Schema.makeFilter((written: string) => phoneDigits(written) !== undefined, { message: "is no phone number" })
)

/** As Meta writes ids: visible ASCII. */
const Id = Schema.String.check(Schema.isPattern(/^[!-~]{1,256}$/u))

/** `true`: a small file of this kind; `data` is a file of one's own, in base64. */
const File = Schema.Union([
  Schema.Literal(true),
  Schema.Struct({
    caption: MaybeText,
    filename: MaybeText,
    mime_type: MaybeText,
    voice: optional(Schema.Boolean),
    data: optional(Schema.String.check(Schema.isPattern(/^[\w+/-]+={0,2}$/u)))
  })
])
export type File = typeof File.Type

const Choice = { id: Text(256), title: Text(256) }

const contents = {
  text: optional(Text(4096)),
  image: optional(File),
  audio: optional(File),
  video: optional(File),
  document: optional(File),
  sticker: optional(File),
  /** A template's quick reply; its text alone is its payload too. */
  button: optional(Schema.Union([Text(256), Schema.Struct({ text: Text(256), payload: MaybeText })])),
  button_reply: optional(Schema.Struct(Choice)),
  list_reply: optional(Schema.Struct({ ...Choice, description: MaybeText })),
  location: optional(
    Schema.Struct({
      latitude: Schema.Finite,
      longitude: Schema.Finite,
      name: MaybeText,
      address: MaybeText,
      url: MaybeText
    })
  ),
  /** Cards as Meta writes them. */
  contacts: optional(Schema.Array(Schema.Record(Schema.String, Schema.Json))),
  /** Without an emoji the reaction is taken back. */
  reaction: optional(Schema.Struct({ message_id: Id, emoji: MaybeText })),
  /** What the API cannot show: `poll_creation`, `group_invite`, … */
  unsupported: optional(Schema.Union([Schema.Literal(true), Text(64)])),
  /** Writes the word PARAR. */
  opt_out: optional(Schema.Literal(true)),
  /** Marketing is stopped, or let come again, in WhatsApp's own menu. */
  preference: optional(Schema.Literals(["stop", "resume"])),
  /** The customer has another number from now on. */
  changed_number: optional(Phone),
  /** The customer has another user id from now on: the one given, or a made-up one. */
  changed_user_id: optional(Schema.Union([Schema.Literal(true), Id])),
  /** A message as Meta writes one, but for who sent it and when: `{"type": "order", "order": {…}}`. */
  raw: optional(Schema.StructWithRest(Schema.Struct({ type: Text(64) }), [Schema.Record(Schema.String, Schema.Json)]))
}

/** An ad, of which everything may be left out. */
const Referral = Schema.Union([Schema.Literal(true), Schema.Record(Schema.String, Schema.Json)])

export const CustomerMessage = Schema.Struct({
  /** The customer's number, in any spelling. */
  from: optional(Phone),
  /** Business-scoped user id; made up from the number where it is not given. */
  user_id: optional(Id),
  parent_user_id: optional(Id),
  name: optional(Text(128)),
  username: optional(Text(64)),
  /** The business does not get to see the number. */
  without_number: optional(Schema.Boolean),
  /** Whether a Brazilian mobile is shown with the ninth digit. Else as in the answer to a send. */
  ninth_digit: optional(Schema.Boolean),
  /** Whom the customer writes to. Else the first number that is known. */
  phone_number_id: optional(Schema.String.check(Schema.isPattern(/^\d+$/u))),
  /** When: seconds since 1970 or ISO 8601. Else now. */
  timestamp: optional(
    Schema.Union([
      Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 99_999_999_999 })),
      Schema.DateTimeUtcFromString
    ])
  ),
  /** `wamid` of the message answered to. */
  reply_to: optional(Id),
  forwarded: optional(Schema.Union([Schema.Boolean, Schema.Literal("frequently")])),
  referral: optional(Referral),
  ...contents
}).check(
  Schema.makeFilter((message) => message.from !== undefined || message.user_id !== undefined, {
    message: "from or user_id is needed"
  }),
  Schema.makeFilter((message) => Object.keys(contents).filter((key) => Object.hasOwn(message, key)).length === 1, {
    message: `needs exactly one of ${Object.keys(contents).join(", ")}`
  })
)
export type CustomerMessage = typeof CustomerMessage.Type
