/**
 * What the contract suites need beside the port they are about: rows that other parts of the product would have made,
 * and a look at what was stored. One for each kind of storage.
 */
import { Context, type DateTime, type Effect } from "effect"
import type { Campaign } from "../../core/campaign/Campaign.ts"
import type { KeywordOverrides } from "../../core/consent/Keywords.ts"
import type { Contact, ContactId } from "../../core/contact/Contact.ts"
import type { Queue, Status } from "../../core/conversation/Conversation.ts"
import type { Failure } from "../../core/failure/Failure.ts"
import type { ApiKey, KeyHash } from "../../core/instance/ApiKey.ts"
import type { Instance, InstanceId, Mode } from "../../core/instance/Instance.ts"
import type { MessageId, MessageStatus } from "../../core/message/Message.ts"
import type { Record, Sends } from "../../core/message/Sends.ts"
import type { Template, TemplateId } from "../../core/template/Template.ts"

export interface StoredMessage {
  readonly contactId: number
  readonly conversation: StoredConversation
  readonly record: Record
  readonly status: MessageStatus
  readonly wamid: string | undefined
  readonly waId: string | undefined
  readonly failure: Failure | undefined
  readonly reason: string | undefined
  readonly calls: number | undefined
}

export interface StoredConversation {
  readonly id: number
  readonly queueId: number | undefined
  readonly statusId: number | undefined
  readonly open: boolean
}

export interface StoredContact {
  readonly id: number
  readonly number: string | undefined
  readonly name: string | undefined
}

export class Fixture extends Context.Service<
  Fixture,
  {
    /** A simulated one that no other test knows. */
    readonly instance: Effect.Effect<Instance>
    /** One that is as told, and otherwise as no other. `displayNumber`: digits, as people know it. */
    readonly instanceAs: (given: {
      readonly mode?: Mode
      readonly phoneNumberId?: string
      readonly wabaId?: string
      readonly displayNumber?: string
      readonly keywords?: KeywordOverrides
    }) => Effect.Effect<Instance>
    readonly key: (given: {
      readonly instanceId: InstanceId
      readonly hash: KeyHash
      readonly label: string
      readonly createdAt: DateTime.Utc
      readonly revokedAt?: DateTime.Utc
    }) => Effect.Effect<ApiKey>
    readonly queue: (instanceId: InstanceId) => Effect.Effect<Queue>
    readonly status: (instanceId: InstanceId) => Effect.Effect<Status>
    /** `definition` as in `TemplateDefinition`. */
    readonly template: (instanceId: InstanceId, definition: unknown) => Effect.Effect<Template>
    readonly setTemplateStatus: (id: TemplateId, status: string) => Effect.Effect<void>
    readonly campaign: (instanceId: InstanceId, template: Template, definition: unknown) => Effect.Effect<Campaign>
    readonly contact: (given: {
      readonly instanceId: InstanceId
      readonly number?: string
      readonly name?: string
      readonly lastInboundAt?: DateTime.Utc
    }) => Effect.Effect<Contact>
    readonly closeConversation: (contactId: ContactId) => Effect.Effect<void>

    /** As of the latest change of the instance's directory. */
    readonly revision: (instanceId: InstanceId) => Effect.Effect<number>
    readonly message: (id: MessageId) => Effect.Effect<StoredMessage | undefined>
    readonly messageCount: (instanceId: InstanceId) => Effect.Effect<number>
    readonly contacts: (instanceId: InstanceId) => Effect.Effect<ReadonlyArray<StoredContact>>
    /** In the order of their opening. */
    readonly conversations: (contactId: number) => Effect.Effect<ReadonlyArray<StoredConversation>>
  }
>()("test/contract/Fixture") {}

/** The sends of a second process on the same storage: with a pool of its own, where storage has such. */
export class Peer extends Context.Service<Peer, Sends["Service"]>()("test/contract/Peer") {}
