/** Messages in full, by their ids: what the rows of many tables tell of each. */
import { Effect, Schema } from "effect"
import type { SqlClient, SqlError } from "effect/sql"
import { CampaignId } from "../../../core/campaign/Campaign.ts"
import { ContactId } from "../../../core/contact/Contact.ts"
import { ConversationId, QueueId, StatusId } from "../../../core/conversation/Conversation.ts"
import { Failure } from "../../../core/failure/Failure.ts"
import { MetaError } from "../../../core/failure/MetaError.ts"
import { Content } from "../../../core/inbound/Content.ts"
import { Context, Referral } from "../../../core/inbound/InboundMessage.ts"
import { InstanceId } from "../../../core/instance/Instance.ts"
import { MediaState } from "../../../core/media/MediaFile.ts"
import { MessageId } from "../../../core/message/Message.ts"
import { type IncomingDetail, type MessageDetail, outgoing, type Place } from "../../../core/message/MessageDetail.ts"
import { DeliveryStatus, Pricing, type StatusEvent } from "../../../core/message/StatusHistory.ts"
import { TemplateId } from "../../../core/template/Template.ts"

const Text = Schema.NullOr(Schema.String)
const Time = Schema.DateTimeUtcFromDate

const placed = {
  id: MessageId,
  instance_id: InstanceId,
  contact_id: ContactId,
  conversation_id: Schema.NullOr(ConversationId),
  queue_id: Schema.NullOr(QueueId),
  status_id: Schema.NullOr(StatusId),
  open: Schema.Boolean
}

const OutgoingRow = Schema.Struct({
  ...placed,
  kind: Schema.Literals(["template", "text", "image", "video", "audio", "document"]),
  text: Schema.String,
  media_url: Text,
  template_id: Schema.NullOr(TemplateId),
  campaign_id: Schema.NullOr(CampaignId),
  status: Schema.NullOr(Schema.Literals(["accepted", "held", "failed", "unknown"])),
  wamid: Text,
  failure: Schema.NullOr(Failure),
  reason: Text,
  calls: Schema.NullOr(Schema.Int),
  settled_at: Schema.NullOr(Time)
})

const HeardRow = Schema.Struct({
  message_id: MessageId,
  status: DeliveryStatus,
  at: Time,
  received_at: Time,
  wamid: Schema.String,
  errors: Schema.Array(MetaError),
  pricing: Schema.NullOr(Pricing)
})

const IncomingRow = Schema.Struct({
  ...placed,
  wamid: Schema.String,
  text: Schema.String,
  content: Content,
  context: Schema.NullOr(Context),
  referral: Schema.NullOr(Referral),
  errors: Schema.Array(MetaError),
  at: Time,
  received_at: Time,
  name: Text,
  number: Text,
  user_id: Text,
  username: Text,
  media_state: Schema.NullOr(MediaState),
  mime_type: Text,
  filename: Text,
  size: Schema.NullOr(Schema.Number)
})

const decodeOutgoing = Schema.decodeUnknownEffect(Schema.Array(OutgoingRow))
const decodeHeard = Schema.decodeUnknownEffect(Schema.Array(HeardRow))
const decodeIncoming = Schema.decodeUnknownEffect(Schema.Array(IncomingRow))

const placeOf = (
  row: Pick<typeof OutgoingRow.Type, "conversation_id" | "queue_id" | "status_id" | "open">
): Place | undefined =>
  row.conversation_id === null
    ? undefined
    : {
        id: row.conversation_id,
        queueId: row.queue_id ?? undefined,
        statusId: row.status_id ?? undefined,
        open: row.open
      }

type Heard = StatusEvent & { readonly wamid: string }

const toHeard = ({ at, errors, pricing, received_at, status, wamid }: typeof HeardRow.Type): Heard => ({
  _tag: "Status",
  status,
  at,
  receivedAt: received_at,
  errors,
  pricing: pricing ?? undefined,
  wamid
})

