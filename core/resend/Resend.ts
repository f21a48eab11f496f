/**
 * Sending a message once more because nobody knows whether it went out. Nothing here decides that by itself: a message
 * that may have arrived is sent again only because a person says so.
 */
import { Schema } from "effect"
import { ContactId } from "../contact/Contact.ts"
import { Failure } from "../failure/Failure.ts"
import { InstanceId } from "../instance/Instance.ts"
import { MessageId } from "../message/Message.ts"
import { DeliveryStatus } from "../message/StatusHistory.ts"

/** Of an outgoing message, as people are told. */
export const SendStatus = Schema.Literals(["reserved", "accepted", ...DeliveryStatus.literals, "unknown"])
export type SendStatus = typeof SendStatus.Type

/** What came of a wish to send a message again. */
export const ResendOutcome = Schema.TaggedUnion({
  /** It was handed to Meta as another message, of which the usual is known from here on, or is not. */
  Resent: { as: MessageId },
  /** It was refused, by a rule of ours or by Meta. Where it got as far as being a message, `as` is that. */
  NotSent: { as: Schema.Option(MessageId), failure: Failure },
  /** Meta had told meanwhile what became of the message, so there was nothing left to send. */
  Settled: {},
  /** Nobody came to it in time. */
  Expired: {}
})
export type ResendOutcome = typeof ResendOutcome.Type

export const Resend = Schema.Struct({
  /** How often this was asked of the message, counted from 1. */
  ask: Schema.Int,
  askedAt: Schema.DateTimeUtc,
  /** Nothing while it is to be done. */
  outcome: Schema.Option(ResendOutcome),
  /** How the other message stands now, where there is one. */
  standing: Schema.Option(SendStatus)
})
export type Resend = typeof Resend.Type

/** An outgoing message, as far as it matters to whoever thinks of sending it again. What it says is not in it. */
export class SentMessage extends Schema.Class<SentMessage>("SentMessage")({
  id: MessageId,
  instanceId: InstanceId,
  contactId: ContactId,
  kind: Schema.Literals(["template", "text", "image", "video", "audio", "document"]),
  status: SendStatus,
  /** When our own send of it ended; while that may be under way, when it began. */
  since: Schema.DateTimeUtc,
  /** Whether its conversation has a queue and a status, without which no template is sent. */
  placed: Schema.Boolean,
  /** The latest wish. */
  resend: Schema.Option(Resend)
}) {}
