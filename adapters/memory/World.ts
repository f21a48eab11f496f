/**
 * An installation of the product that lives in memory: what the PostgreSQL adapter keeps in tables, kept in maps, for
 * trying the core out and for tests. It ends with the process.
 *
 * Read it freely, to see what became of a message. Write it through `MemorySetup` and the ports, for it is they who
 * keep the maps consistent with each other.
 */
import { Context, type DateTime, Layer } from "effect"
import type { Campaign, CampaignId } from "../../core/campaign/Campaign.ts"
import type { Contact, ContactId } from "../../core/contact/Contact.ts"
import type { ConversationId, Queue, QueueId, Status, StatusId } from "../../core/conversation/Conversation.ts"
import type { ApiKey, KeyHash } from "../../core/instance/ApiKey.ts"
import type { Instance, InstanceId } from "../../core/instance/Instance.ts"
import type { AttemptId, MessageId } from "../../core/message/Message.ts"
import type { IdempotencyClaim, Outcome, Record } from "../../core/message/Sends.ts"
import type { Template, TemplateId } from "../../core/template/Template.ts"

export interface StoredInstance {
  readonly instance: Instance
  /** Raised by every change of what an operator has set up for it; see `Directory`. */
  readonly revision: number
}

/** Something an operator has set up for one instance. */
export interface Owned<A> {
  readonly instanceId: InstanceId
  readonly value: A
}

export interface Conversation {
  readonly id: ConversationId
  readonly instanceId: InstanceId
  readonly contactId: ContactId
  readonly queueId: QueueId | undefined
  readonly statusId: StatusId | undefined
  readonly openedAt: DateTime.Utc
  /** A closed one stays where it was. */
  readonly closedAt: DateTime.Utc | undefined
  /** The latest message that moved it. */
  readonly movedBy: MessageId | undefined
}

interface Settled {
  readonly outcome: Outcome
  /** How often the gateway was called. */
  readonly calls: number
  readonly at: DateTime.Utc
}

export interface StoredMessage {
  readonly id: MessageId
  readonly attemptId: AttemptId
  readonly instanceId: InstanceId
  readonly contactId: ContactId
  readonly conversationId: ConversationId
  readonly record: Record
  readonly reservedAt: DateTime.Utc
  /** Under which the message was asked for. It may belong to another message by now, or to none. */
  readonly claim: string | undefined
  /** None while the send may be under way. */
  readonly settled: Settled | undefined
}

export interface StoredContact {
  readonly contact: Contact
  /** The latest message that named the contact. */
  readonly namedBy: MessageId | undefined
}

/** An idempotency key in use. */
export interface Claim extends IdempotencyClaim {
  readonly messageId: MessageId
  readonly contactId: ContactId
  readonly at: DateTime.Utc
}

/** Gives out ids as an identity column does; one that was fixed by somebody else is passed through and kept clear of. */
const sequence = () => {
  let largest = 0
  return (given?: number): number => {
    const id = given ?? largest + 1
    largest = Math.max(largest, id)
    return id
  }
}

const make = () => ({
  instances: new Map<InstanceId, StoredInstance>(),
  apiKeys: new Map<KeyHash, ApiKey>(),
  queues: new Map<QueueId, Owned<Queue>>(),
  statuses: new Map<StatusId, Owned<Status>>(),
  templates: new Map<TemplateId, Owned<Template>>(),
  campaigns: new Map<CampaignId, Owned<Campaign>>(),
  contacts: new Map<ContactId, StoredContact>(),
  /** By `identityOf`. */
  contactIds: new Map<string, ContactId>(),
  conversations: new Map<ConversationId, Conversation>(),
  openConversations: new Map<ContactId, ConversationId>(),
  messages: new Map<MessageId, StoredMessage>(),
  /** The attempts that are not settled: their calls may be under way. */
  attempts: new Map<AttemptId, MessageId>(),
  /** By `claimOf`. */
  claims: new Map<string, Claim>(),
  nextId: {
    instance: sequence(),
    apiKey: sequence(),
    queue: sequence(),
    status: sequence(),
    template: sequence(),
    campaign: sequence(),
    contact: sequence(),
    conversation: sequence()
  }
})

export class World extends Context.Service<World, ReturnType<typeof make>>()("aidesk/adapters/memory/World") {
  static readonly layer = Layer.sync(World, make)
}

/** Names a person within an instance; see `PhoneNumber.identityKey`. */
export const identityOf = (instanceId: InstanceId, identityKey: string): string => `${instanceId} ${identityKey}`

/** Names an idempotency key within instance and path. */
export const claimOf = (instanceId: InstanceId, path: string, key: string): string =>
  JSON.stringify([instanceId, path, key])
