/** What has to be known before updates can be applied, and what it is asked for by. */
import type { DateTime } from "effect"
import type { KeywordOverrides } from "../../consent/Keywords.ts"
import type { ConsentChange } from "../../consent/Consent.ts"
import type { ContactId } from "../../contact/Contact.ts"
import type { HeldKey } from "../../contact/PersonKeys.ts"
import type { ConversationId } from "../../conversation/Conversation.ts"
import type { InstanceId, Mode } from "../../instance/Instance.ts"
import type { AttemptId, MessageId } from "../../message/Message.ts"
import type { OutcomeEvent, StatusEvent } from "../../message/StatusHistory.ts"
import type { Component } from "../../template/Component.ts"
import type { TemplateId } from "../../template/Template.ts"
import type { Source } from "../Source.ts"
import type { StatusUpdate } from "../StatusUpdate.ts"
import type { Routed, Update } from "../Update.ts"

/** A payload as it was kept. */
export interface KeptPayload {
  readonly source: Source
  readonly body: Uint8Array
  readonly receivedAt: DateTime.Utc
}

/** An instance as a webhook may name it. */
export interface KnownInstance {
  readonly id: InstanceId
  readonly mode: Mode
  readonly phoneNumberId: string
  readonly wabaId: string
  /** The number as people know it, digits only; nothing where no operator told. */
  readonly displayNumber: string | undefined
  readonly keywords: KeywordOverrides
}

/** One update that has come to one instance. */
export interface Arrival<U extends Update = Update> extends Pick<Routed<U>, "key" | "at" | "update"> {
  readonly instance: KnownInstance
  readonly receivedAt: DateTime.Utc
}

/** A status that came before its message was known, kept until it is. */
export interface ParkedStatus {
  readonly instanceId: InstanceId
  readonly update: StatusUpdate
  readonly receivedAt: DateTime.Utc
  /** How often its message has been looked for. */
  readonly tries: number
}

export interface KnownMessage {
  readonly id: MessageId
  /** Nothing where the call is under way and nobody asked for it by its attempt. */
  readonly attemptId: AttemptId | undefined
  readonly instanceId: InstanceId
  readonly contactId: ContactId
  /** Under which its contact is known: a status that names another brings news of it. */
  readonly userIds: ReadonlyArray<string>
  /** By our own call; nothing while it is under way, or where its outcome is not known. */
  readonly wamid: string | undefined
  readonly outcome: OutcomeEvent | undefined
  readonly heard: ReadonlyArray<StatusEvent>
}

/** Another contact row that leads here: a retired id, or one more number of the person. */
export interface Alias {
  readonly id: ContactId
  readonly identityKey: string | undefined
}

export interface KnownContact {
  readonly id: ContactId
  readonly instanceId: InstanceId
  readonly number: string | undefined
  /** Whether it still leads to the contact: it may be somebody else's by now. */
  readonly numberIsCurrent: boolean
  readonly name: string | undefined
  readonly username: string | undefined
  readonly userId: string | undefined
  readonly lastInboundAt: DateTime.Utc | undefined
  readonly createdAt: DateTime.Utc
  readonly keys: ReadonlyArray<HeldKey>
  readonly consents: ReadonlyArray<ConsentChange>
  readonly aliases: ReadonlyArray<Alias>
  readonly openConversation: ConversationId | undefined
}

export interface KnownTemplate {
  readonly id: TemplateId
  readonly instanceId: InstanceId
  readonly name: string
  readonly language: string
  readonly category: string
  readonly status: string
  readonly components: ReadonlyArray<Component>
  readonly quality: string | undefined
  /** Milliseconds by Meta's clock, of each aspect. */
  readonly toldAt: { readonly [aspect: string]: number }
}

export interface KnownHealth {
  readonly instanceId: InstanceId
  readonly aspect: string
  /** Canonical JSON. */
  readonly value: string
  readonly at: DateTime.Utc
}

/** Within an instance. */
export const within = (instanceId: InstanceId, name: string): string => `${instanceId} ${name}`

export interface Facts {
  readonly messages: ReadonlyArray<KnownMessage>
  readonly contacts: ReadonlyArray<KnownContact>
  /** By `within(instance, key)`. */
  readonly seen: ReadonlySet<string>
  /** By `within(instance, wamid)`. */
  readonly inbound: ReadonlySet<string>
  readonly templates: ReadonlyArray<KnownTemplate>
  readonly health: ReadonlyArray<KnownHealth>
}

/** By what the facts are found. */
export interface Wanted {
  readonly statuses: ReadonlyArray<{
    readonly instanceId: InstanceId
    readonly attemptId: AttemptId | undefined
    readonly wamid: string
  }>
  readonly people: ReadonlyArray<{
    readonly instanceId: InstanceId
    readonly userIds: ReadonlyArray<string>
    /** In every spelling. */
    readonly numbers: ReadonlyArray<string>
  }>
  readonly inbound: ReadonlyArray<{ readonly instanceId: InstanceId; readonly wamid: string }>
  readonly seen: ReadonlyArray<{ readonly instanceId: InstanceId; readonly key: string }>
  readonly templates: ReadonlyArray<{
    readonly instanceId: InstanceId
    readonly name: string
    readonly language: string
  }>
  readonly health: ReadonlyArray<InstanceId>
}
