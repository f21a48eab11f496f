/** A message as the API shows it: everything that is known of it, whichever way it went. */
import type { IncomingDetail, MessageDetail, OutgoingDetail } from "../../../core/message/MessageDetail.ts"
import { shownAs, statusOf } from "../../../core/message/MessageDetail.ts"
import { contentData, costData, costIn, failureData, namesData, timeData } from "../../../core/message/MessageData.ts"
import { madeAt } from "../../../core/message/MessageTime.ts"
import type { TimelineEntry } from "../../../core/message/StatusHistory.ts"

const conversationOf = ({ conversation }: MessageDetail) =>
  conversation === undefined
    ? null
    : {
        id: conversation.id,
        queue_id: conversation.queueId ?? null,
        status_id: conversation.statusId ?? null,
        open: conversation.open
      }

const entryOf = (entry: TimelineEntry) => ({
  status: shownAs(entry.status),
  source: entry.source,
  at: timeData(entry.at),
  received_at: timeData(entry.receivedAt),
  conflict: entry.conflict,
  error: failureData(entry.failure),
  cost: costData(costIn(entry))
})

const whyUnknown =
  "A Meta não respondeu de forma conclusiva, e ninguém sabe se a mensagem saiu. Não repita o envio: espere o webhook de status da Meta, que dirá o que aconteceu."

const ofOutgoing = (message: OutgoingDetail) => {
  const { conflict, cost, failure, timeline } = message.view
  return {
    text: message.text,
    media_url: message.mediaUrl ?? null,
    held_for_quality_assessment: message.settled?.event.status === "held",
    attempts: message.settled?.calls ?? null,
    timeline: timeline.map(entryOf),
    conflict,
    error: failureData(failure),
    cost: costData(cost),
    reason: message.view.status === "unknown" ? whyUnknown : null
  }
}

const ofIncoming = (message: IncomingDetail) => ({
  ...contentData(message),
  errors: message.errors,
  received_at: timeData(message.receivedAt)
})

const statusAt = (message: MessageDetail) =>
  timeData(message._tag === "Outgoing" ? (message.view.at ?? madeAt(message.id)) : message.at)

export const encode = (message: MessageDetail) => {
  const { message_id: id, conversation_id: _, ...names } = namesData(message)
  return {
    id,
    ...names,
    status: statusOf(message),
    status_at: statusAt(message),
    created_at: timeData(madeAt(message.id)),
    conversation: conversationOf(message),
    ...(message._tag === "Outgoing" ? ofOutgoing(message) : ofIncoming(message))
  }
}
