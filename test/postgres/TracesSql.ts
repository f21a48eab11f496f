import { Effect, Layer, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { ConsentSource } from "../../core/consent/Consent.ts"
import { ContactId } from "../../core/contact/Contact.ts"
import { ConversationId } from "../../core/conversation/Conversation.ts"
import { EventType } from "../../core/event/Event.ts"
import { MetaError } from "../../core/failure/MetaError.ts"
import { Content } from "../../core/inbound/Content.ts"
import { Context, Referral } from "../../core/inbound/InboundMessage.ts"
import { canonical } from "../../core/inbound/Json.ts"
import { InstanceId } from "../../core/instance/Instance.ts"
import { MessageId } from "../../core/message/Message.ts"
import { DeliveryStatus, Pricing } from "../../core/message/StatusHistory.ts"
import { Traces } from "../contract/Traces.ts"

const Time = Schema.DateTimeUtcFromDate
const TimeText = Schema.DateTimeUtcFromString
const Text = Schema.NullOr(Schema.String)
const Errors = Schema.Array(MetaError)

const orUndefined = <A>(value: A | null | undefined): A | undefined => value ?? undefined

const rows =
  <A, I>(schema: Schema.Codec<A, I>) =>
  (statement: Effect.Effect<ReadonlyArray<unknown>, unknown>): Effect.Effect<ReadonlyArray<A>> =>
    statement.pipe(Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(schema))), Effect.orDie)

const events = rows(
  Schema.Struct({
    id: Schema.String,
    instance_id: InstanceId,
    type: EventType,
    at: Time,
    message_id: Schema.NullOr(MessageId),
    contact_id: Schema.NullOr(ContactId),
    data: Schema.NullOr(Schema.Record(Schema.String, Schema.Unknown))
  })
)

const statuses = rows(
  Schema.Struct({
    status: DeliveryStatus,
    at: Time,
    received_at: Time,
    wamid: Schema.String,
    errors: Errors,
    pricing: Schema.NullOr(Pricing)
  })
)

const states = rows(
  Schema.Struct({
    status: Schema.Literals(["reserved", "unknown", "held", "accepted", ...DeliveryStatus.literals]),
    wamid: Schema.String,
    at: Time
  })
)

const inbound = rows(
  Schema.Struct({
    id: MessageId,
    instance_id: InstanceId,
    contact_id: ContactId,
    conversation_id: ConversationId,
    wamid: Schema.String,
    text: Schema.String,
    content: Content,
    context: Schema.NullOr(Context),
    referral: Schema.NullOr(Referral),
    errors: Errors,
    at: Time,
    received_at: Time
  })
)

const people = rows(
  Schema.Struct({
    id: Schema.Int,
    number: Text,
    name: Text,
    username: Text,
    user_id: Text,
    last_inbound_at: Schema.NullOr(Time),
    marketing_opt_out_at: Schema.NullOr(Time),
    merged_into: Schema.NullOr(Schema.Int),
    keys: Schema.Array(
      Schema.Struct({
        kind: Schema.Literals(["user_id", "phone", "wa_id", "parent_user_id"]),
        value: Schema.String,
        since: TimeText,
        until: Schema.NullOr(TimeText)
      })
    ),
    consents: Schema.Array(
      Schema.Struct({ intent: Schema.Literals(["opt_out", "opt_in"]), source: ConsentSource, at: TimeText })
    )
  })
)

const health = rows(Schema.Struct({ aspect: Schema.String, value: Schema.Unknown, at: Time }))
const files = rows(Schema.Struct({ meta_id: Schema.String, kind: Schema.String, mime_type: Text, filename: Text }))
const texts = rows(Schema.Struct({ text: Text }))
const counts = rows(Schema.Struct({ count: Schema.Int }))

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

