/** How an event is told: put together from what is stored of it and the message that it is about. */
import type { MessageDetail, OutgoingDetail } from "../message/MessageDetail.ts"
import { contentData, costData, costIn, failureData, namesData, senderData, timeData } from "../message/MessageData.ts"
import type { Event } from "./Event.ts"
import { heardAs, type StoredEvent } from "./StoredEvent.ts"
import type { TimelineEntry } from "../message/StatusHistory.ts"

const statusIn = ({ status }: TimelineEntry): string =>
  status === "accepted" || status === "held" || status === "unknown" ? heardAs(status) : status

/** The event's own status, not the one that the message has by now. */
const ofOutgoing = (message: OutgoingDetail, { at, type }: StoredEvent): Event["data"] => {
  const status = type.slice("message.".length)
  const entry = message.view.timeline.find((entry) => statusIn(entry) === status)
  return {
    ...namesData(message),
    status,
    at: timeData(at),
    error: failureData(entry?.failure),
    cost: costData(entry === undefined ? undefined : costIn(entry))
  }
}

const dataOf = (event: StoredEvent, message: MessageDetail | undefined): Event["data"] => {
  if (message?._tag === "Outgoing") return ofOutgoing(message, event)
  if (message?._tag === "Incoming") {
    return {
      ...namesData(message),
      ...contentData(message),
      at: timeData(message.at),
      contact: senderData(message)
    }
  }
  return {
    // Of a message that is kept no longer.
    ...(event.messageId === undefined ? {} : { message_id: event.messageId }),
    ...event.data,
    ...(event.contactId === undefined ? {} : { contact_id: event.contactId })
  }
}

/** `message` is the one that the event names, where it names one. */
export const told = (event: StoredEvent, message: MessageDetail | undefined): Event => ({
  id: event.id,
  type: event.type,
  timestamp: event.at,
  instanceId: event.instanceId,
  data: dataOf(event, message)
})
