import type { DateTime } from "effect"
import type { ContactId } from "../contact/Contact.ts"
import type { ConversationId } from "../conversation/Conversation.ts"
import type { MetaError } from "../failure/MetaError.ts"
import type { InstanceId } from "../instance/Instance.ts"
import type { MessageId } from "../message/Message.ts"
import type { Content } from "./Content.ts"
import type { Context, Referral } from "./InboundMessage.ts"

/** A message that a person wrote, as it is kept: with our id, in a conversation. */
export interface InboundRecord {
  readonly id: MessageId
  readonly instanceId: InstanceId
  /** Whose it was when it came; an alias leads to its survivor. */
  readonly contactId: ContactId
  readonly conversationId: ConversationId
  readonly wamid: string
  /** What a list shows of it. */
  readonly text: string
  readonly content: Content
  readonly context: Context | undefined
  readonly referral: Referral | undefined
  readonly errors: ReadonlyArray<MetaError>
  /** By Meta's clock. */
  readonly at: DateTime.Utc
  readonly receivedAt: DateTime.Utc
}