export const layer = Layer.effect(
  Traces,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    let refused = 0

    return Traces.of({
      events: (instanceId) =>
        Effect.map(
          events(sql`
            select id, instance_id, type, at, message_id, contact_id, data
            from event where instance_id = ${instanceId} order by tx, seq`),
          (found) =>
            found.map(({ contact_id, data, instance_id, message_id, ...event }) => ({
              ...event,
              instanceId: instance_id,
              messageId: orUndefined(message_id),
              contactId: orUndefined(contact_id),
              data: orUndefined(data)
            }))
        ),

      heard: Effect.fnUntraced(function* (id) {
        const told = yield* statuses(sql`
          select status, at, received_at, wamid, errors, pricing
          from message_status where message_id = ${id} order by at, status`)
        const [state] = yield* states(sql`select status, wamid, at from message_state where message_id = ${id}`)
        return {
          statuses: told.map(({ pricing, received_at, ...status }) => ({
            _tag: "Status" as const,
            ...status,
            receivedAt: received_at,
            pricing: orUndefined(pricing)
          })),
          state
        }
      }),

      inbound: (instanceId) =>
        Effect.map(
          inbound(sql`
            select id, instance_id, contact_id, conversation_id, wamid, text, content, context, referral, errors, at, received_at
            from inbound_message where instance_id = ${instanceId} order by id`),
          (found) =>
            found.map((row) => ({
              id: row.id,
              instanceId: row.instance_id,
              contactId: row.contact_id,
              conversationId: row.conversation_id,
              wamid: row.wamid,
              text: row.text,
              content: row.content,
              context: orUndefined(row.context),
              referral: orUndefined(row.referral),
              errors: row.errors,
              at: row.at,
              receivedAt: row.received_at
            }))
        ),

      file: (id) =>
        Effect.map(
          files(sql`select meta_id, kind, mime_type, filename from media_file where message_id = ${id}`),
          ([row]) =>
            row === undefined
              ? undefined
              : {
                  metaId: row.meta_id,
                  kind: row.kind,
                  mimeType: orUndefined(row.mime_type),
                  filename: orUndefined(row.filename)
                }
        ),

      people: (instanceId) =>
        Effect.map(
          people(sql`
            select c.id, c.number, c.name, c.username, c.user_id, c.last_inbound_at, c.marketing_opt_out_at, c.merged_into,
              coalesce((
                select json_agg(json_build_object('kind', k.kind, 'value', k.value, 'since', k.since, 'until', k.until)
                  order by k.kind, k.value, k.since)
                from contact_key k where k.contact_id = c.id
              ), '[]') as keys,
              coalesce((
                select json_agg(json_build_object('intent', t.intent, 'source', t.source, 'at', t.at) order by t.at)
                from contact_consent t where t.contact_id = c.id
              ), '[]') as consents
            from contact c where c.instance_id = ${instanceId} order by c.id`),
          (found) =>
            found.map((row) => ({
              id: row.id,
              number: orUndefined(row.number),
              name: orUndefined(row.name),
              username: orUndefined(row.username),
              userId: orUndefined(row.user_id),
              lastInboundAt: orUndefined(row.last_inbound_at),
              optedOut: row.marketing_opt_out_at !== null,
              keys: row.keys.map(({ until, ...key }) => ({ ...key, until: orUndefined(until) })),
              consents: row.consents,
              mergedInto: orUndefined(row.merged_into)
            }))
        ),

      health: (instanceId) =>
        Effect.map(
          health(sql`
            select aspect, value, at from instance_health where instance_id = ${instanceId} order by aspect collate "C"`),
          (found) => found.map(({ aspect, at, value }) => ({ aspect, value: canonical(value), at }))
        ),

      quality: (id) =>
        Effect.map(texts(sql`select quality as text from template where id = ${id}`), ([row]) =>
          orUndefined(row?.text)
        ),

      parked: (instanceId) =>
        Effect.map(
          counts(sql`select count(*)::int as count from parked_status where instance_id = ${instanceId}`),
          ([row]) => row?.count ?? 0
        ),

      displayNumber: (instanceId) =>
        Effect.map(texts(sql`select display_number as text from instance where id = ${instanceId}`), ([row]) =>
          orUndefined(row?.text)
        ),

      refuse: Effect.fnUntraced(function* (text) {
        const name = `refused_${++refused}`
        yield* sql.unsafe(
          `alter table inbound_message add constraint ${name} check (text <> ${quoted(text)}) not valid`
        )
        yield* sql.unsafe(
          `alter table message_status add constraint ${name} check (wamid <> ${quoted(text)}) not valid`
        )
      }, Effect.orDie)
    })
  })
)
