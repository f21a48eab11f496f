/** How rows and JSON stand for what the applier knows and says. */
import { DateTime, Schema } from "effect"
import { ConsentSource } from "../../../core/consent/Consent.ts"
import { KeywordOverrides } from "../../../core/consent/Keywords.ts"
import { ContactId } from "../../../core/contact/Contact.ts"
import type { HeldKey } from "../../../core/contact/PersonKeys.ts"
import { ConversationId } from "../../../core/conversation/Conversation.ts"
import { Failure } from "../../../core/failure/Failure.ts"
import { MetaError } from "../../../core/failure/MetaError.ts"
import type {
  KnownContact,
  KnownHealth,
  KnownInstance,
  KnownMessage,
  KnownTemplate,
  ParkedStatus
} from "../../../core/inbound/application/Facts.ts"
import { canonical } from "../../../core/inbound/Json.ts"
import { Source } from "../../../core/inbound/Source.ts"
import { InstanceId, Mode } from "../../../core/instance/Instance.ts"
import { AttemptId, MessageId } from "../../../core/message/Message.ts"
import { DeliveryStatus, Pricing } from "../../../core/message/StatusHistory.ts"
import { Component } from "../../../core/template/Component.ts"
import { TemplateId } from "../../../core/template/Template.ts"

const Time = Schema.DateTimeUtcFromDate
/** Inside of JSON. */
const TimeText = Schema.DateTimeUtcFromString
const Text = Schema.NullOr(Schema.String)

export const iso = (at: DateTime.Utc): string => DateTime.formatIso(at)

const orUndefined = <A>(value: A | null): A | undefined => value ?? undefined

export const PayloadRow = Schema.Struct({
  id: Schema.FiniteFromString,
  source: Source,
  body: Schema.Uint8Array,
  received_at: Time
})

export const InstanceRow = Schema.Struct({
  id: InstanceId,
  mode: Mode,
  phone_number_id: Schema.String,
  waba_id: Schema.String,
  display_number: Text,
  keywords: KeywordOverrides
})

export const toInstance = (row: typeof InstanceRow.Type): KnownInstance => ({
  id: row.id,
  mode: row.mode,
  phoneNumberId: row.phone_number_id,
  wabaId: row.waba_id,
  displayNumber: orUndefined(row.display_number),
  keywords: row.keywords
})

export const MessageRow = Schema.Struct({
  id: MessageId,
  attempt_id: Schema.NullOr(AttemptId),
  instance_id: InstanceId,
  contact_id: ContactId,
  user_ids: Schema.NullOr(Schema.Array(Schema.String)),
  status: Schema.NullOr(Schema.Literals(["accepted", "held", "failed", "unknown"])),
  settled_at: Schema.NullOr(Time),
  failure: Schema.NullOr(Failure),
  wamid: Text,
  heard: Schema.NullOr(
    Schema.Array(
      Schema.Struct({
        status: DeliveryStatus,
        at: TimeText,
        received_at: TimeText,
        errors: Schema.Array(MetaError),
        pricing: Schema.NullOr(Pricing)
      })
    )
  )
})

export const toMessage = (row: typeof MessageRow.Type): KnownMessage => ({
  id: row.id,
  attemptId: orUndefined(row.attempt_id),
  instanceId: row.instance_id,
  contactId: row.contact_id,
  userIds: row.user_ids ?? [],
  wamid: orUndefined(row.wamid),
  outcome:
    row.status === null || row.settled_at === null
      ? undefined
      : { _tag: "Outcome", status: row.status, at: row.settled_at, failure: orUndefined(row.failure) },
  heard: (row.heard ?? []).map(({ at, errors, pricing, received_at, status }) => ({
    _tag: "Status",
    status,
    at,
    receivedAt: received_at,
    errors,
    pricing: orUndefined(pricing)
  }))
})

const KeyRow = Schema.Struct({
  kind: Schema.Literals(["user_id", "phone", "wa_id", "parent_user_id"]),
  value: Schema.String,
  since: TimeText,
  until: Schema.NullOr(TimeText)
})

