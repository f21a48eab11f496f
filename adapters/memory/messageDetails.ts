/** Messages of a `World` in full: what its maps tell of each. */
import { Option } from "effect"
import type { ContactId } from "../../core/contact/Contact.ts"
import type { ConversationId } from "../../core/conversation/Conversation.ts"
import type { InboundRecord } from "../../core/inbound/InboundRecord.ts"
import type { InstanceId } from "../../core/instance/Instance.ts"
import type { MessageId } from "../../core/message/Message.ts"
import {
  type IncomingDetail,
  type MessageDetail,
  outgoing,
  type OutgoingDetail,
  type Place,
  type Settled
} from "../../core/message/MessageDetail.ts"
import { statusOf } from "../../core/message/Sends.ts"
import type { StoredMessage, World } from "./World.ts"

type Maps = World["Service"]

/** An alias leads to the contact that it proved to be. */
export const survivorOf = (world: Maps, id: ContactId): ContactId => world.contacts.get(id)?.mergedInto ?? id

const placeOf = (world: Maps, id: ConversationId): Place | undefined => {
  const conversation = world.conversations.get(id)
  if (conversation === undefined) return undefined
  const { closedAt, queueId, statusId } = conversation
  return { id, queueId, statusId, open: closedAt === undefined }
}

const settledOf = ({ settled }: StoredMessage): Settled | undefined => {
  if (settled === undefined) return undefined
  const { at, calls, outcome } = settled
  return {
    event: {
      _tag: "Outcome",
      status: statusOf(outcome),
      at,
      failure: outcome._tag === "Failed" ? outcome.failure : undefined
    },
    wamid: outcome._tag === "Accepted" ? outcome.wamid : undefined,
    calls,
    reason: outcome._tag === "Unknown" ? outcome.reason : undefined
  }
}

const outgoingOf = (world: Maps, message: StoredMessage): OutgoingDetail => {
  const { campaignId, kind, mediaUrl, templateId, text } = message.record
  return outgoing({
    id: message.id,
    instanceId: message.instanceId,
    contactId: survivorOf(world, message.contactId),
    conversation: placeOf(world, message.conversationId),
    kind,
    text,
    mediaUrl,
    templateId,
    campaignId,
    settled: settledOf(message),
    heard: world.heard.get(message.id) ?? []
  })
}

const incomingOf = (world: Maps, { contactId: writer, conversationId, ...record }: InboundRecord): IncomingDetail => {
  const contactId = survivorOf(world, writer)
  const stored = world.contacts.get(contactId)
  const file = world.mediaFiles.get(record.id)?.file
  return {
    ...record,
    _tag: "Incoming",
    contactId,
    conversation: placeOf(world, conversationId),
    from: {
      name: Option.getOrUndefined(stored?.contact.name ?? Option.none()),
      number: Option.getOrUndefined(stored?.contact.number ?? Option.none()),
      userId: stored?.contact.userId,
      username: stored?.username
    },
    media:
      file === undefined
        ? undefined
        : {
            state: file.state,
            mimeType: Option.getOrUndefined(file.mimeType),
            filename: Option.getOrUndefined(file.filename),
            size: Option.getOrUndefined(file.stored)?.size
          }
  }
}

export const allOf = (world: Maps, instanceId: InstanceId): ReadonlyArray<MessageDetail> => [
  ...[...world.messages.values()]
    .filter((message) => message.instanceId === instanceId)
    .map((message) => outgoingOf(world, message)),
  ...[...world.inbound.values()]
    .filter((record) => record.instanceId === instanceId)
    .map((record) => incomingOf(world, record))
]

export const detailOf = (world: Maps, instanceId: InstanceId, id: MessageId): MessageDetail | undefined => {
  const message = world.messages.get(id)
  if (message?.instanceId === instanceId) return outgoingOf(world, message)
  const record = world.inbound.get(id)
  return record?.instanceId === instanceId ? incomingOf(world, record) : undefined
}
