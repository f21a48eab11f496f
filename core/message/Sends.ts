/**
 * The durable record of every send: reserved before Meta is called, settled after it.
 *
 * Guarantees: a reservation is committed when `reserve` returns; reserving the same message id twice
 * is one reservation; a settlement is applied once and never undone by a later one; under one
 * idempotency key there is at most one message.
 */
import type { DateTime, Effect, Option } from "effect"
import { Context, Schema } from "effect"
import type { CampaignId } from "../campaign/Campaign.ts"
import type { ContactId } from "../contact/Contact.ts"
import type { PhoneNumber } from "../contact/PhoneNumber.ts"
import type { QueueId, StatusId } from "../conversation/Conversation.ts"
import type { Failure } from "../failure/Failure.ts"
import type { InstanceId } from "../instance/Instance.ts"
import type { TemplateId } from "../template/Template.ts"
import type { Unavailable } from "../Unavailable.ts"
import type { AttemptId, MessageId, MessageStatus } from "./Message.ts"

/** What the caller's `Idempotency-Key` binds: the key within instance and path, and what was asked under it. */
export interface IdempotencyClaim {
  readonly path: string
  readonly key: string
  /** SHA-256 of the request body, in hexadecimal. */
  readonly bodyHash: string
  /** The request whose answer is repeated to every later one. */
  readonly requestId: string
}

/** What the message will say, kept as a person would read it and as it was asked for. */
export interface Record {
  readonly kind: "template" | "text" | "image" | "video" | "audio" | "document"
  /** The rendered text or the caption. */
  readonly text: string
  readonly mediaUrl: string | undefined
  readonly templateId: TemplateId | undefined
  readonly campaignId: CampaignId | undefined
  readonly variables: { readonly [name: string]: string } | undefined
}

/** The recipient: a known contact, or a number under which one is found or made. */
export type Recipient =
  | { readonly _tag: "Known"; readonly contactId: ContactId }
  | {
      readonly _tag: "Number"
      readonly number: PhoneNumber
      /** See `PhoneNumber.identityKey`. */
      readonly identityKey: string
      /** The name a new contact is given; a known one is renamed at settlement. */
      readonly name: string | undefined
    }

export interface Reservation {
  readonly messageId: MessageId
  readonly attemptId: AttemptId
  readonly instanceId: InstanceId
  /** The directory revision on which the request was judged; none where it used nothing of it. */
  readonly revision: number | undefined
  readonly recipient: Recipient
  /** Marketing is not sent to a person who stopped it. */
  readonly marketing: boolean
  /** Where a conversation that has to be opened goes; an open one is moved at settlement. */
  readonly queueId: QueueId | undefined
  readonly statusId: StatusId | undefined
  readonly record: Record
  readonly idempotency: IdempotencyClaim | undefined
  readonly at: DateTime.Utc
}

export interface Reserved {
  readonly contactId: ContactId
  /**
   * Whether the contact has another name, or its open conversation another place, than the request asks
   * for. Where not, the settlement has nothing to move.
   */
  readonly moves: boolean
}

/** The instance's directory changed since the request was judged: judge it again. Nothing was reserved. */
export class DirectoryChanged extends Schema.TaggedError<DirectoryChanged>()("DirectoryChanged", {}) {}

/** The contact named by the request does not exist in this instance. Nothing was reserved. */
export class ContactGone extends Schema.TaggedError<ContactGone>()("ContactGone", {}) {}

/** The person stopped marketing, and this is marketing. Nothing was reserved. */
export class OptedOut extends Schema.TaggedError<OptedOut>()("OptedOut", {}) {}

/** Another request holds the idempotency key. Nothing was reserved. */
export class KeyTaken extends Schema.TaggedError<KeyTaken>()("KeyTaken", {}) {}

export type Outcome =
  | { readonly _tag: "Accepted"; readonly wamid: string; readonly waId: string | undefined; readonly held: boolean }
  | { readonly _tag: "Failed"; readonly failure: Failure; readonly final: boolean }
  | { readonly _tag: "Unknown"; readonly reason: string }

/** The status a message has with this outcome of its send. */
export const statusOf = (outcome: Outcome): Exclude<MessageStatus, "reserved"> => {
  switch (outcome._tag) {
    case "Accepted":
      return outcome.held ? "held" : "accepted"
    case "Failed":
      return "failed"
    case "Unknown":
      return "unknown"
  }
}

export interface Settlement {
  readonly messageId: MessageId
  readonly attemptId: AttemptId
  readonly instanceId: InstanceId
  readonly outcome: Outcome
  /** Take effect where the outcome is not `Failed`; nothing where the reservation said that nothing moves. */
  readonly contactName: string | undefined
  readonly queueId: QueueId | undefined
  readonly statusId: StatusId | undefined
  /** How often Meta was called for this attempt. */
  readonly calls: number
  readonly at: DateTime.Utc
}

/** What became of the request that first used an idempotency key. */
export interface Earlier {
  readonly bodyHash: string
  readonly requestId: string
  readonly messageId: MessageId
  readonly contactId: ContactId
  readonly reservedAt: DateTime.Utc
  readonly status: MessageStatus
  readonly kind: Record["kind"]
  /** Meta's id, by whoever told it first: its answer or its webhook. */
  readonly wamid: string | undefined
  /** Of an outcome that nobody knew, what the webhook told afterwards. */
  readonly failure: Failure | undefined
}

export class Sends extends Context.Service<
  Sends,
  {
    readonly earlier: (
      instanceId: InstanceId,
      path: string,
      key: string,
      now: DateTime.Utc
    ) => Effect.Effect<Option.Option<Earlier>, Unavailable>
    readonly reserve: (
      reservation: Reservation
    ) => Effect.Effect<Reserved, DirectoryChanged | ContactGone | OptedOut | KeyTaken | Unavailable>
    /**
     * Records the outcome. `Failed` that is not final forgets the idempotency key. A message that is
     * settled already keeps its first outcome; one that was never reserved stays unmade.
     */
    readonly settle: (settlement: Settlement) => Effect.Effect<void, Unavailable>
    /** Sends reserved before `before` and never settled (their process died) become `unknown`. Returns how many. */
    readonly abandon: (before: DateTime.Utc, now: DateTime.Utc) => Effect.Effect<number, Unavailable>
    /** Forgets idempotency keys made before `before`, in bounded batches. Returns how many. */
    readonly forgetKeys: (before: DateTime.Utc) => Effect.Effect<number, Unavailable>
  }
>()("aidesk/core/message/Sends") {}
