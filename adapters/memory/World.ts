/**
 * An installation of the product that lives in memory: what the PostgreSQL adapter keeps in tables, kept in maps, for
 * trying the core out and for tests. It ends with the process.
 *
 * Read it freely, to see what became of a message. Write it through `MemorySetup` and the ports, for it is they who
 * keep the maps consistent with each other.
 */
import { Context, type DateTime, Layer } from "effect"
import type { Campaign, CampaignId } from "../../core/campaign/Campaign.ts"
import type { ConsentChange } from "../../core/consent/Consent.ts"
import type { KeywordOverrides } from "../../core/consent/Keywords.ts"
import type { Contact, ContactId } from "../../core/contact/Contact.ts"
import type { HeldKey } from "../../core/contact/PersonKeys.ts"
import type { ConversationId, Queue, QueueId, Status, StatusId } from "../../core/conversation/Conversation.ts"
import type { FeedCursor } from "../../core/event/EventFeed.ts"
import type { StoredEvent } from "../../core/event/StoredEvent.ts"
import type { KnownHealth, KnownTemplate, ParkedStatus } from "../../core/inbound/application/Facts.ts"
import type { InboundRecord } from "../../core/inbound/InboundRecord.ts"
import type { Posted } from "../../core/inbound/Inbox.ts"
import type { QuarantineId } from "../../core/inbound/Quarantine.ts"
import type { Quarantined } from "../../core/inbound/Quarantined.ts"
import type { ApiKey, KeyHash } from "../../core/instance/ApiKey.ts"
import type { Instance, InstanceId } from "../../core/instance/Instance.ts"
import type { MediaFile } from "../../core/media/MediaFile.ts"
import type { AttemptId, MessageId } from "../../core/message/Message.ts"
import type { IdempotencyClaim, Outcome, Record } from "../../core/message/Sends.ts"
import type { StatusEvent } from "../../core/message/StatusHistory.ts"
import type { ResendOutcome } from "../../core/resend/Resend.ts"
import type { Wish } from "../../core/resend/Resends.ts"
import type { Template, TemplateId } from "../../core/template/Template.ts"
import type { Delivery, DeliveryId } from "../../core/webhook/Delivery.ts"
import type { WebhookEndpoint, WebhookEndpointId } from "../../core/webhook/WebhookEndpoint.ts"
import type { WebhookSecret } from "../../core/webhook/WebhookSecret.ts"

export interface StoredInstance {
  readonly instance: Instance
  /** Raised by every change of what an operator has set up for it; see `Directory`. */
  readonly revision: number
  /** As Meta shows the number to people, where it has told. */
  readonly displayNumber?: string | undefined
  readonly keywords?: KeywordOverrides | undefined
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
  /** Set where the contact proved to be another: it answers as that one. */
  readonly mergedInto?: ContactId | undefined
  readonly username?: string | undefined
  readonly keys?: ReadonlyArray<HeldKey> | undefined
  readonly consents?: ReadonlyArray<ConsentChange> | undefined
  readonly createdAt?: DateTime.Utc | undefined
}

/** What Meta told of an outgoing message. */
export interface StoredStatus extends StatusEvent {
  readonly wamid: string
}

/** That somebody wished a message to be sent again. */
export interface StoredWish extends Wish {
  /** How often it was claimed. */
  readonly claims: number
  /** When it may be claimed, whoever has it now. */
  readonly nextAt: DateTime.Utc
  /** Nothing while it is to be done. */
  readonly outcome: ResendOutcome | undefined
}

/** An idempotency key in use. */
export interface Claim extends IdempotencyClaim {
  readonly messageId: MessageId
  readonly contactId: ContactId
  readonly at: DateTime.Utc
}

/** What Meta posted, as it came. */
export interface StoredPost extends Posted {
  readonly id: number
}

/** What was set aside of a post. */
export interface StoredQuarantined extends Quarantined, Omit<Posted, "body"> {
  readonly id: QuarantineId
  readonly setAsideAt: DateTime.Utc
}

/** The file of an inbound message. */
export interface StoredMediaFile {
  readonly file: MediaFile
  /** While somebody is fetching it. */
  readonly leasedUntil: DateTime.Utc | undefined
}

/** Who is told of events, with what signs and where in the feed it is. */
export interface StoredEndpoint {
  readonly endpoint: WebhookEndpoint
  readonly secret: WebhookSecret
  readonly previousSecret: WebhookSecret | undefined
  readonly cursor: FeedCursor
}

/** What is on its way to an endpoint. */
export interface StoredDelivery {
  readonly delivery: Delivery
  /** Until it has arrived. */
  readonly body: string | undefined
  readonly contactId: ContactId | undefined
  /** How often it was claimed, ever. */
  readonly claims: number
  /** When it may be claimed, whoever has it now. */
  readonly dueAt: DateTime.Utc
  /** While somebody has it. */
  readonly leasedUntil: DateTime.Utc | undefined
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
  mediaFiles: new Map<MessageId, StoredMediaFile>(),
  /** What Meta told of each outgoing message. */
  heard: new Map<MessageId, ReadonlyArray<StoredStatus>>(),
  inbound: new Map<MessageId, InboundRecord>(),
  parked: new Array<{ readonly status: ParkedStatus; readonly nextAt: DateTime.Utc }>(),
  /** News that count once, by instance and key, with when they were heard. */
  seen: new Map<string, DateTime.Utc>(),
  /** By instance and aspect. */
  health: new Map<string, KnownHealth>(),
  /** What Meta tells of templates beside what an operator registered. */
  templateNews: new Map<TemplateId, Pick<KnownTemplate, "quality" | "toldAt">>(),
  /** Messages of which it has been told that nobody knows what became of them. */
  unresolved: new Set<MessageId>(),
  /** The latest wish of each message to be sent again. */
  wishes: new Map<MessageId, StoredWish>(),
  inbox: new Array<StoredPost>(),
  /** The posts that await their work. */
  pending: new Set<number>(),
  quarantine: new Map<QuarantineId, StoredQuarantined>(),
  /** In the order in which they happened. */
  events: new Array<StoredEvent>(),
  /** How many events were forgotten: the first of `events` comes after as many. */
  feed: { forgotten: 0 },
  webhookEndpoints: new Map<WebhookEndpointId, StoredEndpoint>(),
  deliveries: new Map<DeliveryId, StoredDelivery>(),
  nextId: {
    instance: sequence(),
    apiKey: sequence(),
    queue: sequence(),
    status: sequence(),
    template: sequence(),
    campaign: sequence(),
    contact: sequence(),
    conversation: sequence(),
    post: sequence(),
    quarantined: sequence()
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
