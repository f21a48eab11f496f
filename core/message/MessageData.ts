/** What is told of a message, as the API and its events write it: names in snake_case, what is not known as `null`. */
import { DateTime, Schema } from "effect"
import { entryOf } from "../failure/Catalogue.ts"
import type { Failure } from "../failure/Failure.ts"
import { MetaError } from "../failure/MetaError.ts"
import { Content } from "../inbound/Content.ts"
import { Context, Referral } from "../inbound/InboundMessage.ts"
import type { IncomingDetail, MessageDetail, MessageMedia } from "./MessageDetail.ts"
import { type Cost, costOf, type TimelineEntry } from "./StatusHistory.ts"

const encodeMeta = Schema.encodeSync(MetaError)
const encodeContent = Schema.encodeSync(Content)
const encodeContext = Schema.encodeSync(Context)
const encodeReferral = Schema.encodeSync(Referral)

/** With the catalogue's word on what to do. */
export const failureData = (failure: Failure | undefined) =>
  failure === undefined
    ? null
    : {
        code: failure.code,
        message: failure.message,
        retryable: failure.retryable,
        ...(failure.retryAfter === undefined ? {} : { retry_after: failure.retryAfter }),
        action: entryOf(failure.code).action,
        ...(failure.meta === undefined ? {} : { meta: encodeMeta(failure.meta) })
      }

export const costData = (cost: Cost | undefined) =>
  cost === undefined
    ? null
    : { category: cost.category ?? null, type: cost.type ?? null, billable: cost.billable ?? null }

/** What the news of one status tell of the price. */
export const costIn = ({ pricing }: TimelineEntry): Cost | undefined =>
  pricing === undefined ? undefined : costOf(pricing)

const mediaData = (media: MessageMedia | undefined) =>
  media === undefined
    ? null
    : {
        state: media.state,
        mime_type: media.mimeType ?? null,
        filename: media.filename ?? null,
        size: media.size ?? null
      }

/** What it is called and where it belongs, of either direction. */
export const namesData = (message: MessageDetail) => ({
  message_id: message.id,
  wamid: message.wamid ?? null,
  direction: message._tag === "Outgoing" ? "outbound" : "inbound",
  contact_id: message.contactId,
  conversation_id: message.conversation?.id ?? null,
  ...(message._tag === "Outgoing"
    ? { campaign_id: message.campaignId ?? null, template_id: message.templateId ?? null, kind: message.kind }
    : { kind: message.content.type })
})

/** What the person said, in Meta's own form. */
export const contentData = ({ content, context, media, referral, text }: IncomingDetail) => ({
  text,
  content: encodeContent(content),
  context: context === undefined ? null : encodeContext(context),
  referral: referral === undefined ? null : encodeReferral(referral),
  media: mediaData(media)
})

export const senderData = ({ contactId, from }: IncomingDetail) => ({
  id: contactId,
  name: from.name ?? null,
  number: from.number ?? null,
  user_id: from.userId ?? null,
  username: from.username ?? null
})

export const timeData = (at: DateTime.Utc | undefined): string | null =>
  at === undefined ? null : DateTime.formatIso(at)
