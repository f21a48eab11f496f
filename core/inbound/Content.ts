/**
 * What a person can say to a business, in every form that WhatsApp has for it. The encoded form is Meta's own
 * (`{"type": "text", "text": {"body": "Oi"}}`), so that what is stored and shown needs no words of ours.
 *
 * Source: Meta, "messages webhook reference" and its per-type pages; "Receiving Flow Response".
 */
import { Schema } from "effect"
import { fault, type Read, reader } from "./Fault.ts"
import { Id, Quantity } from "./MetaValue.ts"

const optional = Schema.optionalKey
const MaybeText = optional(Schema.String)

const Text = Schema.Struct({ type: Schema.Literal("text"), text: Schema.Struct({ body: Schema.String }) })

export const InboundMediaKind = Schema.Literals(["image", "video", "audio", "document", "sticker"])
export type InboundMediaKind = typeof InboundMediaKind.Type

/** A file at Meta's, which gives it out for seven days. */
export const InboundMedia = Schema.Struct({
  id: Id,
  /** As the sender's telephone says: `audio/ogg; codecs=opus`. */
  mimeType: MaybeText,
  /** In base64. */
  sha256: MaybeText,
  /** Valid for five minutes, and only with the access token. Not always given: the id leads to a new one. */
  url: MaybeText,
  caption: MaybeText,
  filename: MaybeText,
  /** Recorded in the chat, not attached. */
  voice: optional(Schema.Boolean),
  animated: optional(Schema.Boolean)
}).pipe(Schema.encodeKeys({ mimeType: "mime_type" }))
export type InboundMedia = typeof InboundMedia.Type

const mediaOf = <const K extends InboundMediaKind>(kind: K) =>
  Schema.Struct({ type: Schema.Literal(kind), media: InboundMedia }).pipe(Schema.encodeKeys({ media: kind }))

const Image = mediaOf("image")
const Video = mediaOf("video")
const Audio = mediaOf("audio")
const Document = mediaOf("document")
const Sticker = mediaOf("sticker")

const Location = Schema.Struct({
  type: Schema.Literal("location"),
  location: Schema.Struct({
    latitude: Quantity,
    longitude: Quantity,
    name: MaybeText,
    address: MaybeText,
    url: MaybeText
  })
})

/** A card out of somebody's address book; most of it is left out where its owner does not share it. */
export const ContactCard = Schema.Struct({
  /** `contact_request`: the sender's own card, given because we asked; `other`: any card. */
  origin: MaybeText,
  name: optional(
    Schema.Struct({ formattedName: MaybeText, firstName: MaybeText, lastName: MaybeText }).pipe(
      Schema.encodeKeys({ formattedName: "formatted_name", firstName: "first_name", lastName: "last_name" })
    )
  ),
  org: optional(Schema.Struct({ company: MaybeText, department: MaybeText, title: MaybeText })),
  phones: optional(
    Schema.Array(
      Schema.Struct({ phone: MaybeText, waId: MaybeText, type: MaybeText }).pipe(Schema.encodeKeys({ waId: "wa_id" }))
    )
  ),
  emails: optional(Schema.Array(Schema.Struct({ email: MaybeText, type: MaybeText }))),
  vcard: MaybeText
})
export type ContactCard = typeof ContactCard.Type

const Contacts = Schema.Struct({ type: Schema.Literal("contacts"), contacts: Schema.Array(ContactCard) })

/** The quick-reply button of a template. `DID_NOT_REQUEST_CODE` is the payload of one that Meta adds to codes. */
const Button = Schema.Struct({
  type: Schema.Literal("button"),
  button: Schema.Struct({ payload: MaybeText, text: Schema.String })
})

