/**
 * What updates come to: everything that a store has to write, in one transaction, and nothing that it has to decide.
 *
 * Ids of contacts and conversations from `firstNewId` on are new: the store gives them real ones, in their order, the
 * same everywhere.
 */
import type { DateTime } from "effect"
import type { ConsentChange } from "../../consent/Consent.ts"
import type { ContactId } from "../../contact/Contact.ts"
import type { HeldKey } from "../../contact/PersonKeys.ts"
import type { ConversationId } from "../../conversation/Conversation.ts"
import type { StoredEvent } from "../../event/StoredEvent.ts"
import type { InstanceId } from "../../instance/Instance.ts"
import type { MessageId } from "../../message/Message.ts"
import type { CurrentStatus, StatusEvent } from "../../message/StatusHistory.ts"
import type { InboundMedia, InboundMediaKind } from "../Content.ts"
import type { InboundRecord } from "../InboundRecord.ts"
import type { Alias, KnownTemplate, ParkedStatus } from "./Facts.ts"

/** Above all that a store gives out: whoever is new is younger than whoever is known. */
export const firstNewId = 2 ** 31

export const isNew = (id: ContactId | ConversationId): boolean => id >= firstNewId

export interface NewStatus extends StatusEvent {
  readonly messageId: MessageId
  readonly wamid: string
}

/** What the history of a message comes to now. */
export interface MessageState {
  readonly messageId: MessageId
  readonly instanceId: InstanceId
  readonly status: CurrentStatus
  readonly wamid: string
  readonly at: DateTime.Utc
}

/** A contact as it is from now on. */
export interface PersonChange {
  readonly id: ContactId
  readonly instanceId: InstanceId
  readonly number: string | undefined
  /** Of its number, where that is a current one. */
  readonly identityKey: string | undefined
  /** Takes effect where it has none: the name that an integrator gave stays. */
  readonly name: string | undefined
  readonly username: string | undefined
  readonly userId: string | undefined
  /** An older time than the known one changes nothing. */
  readonly lastInboundAt: DateTime.Utc | undefined
  readonly marketingOptOutAt: DateTime.Utc | undefined
  readonly createdAt: DateTime.Utc
  /** All of them. */
  readonly keys: ReadonlyArray<HeldKey>
  /** All of them. */
  readonly aliases: ReadonlyArray<Alias>
  /** Of `aliases`, those that were contacts of their own until now. */
  readonly retired: ReadonlyArray<ContactId>
}

export interface NewConsent extends ConsentChange {
  readonly instanceId: InstanceId
  readonly contactId: ContactId
  readonly heardAt: DateTime.Utc
}

export interface NewConversation {
  readonly id: ConversationId
  readonly instanceId: InstanceId
  readonly contactId: ContactId
  readonly openedAt: DateTime.Utc
  /** Of one that was opened and, as two people proved to be one, was over within the same updates. */
  readonly closedAt: DateTime.Utc | undefined
}

export interface NewMedia {
  readonly messageId: MessageId
  readonly instanceId: InstanceId
  readonly kind: InboundMediaKind
  readonly media: InboundMedia
  readonly receivedAt: DateTime.Utc
}

/** A template as it is from now on; raises the revision of its instance. */
export type TemplateChange = KnownTemplate

export interface HealthChange {
  readonly instanceId: InstanceId
  readonly aspect: string
  /** Canonical JSON. */
  readonly value: string
  readonly at: DateTime.Utc
}

export interface Changes {
  readonly statuses: ReadonlyArray<NewStatus>
  readonly states: ReadonlyArray<MessageState>
  readonly parked: ReadonlyArray<ParkedStatus>
  readonly people: ReadonlyArray<PersonChange>
  readonly consents: ReadonlyArray<NewConsent>
  readonly conversations: {
    readonly opened: ReadonlyArray<NewConversation>
    /** Of known ones: to the survivor of a merge that had none open. Each at most once. */
    readonly moved: ReadonlyArray<{ readonly id: ConversationId; readonly contactId: ContactId }>
    /** Of known ones; before any is moved. */
    readonly closed: ReadonlyArray<{ readonly id: ConversationId; readonly at: DateTime.Utc }>
  }
  readonly inbound: ReadonlyArray<InboundRecord>
  readonly media: ReadonlyArray<NewMedia>
  readonly templates: ReadonlyArray<TemplateChange>
  readonly health: ReadonlyArray<HealthChange>
  readonly seen: ReadonlyArray<{ readonly instanceId: InstanceId; readonly key: string; readonly at: DateTime.Utc }>
  readonly events: ReadonlyArray<StoredEvent>
}
