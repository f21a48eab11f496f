/**
 * One message with everything that is known of it: what was said, to or by whom, in which conversation, and what became
 * of it. Of an outgoing one that is `view`, and by nothing else is told how it stands.
 */
import { Schema } from "effect"
import type { ContactId } from "../contact/Contact.ts"
import type { ConversationId, QueueId, StatusId } from "../conversation/Conversation.ts"
import { heardAs } from "../event/StoredEvent.ts"
import type { MetaError } from "../failure/MetaError.ts"
import type { Content } from "../inbound/Content.ts"
import type { InboundRecord } from "../inbound/InboundRecord.ts"
import type { InstanceId } from "../instance/Instance.ts"
import type { MediaState } from "../media/MediaFile.ts"
import type { MessageId } from "./Message.ts"
import type { Record } from "./Sends.ts"
import {
  type CurrentStatus,
  DeliveryStatus,
  type OutcomeEvent,
  type StatusEvent,
  type View,
  view
} from "./StatusHistory.ts"

/** As people are told. `reserved`: the call to Meta may be under way; `received`: of what a contact wrote. */
export const ShownStatus = Schema.Literals(["reserved", "accepted", ...DeliveryStatus.literals, "unknown", "received"])
export type ShownStatus = typeof ShownStatus.Type

/** Held for quality assessment is accepted. */
export const shownAs = (status: CurrentStatus): Exclude<ShownStatus, "received"> => {
  switch (status) {
    case "accepted":
    case "held":
    case "unknown":
      return heardAs(status)
    default:
      return status
  }
}

/** Where the message was said, as it stands now. */
export interface Place {
  readonly id: ConversationId
  readonly queueId: QueueId | undefined
  readonly statusId: StatusId | undefined
  readonly open: boolean
}

interface Known {
  readonly id: MessageId
  readonly instanceId: InstanceId
  /** Of a contact that proved to be another: the other. */
  readonly contactId: ContactId
  readonly conversation: Place | undefined
}

export interface Settled {
  readonly event: OutcomeEvent
  readonly wamid: string | undefined
  /** How often Meta was called. */
  readonly calls: number
  /** Why nobody knows, in English, for operators. */
  readonly reason: string | undefined
}

export interface OutgoingDetail extends Known, Omit<Record, "variables"> {
  readonly _tag: "Outgoing"
  /** By whoever told it first: Meta's answer or its webhook. */
  readonly wamid: string | undefined
  /** Nothing while the call may be under way. */
  readonly settled: Settled | undefined
  readonly view: View
}

/** The person as far as they are known now. */
export interface Sender {
  readonly name: string | undefined
  readonly number: string | undefined
  readonly userId: string | undefined
  readonly username: string | undefined
}

/** The file that came with a message. */
export interface MessageMedia {
  readonly state: MediaState
  readonly mimeType: string | undefined
  readonly filename: string | undefined
  /** Bytes, once it is stored. */
  readonly size: number | undefined
}

export interface IncomingDetail
  extends Known, Pick<InboundRecord, "wamid" | "text" | "context" | "referral" | "at" | "receivedAt"> {
  readonly _tag: "Incoming"
  readonly content: Content
  readonly errors: ReadonlyArray<MetaError>
  readonly from: Sender
  readonly media: MessageMedia | undefined
}

export type MessageDetail = OutgoingDetail | IncomingDetail

/** An outgoing message as a store keeps it: in rows that know nothing of each other. */
interface Kept extends Omit<OutgoingDetail, "_tag" | "wamid" | "view"> {
  readonly heard: ReadonlyArray<StatusEvent & { readonly wamid: string }>
}

export const outgoing = ({ heard, ...kept }: Kept): OutgoingDetail => ({
  ...kept,
  _tag: "Outgoing",
  wamid: kept.settled?.wamid ?? heard[0]?.wamid,
  view: view(kept.settled === undefined ? heard : [kept.settled.event, ...heard])
})

export const statusOf = (message: MessageDetail): ShownStatus =>
  message._tag === "Outgoing" ? shownAs(message.view.status) : "received"
