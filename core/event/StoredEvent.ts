/**
 * An event as a store keeps it: what the rows that it names do not tell. `messageId` and `contactId` lead to the rest,
 * from which the event is put together when it is told.
 */
import type { DateTime } from "effect"
import type { ContactId } from "../contact/Contact.ts"
import type { InstanceId } from "../instance/Instance.ts"
import type { MessageId } from "../message/Message.ts"
import type { OutcomeEvent } from "../message/StatusHistory.ts"
import type { EventType } from "./Event.ts"

export interface StoredEvent {
  readonly id: string
  readonly instanceId: InstanceId
  readonly type: EventType
  readonly at: DateTime.Utc
  /** When we heard of it, where `at` is another's clock: how long an event is kept is counted by ours. */
  readonly heardAt?: DateTime.Utc
  readonly messageId: MessageId | undefined
  readonly contactId: ContactId | undefined
  /** Names as the API writes them. */
  readonly data: { readonly [name: string]: unknown } | undefined
}

/** Held for quality assessment is accepted, as far as anybody is told. SQL has it as `heard_as`. */
export const heardAs = (status: OutcomeEvent["status"]): Exclude<OutcomeEvent["status"], "held"> =>
  status === "held" ? "accepted" : status

/** Of a message's event: one per message and status. SQL has it as `event_id`. */
export const idOfMessageEvent = (messageId: MessageId, status: string): string =>
  `evt_${messageId.replaceAll("-", "")}_${status}`
