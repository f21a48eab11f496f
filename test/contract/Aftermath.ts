/** What becomes of messages and people behind the back of the port that a suite is about. */
import { Context, type DateTime, type Effect } from "effect"
import type { ContactId } from "../../core/contact/Contact.ts"
import type { InstanceId } from "../../core/instance/Instance.ts"
import type { MessageId } from "../../core/message/Message.ts"
import type { DeliveryStatus } from "../../core/message/StatusHistory.ts"

export class Aftermath extends Context.Service<
  Aftermath,
  {
    /** Meta tells of the message. */
    readonly told: (id: MessageId, status: DeliveryStatus, at: DateTime.Utc) => Effect.Effect<void>
    /** It has been told that nobody knows what became of the message. */
    readonly unresolved: (id: MessageId, since: DateTime.Utc) => Effect.Effect<void>
    /** Meta says something of the business number. */
    readonly health: (
      instanceId: InstanceId,
      said: { readonly aspect: string; readonly value: object; readonly at: DateTime.Utc }
    ) => Effect.Effect<void>
    /** The person stops marketing in WhatsApp. */
    readonly stopped: (contactId: ContactId, at: DateTime.Utc) => Effect.Effect<void>
    /** The two prove to be one person. */
    readonly merged: (retired: ContactId, survivor: ContactId) => Effect.Effect<void>
  }
>()("test/contract/Aftermath") {}