/** A choice from buttons or a list that we sent, or the form of a flow. */
const Interactive = Schema.Struct({
  type: Schema.Literal("interactive"),
  interactive: Schema.Union([
    Schema.Struct({
      type: Schema.Literal("button_reply"),
      reply: Schema.Struct({ id: Schema.String, title: Schema.String })
    }).pipe(Schema.encodeKeys({ reply: "button_reply" })),
    Schema.Struct({
      type: Schema.Literal("list_reply"),
      reply: Schema.Struct({ id: Schema.String, title: Schema.String, description: MaybeText })
    }).pipe(Schema.encodeKeys({ reply: "list_reply" })),
    Schema.Struct({
      type: Schema.Literal("nfm_reply"),
      form: Schema.Struct({ name: MaybeText, body: MaybeText, responseJson: Schema.String }).pipe(
        Schema.encodeKeys({ responseJson: "response_json" })
      )
    }).pipe(Schema.encodeKeys({ form: "nfm_reply" }))
  ])
})

/** No emoji: an earlier one is taken back. */
const Reaction = Schema.Struct({
  type: Schema.Literal("reaction"),
  reaction: Schema.Struct({ targetWamid: Id, emoji: MaybeText }).pipe(Schema.encodeKeys({ targetWamid: "message_id" }))
})

const Order = Schema.Struct({
  type: Schema.Literal("order"),
  order: Schema.Struct({
    catalogId: MaybeText,
    text: MaybeText,
    items: Schema.Array(
      Schema.Struct({
        productId: Schema.String,
        quantity: optional(Quantity),
        itemPrice: optional(Quantity),
        currency: MaybeText
      }).pipe(Schema.encodeKeys({ productId: "product_retailer_id", itemPrice: "item_price" }))
    )
  }).pipe(Schema.encodeKeys({ catalogId: "catalog_id", items: "product_items" }))
})

/** Something that WhatsApp knows and its API does not: a poll, a group invitation. Why stands in the message's errors. */
const unsupported = <const T extends string>(type: T) =>
  Schema.Struct({ type: Schema.Literal(type), unsupported: optional(Schema.Struct({ type: Schema.String })) })

/** Within 15 minutes a person may reword a text or a caption. */
const Edit = Schema.Struct({
  type: Schema.Literal("edit"),
  edit: Schema.Struct({
    targetWamid: Id,
    message: Schema.Union([Text, Image, Video, Audio, Document, Sticker])
  }).pipe(Schema.encodeKeys({ targetWamid: "original_message_id" }))
})

/** Within two days a person may take a message back. */
const Revoke = Schema.Struct({
  type: Schema.Literal("revoke"),
  revoke: Schema.Struct({ targetWamid: Id }).pipe(Schema.encodeKeys({ targetWamid: "original_message_id" }))
})

const byType = {
  text: Text,
  image: Image,
  video: Video,
  audio: Audio,
  document: Document,
  sticker: Sticker,
  location: Location,
  contacts: Contacts,
  button: Button,
  interactive: Interactive,
  reaction: Reaction,
  order: Order,
  unsupported: unsupported("unsupported"),
  unknown: unsupported("unknown"),
  edit: Edit,
  revoke: Revoke
}

/** Of everything but Meta's own `system` messages, which no person said. */
export const Content = Schema.Union(Object.values(byType))
export type Content = typeof Content.Type

const readers: ReadonlyMap<string, (message: unknown) => Read<Content>> = new Map(
  Object.entries(byType).map(([type, schema]) => [type, reader<Schema.Decoder<Content>>(schema)] as const)
)

const isInteractive = Schema.is(Schema.Struct({ interactive: Schema.Struct({ type: Schema.String }) }))
const isKnownReply = Schema.is(Schema.Literals(["button_reply", "list_reply", "nfm_reply"]))

/** Reads the content of a message, which stands in the member that is called as its type. */
export const readContent = (type: string, message: unknown): Read<Content> => {
  const read = readers.get(type)
  if (read === undefined) return fault("unknown_message_type", type)
  if (type === "interactive" && isInteractive(message) && !isKnownReply(message.interactive.type)) {
    return fault("unknown_message_type", `interactive, ${message.interactive.type}`)
  }
  return read(message)
}

/** The file of a message that is one. */
export const mediaIn = (
  content: Content
): { readonly kind: InboundMediaKind; readonly media: InboundMedia } | undefined =>
  "media" in content ? { kind: content.type, media: content.media } : undefined