export const ContactRow = Schema.Struct({
  id: ContactId,
  instance_id: InstanceId,
  number: Text,
  identity_key: Text,
  name: Text,
  username: Text,
  user_id: Text,
  last_inbound_at: Schema.NullOr(Time),
  created_at: Time,
  keys: Schema.NullOr(Schema.Array(KeyRow)),
  consents: Schema.NullOr(
    Schema.Array(Schema.Struct({ intent: Schema.Literals(["opt_out", "opt_in"]), source: ConsentSource, at: TimeText }))
  ),
  aliases: Schema.NullOr(Schema.Array(Schema.Struct({ id: ContactId, identity_key: Text }))),
  open_conversation: Schema.NullOr(ConversationId)
})

export const toContact = (row: typeof ContactRow.Type): KnownContact => ({
  id: row.id,
  instanceId: row.instance_id,
  number: orUndefined(row.number),
  numberIsCurrent: row.identity_key !== null,
  name: orUndefined(row.name),
  username: orUndefined(row.username),
  userId: orUndefined(row.user_id),
  lastInboundAt: orUndefined(row.last_inbound_at),
  createdAt: row.created_at,
  keys: (row.keys ?? []).map(({ until, ...key }): HeldKey => ({ ...key, until: orUndefined(until) })),
  consents: row.consents ?? [],
  aliases: (row.aliases ?? []).map(({ id, identity_key }) => ({ id, identityKey: orUndefined(identity_key) })),
  openConversation: orUndefined(row.open_conversation)
})

export const TemplateRow = Schema.Struct({
  id: TemplateId,
  instance_id: InstanceId,
  name: Schema.String,
  language: Schema.String,
  category: Schema.String,
  status: Schema.String,
  components: Schema.Array(Component),
  quality: Text,
  told_at: Schema.Record(Schema.String, Schema.Finite)
})

export const toTemplate = ({ instance_id, quality, told_at, ...row }: typeof TemplateRow.Type): KnownTemplate => ({
  ...row,
  instanceId: instance_id,
  quality: orUndefined(quality),
  toldAt: told_at
})

export const HealthRow = Schema.Struct({
  instance_id: InstanceId,
  aspect: Schema.String,
  value: Schema.Unknown,
  at: Time
})

export const toHealth = ({ aspect, at, instance_id, value }: typeof HealthRow.Type): KnownHealth => ({
  instanceId: instance_id,
  aspect,
  value: canonical(value),
  at
})

const Keyed = Schema.Struct({
  userId: Schema.optionalKey(Schema.String),
  parentUserId: Schema.optionalKey(Schema.String)
})

/** A parked status as JSON: what of it matters once its message is known. */
const Parked = Schema.Struct({
  wamid: Schema.String,
  status: DeliveryStatus,
  at: TimeText,
  attemptId: Schema.optionalKey(AttemptId),
  recipient: Schema.optionalKey(Keyed),
  pricing: Schema.optionalKey(Pricing),
  errors: Schema.Array(MetaError)
})

export const ParkedRow = Schema.Struct({
  instance_id: InstanceId,
  update: Parked,
  received_at: Time,
  tries: Schema.Finite
})

export const toParked = ({ instance_id, received_at, tries, update }: typeof ParkedRow.Type): ParkedStatus => ({
  instanceId: instance_id,
  receivedAt: received_at,
  tries,
  update: {
    _tag: "Status",
    wamid: update.wamid,
    status: update.status,
    at: update.at,
    attemptId: update.attemptId,
    recipient: update.recipient,
    pricing: update.pricing,
    conversation: undefined,
    errors: update.errors
  }
})

const encodeParked = Schema.encodeSync(Parked)

export const parkedJson = ({ update }: ParkedStatus) =>
  encodeParked({
    wamid: update.wamid,
    status: update.status,
    at: update.at,
    errors: update.errors,
    ...(update.attemptId === undefined ? {} : { attemptId: update.attemptId }),
    ...(update.pricing === undefined ? {} : { pricing: update.pricing }),
    ...(update.recipient === undefined
      ? {}
      : {
          recipient: {
            ...(update.recipient.userId === undefined ? {} : { userId: update.recipient.userId }),
            ...(update.recipient.parentUserId === undefined ? {} : { parentUserId: update.recipient.parentUserId })
          }
        })
  })
