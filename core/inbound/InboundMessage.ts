/**
 * What a person wrote: `value.messages[]` of the field `messages`.
 *
 * Source: Meta, "messages webhook reference" and its per-type pages; "Business-scoped user IDs".
 */
import { type DateTime, Predicate, Result, Schema } from "effect"
import type { MetaError } from "../failure/MetaError.ts"
import { type Content, readContent } from "./Content.ts"
import { fault, type Read, reader } from "./Fault.ts"
import { Id, Seconds } from "./MetaValue.ts"
import { completed, type Directory, numberOf, type Person } from "./Person.ts"
import { ReportedErrors } from "./ReportedError.ts"

const optional = Schema.optionalKey
const MaybeText = optional(Schema.String)

/** What the message hangs on. */
export const Context = Schema.Struct({
  /** The message answered to, or the one whose button was tapped. */
  repliedTo: optional(Id),
  /** Passed on up to five times. */
  forwarded: optional(Schema.Boolean),
  /** Passed on more than five times. */
  frequentlyForwarded: optional(Schema.Boolean),
  /** The product from which the person began to write. */
  referredProduct: optional(
    Schema.Struct({ catalogId: MaybeText, productId: Schema.String }).pipe(
      Schema.encodeKeys({ catalogId: "catalog_id", productId: "product_retailer_id" })
    )
  )
}).pipe(
  Schema.encodeKeys({
    repliedTo: "id",
    frequentlyForwarded: "frequently_forwarded",
    referredProduct: "referred_product"
  })
)
export type Context = typeof Context.Type

/** The ad or post through which the person came. */
export const Referral = Schema.Struct({
  sourceUrl: MaybeText,
  sourceId: MaybeText,
  /** `ad` or `post`. */
  sourceType: MaybeText,
  headline: MaybeText,
  body: MaybeText,
  mediaType: MaybeText,
  imageUrl: MaybeText,
  videoUrl: MaybeText,
  thumbnailUrl: MaybeText,
  /** The click, for the advertiser's measuring. Absent for ads in Status. */
  clickId: MaybeText,
  welcomeMessage: optional(Schema.Struct({ text: MaybeText }))
}).pipe(
  Schema.encodeKeys({
    sourceUrl: "source_url",
    sourceId: "source_id",
    sourceType: "source_type",
    mediaType: "media_type",
    imageUrl: "image_url",
    videoUrl: "video_url",
    thumbnailUrl: "thumbnail_url",
    clickId: "ctwa_clid",
    welcomeMessage: "welcome_message"
  })
)
export type Referral = typeof Referral.Type

export interface InboundMessage {
  readonly _tag: "Message"
  readonly wamid: string
  /** By Meta's clock: when the window opens. */
  readonly at: DateTime.Utc
  readonly from: Person
  readonly context: Context | undefined
  readonly referral: Referral | undefined
  readonly content: Content
  /** Why Meta could not give the whole message: 131051, 131052, 131060. */
  readonly errors: ReadonlyArray<MetaError>
}

const Wire = Schema.Struct({
  id: Id,
  timestamp: Seconds,
  type: Schema.String,
  from: optional(Schema.Unknown),
  from_user_id: optional(Id),
  from_parent_user_id: optional(Id),
  group_id: optional(Schema.Unknown),
  context: optional(Context),
  referral: optional(Referral),
  errors: optional(ReportedErrors)
})

const readWire = reader(Wire)

/** A card that was given because we asked for it shows the sender's own number. */
const ownNumbers = (content: Content): Pick<Person, "phone" | "waId"> => {
  const own = content.type === "contacts" && content.contacts.find((card) => card.origin === "contact_request")
  const phone = own ? own.phones?.[0] : undefined
  return phone === undefined ? {} : { phone: numberOf(phone.phone), waId: numberOf(phone.waId) }
}

/** Meta may tell why it does not hand on the content, as with a file too large, in place of the content. */
const isWithheld = ({ errors = [], type }: typeof Wire.Type, item: unknown): boolean =>
  errors.length > 0 && Predicate.isObject(item) && !Object.hasOwn(item, type)

const contentOf = (wire: typeof Wire.Type, item: unknown): Read<Content> =>
  isWithheld(wire, item) && wire.type !== "unsupported" && wire.type !== "unknown"
    ? Result.succeed({ type: "unsupported", unsupported: { type: wire.type } })
    : readContent(wire.type, item)

export const readMessage = (item: unknown, directory: Directory, alone: boolean): Read<InboundMessage> =>
  Result.flatMap(readWire(item), (wire) => {
    if (wire.group_id !== undefined) return fault("group")
    return Result.flatMap(contentOf(wire, item), (content) => {
      const own = ownNumbers(content)
      const from = completed(
        {
          phone: numberOf(wire.from) ?? own.phone,
          waId: own.waId,
          userId: wire.from_user_id,
          parentUserId: wire.from_parent_user_id
        },
        directory,
        alone
      )
      if (from === undefined) return fault("no_sender")
      return Result.succeed({
        _tag: "Message",
        wamid: wire.id,
        at: wire.timestamp,
        from,
        context: wire.context,
        referral: wire.referral,
        content,
        errors: wire.errors ?? []
      })
    })
  })

/**
 * Whether the message opens or extends the customer service window. What only changes an earlier message does not;
 * a reaction does: should Meta see it otherwise, it refuses the answer and says so, while an answer that we refuse
 * is lost.
 */
export const opensWindow = ({ content }: InboundMessage): boolean =>
  content.type !== "edit" && content.type !== "revoke"
