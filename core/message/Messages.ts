/**
 * Port: every message of an instance, in both directions, and what became of it.
 *
 * A message belongs to one instance and is found only through it: another instance's message answers as one that never
 * existed, and so do its contacts, conversations and campaigns when they are asked for.
 */
import type { DateTime, Effect, Option } from "effect"
import { Context, Schema } from "effect"
import type { CampaignId } from "../campaign/Campaign.ts"
import type { ContactId } from "../contact/Contact.ts"
import type { ConversationId } from "../conversation/Conversation.ts"
import type { InstanceId } from "../instance/Instance.ts"
import type { Unavailable } from "../Unavailable.ts"
import { MessageId } from "./Message.ts"
import type { MessageDetail, ShownStatus } from "./MessageDetail.ts"
import type { Page } from "./MessagePage.ts"
import { isPlain } from "./PlainText.ts"

/** What a message may be called: our id, or Meta's. */
export type MessageName =
  | { readonly _tag: "Id"; readonly id: MessageId }
  | { readonly _tag: "Wamid"; readonly wamid: string }

/** None of Meta's is near this long. */
const longestWamid = 512

const isId = Schema.is(MessageId)

/** Nothing where the text cannot name a message. */
export const nameIn = (text: string): MessageName | undefined => {
  const id = text.toLowerCase()
  if (isId(id)) return { _tag: "Id", id }
  return text !== "" && text.length <= longestWamid && isPlain(text) ? { _tag: "Wamid", wamid: text } : undefined
}

export const Direction = Schema.Literals(["inbound", "outbound"])
export type Direction = typeof Direction.Type

/** All that is given must hold. */
export interface MessageFilter {
  /** Or a retired id of the contact. */
  readonly contactId?: ContactId | undefined
  readonly conversationId?: ConversationId | undefined
  readonly campaignId?: CampaignId | undefined
  readonly status?: ShownStatus | undefined
  readonly direction?: Direction | undefined
  /** Made at this time (see `MessageTime.madeAt`) or later. */
  readonly since?: DateTime.Utc | undefined
  /** Made before this time. */
  readonly until?: DateTime.Utc | undefined
}

export class Messages extends Context.Service<
  Messages,
  {
    readonly find: (
      instanceId: InstanceId,
      name: MessageName
    ) => Effect.Effect<Option.Option<MessageDetail>, Unavailable>
    /**
     * Newest first, `before` and not with it; from the newest where it is not given. A page may be shorter than
     * `limit`, and even empty, and still have a next one: no page looks at more than a bounded number of messages.
     */
    readonly list: (
      instanceId: InstanceId,
      filter: MessageFilter,
      page: { readonly before: MessageId | undefined; readonly limit: number }
    ) => Effect.Effect<Page<MessageDetail>, Unavailable>
  }
>()("aidesk/core/message/Messages") {}
