/**
 * What became of a message, as Meta tells it: `value.statuses[]` of the field `messages`.
 *
 * Source: Meta, "Status messages webhook reference"; "Pricing"; "Business-scoped user IDs".
 */
import { type DateTime, Result, Schema } from "effect"
import type { MetaError } from "../failure/MetaError.ts"
import { AttemptId } from "../message/Message.ts"
import { DeliveryStatus, Pricing } from "../message/StatusHistory.ts"
import { fault, type Read, reader } from "./Fault.ts"
import { Id, Seconds } from "./MetaValue.ts"
import { completed, type Directory, numberOf, type Person } from "./Person.ts"
import { ReportedErrors } from "./ReportedError.ts"

/** From version 24 on there is one only where the message is free after a click on an ad. */
const Conversation = Schema.Struct({
  id: Id,
  expiresAt: Schema.optionalKey(Seconds),
  origin: Schema.optionalKey(Schema.Struct({ type: Schema.String }))
}).pipe(Schema.encodeKeys({ expiresAt: "expiration_timestamp" }))

export interface StatusUpdate {
  readonly _tag: "Status"
  readonly wamid: string
  readonly status: DeliveryStatus
  readonly at: DateTime.Utc
  /** The attempt that we told Meta of when we sent; nothing where the message was not sent by us. */
  readonly attemptId: AttemptId | undefined
  readonly recipient: Person | undefined
  readonly pricing: Pricing | undefined
  readonly conversation: typeof Conversation.Type | undefined
  readonly errors: ReadonlyArray<MetaError>
}

const Wire = Schema.Struct({
  id: Id,
  status: Schema.String,
  timestamp: Seconds,
  recipient_id: Schema.optionalKey(Schema.Unknown),
  recipient_user_id: Schema.optionalKey(Id),
  recipient_parent_user_id: Schema.optionalKey(Id),
  recipient_type: Schema.optionalKey(Schema.String),
  group_id: Schema.optionalKey(Schema.Unknown),
  biz_opaque_callback_data: Schema.optionalKey(Schema.Unknown),
  pricing: Schema.optionalKey(Pricing),
  conversation: Schema.optionalKey(Conversation),
  errors: Schema.optionalKey(ReportedErrors)
})

const readWire = reader(Wire)
const isKnown = Schema.is(DeliveryStatus)
const isAttemptId = Schema.is(AttemptId)

export const readStatus = (item: unknown, directory: Directory, alone: boolean): Read<StatusUpdate> =>
  Result.flatMap(readWire(item), (wire) => {
    const { biz_opaque_callback_data: attemptId, status } = wire
    if (wire.recipient_type === "group" || wire.group_id !== undefined) return fault("group")
    if (!isKnown(status)) return fault("unknown_status", status)
    const shown = {
      waId: numberOf(wire.recipient_id),
      userId: wire.recipient_user_id,
      parentUserId: wire.recipient_parent_user_id
    }
    return Result.succeed({
      _tag: "Status",
      wamid: wire.id,
      status,
      at: wire.timestamp,
      attemptId: isAttemptId(attemptId) ? attemptId : undefined,
      recipient: completed(shown, directory, alone),
      pricing: wire.pricing,
      conversation: wire.conversation,
      errors: wire.errors ?? []
    })
  })