const toOutgoing = (row: typeof OutgoingRow.Type, heard: ReadonlyArray<Heard>): MessageDetail =>
  outgoing({
    id: row.id,
    instanceId: row.instance_id,
    contactId: row.contact_id,
    conversation: placeOf(row),
    kind: row.kind,
    text: row.text,
    mediaUrl: row.media_url ?? undefined,
    templateId: row.template_id ?? undefined,
    campaignId: row.campaign_id ?? undefined,
    settled:
      row.status === null || row.settled_at === null
        ? undefined
        : {
            event: { _tag: "Outcome", status: row.status, at: row.settled_at, failure: row.failure ?? undefined },
            wamid: row.wamid ?? undefined,
            calls: row.calls ?? 0,
            reason: row.reason ?? undefined
          },
    heard
  })

const toIncoming = (row: typeof IncomingRow.Type): IncomingDetail => ({
  _tag: "Incoming",
  id: row.id,
  instanceId: row.instance_id,
  contactId: row.contact_id,
  conversation: placeOf(row),
  wamid: row.wamid,
  text: row.text,
  content: row.content,
  context: row.context ?? undefined,
  referral: row.referral ?? undefined,
  errors: row.errors,
  at: row.at,
  receivedAt: row.received_at,
  from: {
    name: row.name ?? undefined,
    number: row.number ?? undefined,
    userId: row.user_id ?? undefined,
    username: row.username ?? undefined
  },
  media:
    row.media_state === null
      ? undefined
      : {
          state: row.media_state,
          mimeType: row.mime_type ?? undefined,
          filename: row.filename ?? undefined,
          size: row.size ?? undefined
        }
})

/** Those of the instance, by their ids; of others nothing. */
export const load =
  (sql: SqlClient.SqlClient) =>
  (
    instanceId: InstanceId,
    ids: ReadonlyArray<MessageId>
  ): Effect.Effect<ReadonlyMap<MessageId, MessageDetail>, SqlError.SqlError | Schema.SchemaError> => {
    if (ids.length === 0) return Effect.succeed(new Map())
    const place = sql`m.conversation_id, v.queue_id, v.status_id, coalesce(v.closed_at is null, false) as open`

    const ours = sql`
      select m.id, m.instance_id, coalesce(c.merged_into, m.contact_id) as contact_id, ${place},
        m.kind, m.text, m.media_url, m.template_id, m.campaign_id,
        o.status, o.wamid, o.failure, o.reason, o.calls, o.settled_at
      from message m
      left join contact c on c.id = m.contact_id
      left join conversation v on v.id = m.conversation_id
      left join outcome o on o.message_id = m.id
      where m.id = any (${ids}::uuid[]) and m.instance_id = ${instanceId}`

    const heard = sql`
      select message_id, status, at, received_at, wamid, errors, pricing
      from message_status where message_id = any (${ids}::uuid[])
      order by message_id, received_at, at`

    const theirs = sql`
      select m.id, m.instance_id, s.id as contact_id, ${place},
        m.wamid, m.text, m.content, m.context, m.referral, m.errors, m.at, m.received_at,
        s.name, s.number, s.user_id, s.username,
        f.state as media_state, f.mime_type, f.filename, f.size::float8 as size
      from inbound_message m
      join contact c on c.id = m.contact_id
      join contact s on s.id = coalesce(c.merged_into, c.id)
      left join conversation v on v.id = m.conversation_id
      left join media_file f on f.message_id = m.id
      where m.id = any (${ids}::uuid[]) and m.instance_id = ${instanceId}`

    return Effect.gen(function* () {
      const [own, told, received] = yield* Effect.all(
        [
          Effect.flatMap(ours, decodeOutgoing),
          Effect.flatMap(heard, decodeHeard),
          Effect.flatMap(theirs, decodeIncoming)
        ],
        { concurrency: "unbounded" }
      )
      const byMessage = Map.groupBy(told, ({ message_id }) => message_id)
      return new Map<MessageId, MessageDetail>([
        ...own.map((row) => [row.id, toOutgoing(row, (byMessage.get(row.id) ?? []).map(toHeard))] as const),
        ...received.map((row) => [row.id, toIncoming(row)] as const)
      ])
    })
  }
