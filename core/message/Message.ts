import { Schema } from "effect"

/** Ours: a UUID v7. In answers it is `Message-Id` and `message_ref`; logs name a message by nothing else. */
export const MessageId = Schema.String.check(Schema.isUUID(7)).pipe(Schema.brand("MessageId"))
export type MessageId = typeof MessageId.Type

/**
 * One try at having Meta send a message: a UUID v7, committed before the call and carried to Meta in
 * `biz_opaque_callback_data`, from where it returns in every status.
 */
export const AttemptId = Schema.String.check(Schema.isUUID(7)).pipe(Schema.brand("AttemptId"))
export type AttemptId = typeof AttemptId.Type

/**
 * What is known of an outgoing message when its send is over. `reserved` means that the call may be
 * under way; `held` that Meta accepted it and keeps it for quality assessment; `unknown` that nobody
 * can tell whether it left, and that only Meta's status webhook will.
 */
export const MessageStatus = Schema.Literals(["reserved", "accepted", "held", "failed", "unknown"])
export type MessageStatus = typeof MessageStatus.Type
