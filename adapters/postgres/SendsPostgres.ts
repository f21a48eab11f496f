import { DateTime, Effect, Layer, Option, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"
import { ContactId } from "../../core/contact/Contact.ts"
import { Failure } from "../../core/failure/Failure.ts"
import { MetaError } from "../../core/failure/MetaError.ts"
import { keptFor } from "../../core/message/Idempotency.ts"
import { MessageId, MessageStatus } from "../../core/message/Message.ts"
import {
  ContactGone,
  DirectoryChanged,
  type Earlier,
  KeyTaken,
  OptedOut,
  type Reservation,
  type Reserved,
  Sends,
  statusOf,
  type Settlement
} from "../../core/message/Sends.ts"
import { failureOf } from "../../core/message/StatusHistory.ts"
import type { Unavailable } from "../../core/Unavailable.ts"
import * as Batch from "./Batch.ts"
import { orUnavailable } from "./unavailable.ts"

const iso = (at: DateTime.Utc): string => DateTime.formatIso(at)

/** One element of the array that `reserve_sends` takes. */
const toReservationRow = (send: Reservation) => {
  const { idempotency, recipient, record } = send
  const number = recipient._tag === "Number" ? recipient : undefined
  return {
    message_id: send.messageId,
    attempt_id: send.attemptId,
    instance_id: send.instanceId,
    revision: send.revision,
    marketing: send.marketing,
    contact_id: recipient._tag === "Known" ? recipient.contactId : undefined,
    number: number?.number,
    identity_key: number?.identityKey,
    contact_name: number?.name,
    queue_id: send.queueId,
    status_id: send.statusId,
    kind: record.kind,
    text: record.text,
    media_url: record.mediaUrl,
    template_id: record.templateId,
    campaign_id: record.campaignId,
    variables: record.variables,
    key_path: idempotency?.path,
    key: idempotency?.key,
    key_body_hash: idempotency?.bodyHash,
    key_request_id: idempotency?.requestId,
    keys_expired_at: idempotency === undefined ? undefined : iso(DateTime.subtractDuration(send.at, keptFor)),
    reserved_at: iso(send.at)
  }
}

const VerdictRow = Schema.Union([
  Schema.Struct({
    message_id: MessageId,
    verdict: Schema.tag("reserved"),
    contact_id: ContactId,
    moves: Schema.Boolean
  }),
  Schema.Struct({
    message_id: MessageId,
    verdict: Schema.Literals(["stale", "contact_gone", "opted_out", "key_taken"])
  })
])
const decodeVerdicts = Schema.decodeUnknownEffect(Schema.Array(VerdictRow))

type Refusal = DirectoryChanged | ContactGone | OptedOut | KeyTaken

const refusals: { readonly [verdict: string]: () => Refusal } = {
  stale: () => new DirectoryChanged(),
  contact_gone: () => new ContactGone(),
  opted_out: () => new OptedOut(),
  key_taken: () => new KeyTaken()
}

const encodeFailure = Schema.encodeSync(Failure)

/** One element of the array that `settle_sends` takes. */
const toSettlementRow = ({ outcome, ...send }: Settlement) => ({
  message_id: send.messageId,
  attempt_id: send.attemptId,
  status: statusOf(outcome),
  wamid: outcome._tag === "Accepted" ? outcome.wamid : undefined,
  wa_id: outcome._tag === "Accepted" ? outcome.waId : undefined,
  failure: outcome._tag === "Failed" ? encodeFailure(outcome.failure) : undefined,
  reason: outcome._tag === "Unknown" ? outcome.reason : undefined,
  frees_key: outcome._tag === "Failed" && !outcome.final,
  calls: send.calls,
  contact_name: send.contactName,
  queue_id: send.queueId,
  status_id: send.statusId,
  settled_at: iso(send.at)
})

const byAttempt = (one: Settlement, other: Settlement): number => (one.attemptId < other.attemptId ? -1 : 1)

const EarlierRow = Schema.Struct({
  body_hash: Schema.String,
  request_id: Schema.String,
  message_id: MessageId,
  contact_id: ContactId,
  created_at: Schema.DateTimeUtcFromDate,
  status: MessageStatus,
  kind: Schema.Literals(["template", "text", "image", "video", "audio", "document"]),
  wamid: Schema.NullOr(Schema.String),
  failure: Schema.NullOr(Failure),
  errors: Schema.NullOr(Schema.Array(MetaError))
})

const toEarlier = (row: typeof EarlierRow.Type): Earlier => ({
  bodyHash: row.body_hash,
  requestId: row.request_id,
  messageId: row.message_id,
  contactId: row.contact_id,
  reservedAt: row.created_at,
  status: row.status,
  kind: row.kind,
  wamid: row.wamid ?? undefined,
  failure: row.failure ?? (row.errors?.[0] === undefined ? undefined : failureOf(row.errors[0]))
})

/** From as many rows on the functions that work on sets are the faster ones. */
const many = 10

/** Rows removed by one statement, so that a long-neglected table is tidied without long locks. */
const tidyingBatch = 10_000

export const layer = Layer.effect(
  Sends,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient

    const reserve = yield* Batch.make<Reservation, Reserved, Refusal | Unavailable, never>({
      size: 256,
      lanes: 2,
      run: Effect.fnUntraced(function* (sends) {
        const input = JSON.stringify(sends.map(toReservationRow))
        const keyed = sends.some(({ idempotency }) => idempotency !== undefined)
        const statement =
          sends.length < many
            ? sql`select * from reserve_few(${input}::json, ${keyed})`
            : sql`select * from reserve_sends(${input}::json)`
        const rows = yield* statement.pipe(Effect.flatMap(decodeVerdicts), orUnavailable)
        const verdicts = new Map(rows.map((row) => [row.message_id, row]))
        return sends.map((send) => {
          const row = verdicts.get(send.messageId)
          if (row === undefined) return Effect.die(`no verdict on message ${send.messageId}`)
          return row.verdict === "reserved"
            ? Effect.succeed({ contactId: row.contact_id, moves: row.moves })
            : Effect.fail((refusals[row.verdict] ?? (() => new DirectoryChanged()))())
        })
      })
    })

    const settle = yield* Batch.make<Settlement, void, Unavailable, never>({
      size: 256,
      lanes: 2,
      run: Effect.fnUntraced(function* (sends) {
        // Of what is told of one attempt in one batch the first counts, as between batches.
        const firsts = new Map(sends.toReversed().map((send) => [send.attemptId, send]))
        // Attempts that somebody else settles too are locked in one order by all.
        const inOrder = [...firsts.values()].toSorted(byAttempt)
        const input = JSON.stringify(inOrder.map(toSettlementRow))
        yield* orUnavailable(
          firsts.size < many ? sql`select settle_few(${input}::json)` : sql`select settle_sends(${input}::json)`
        )
        return sends.map(() => Effect.void)
      })
    })

    const earlier = SqlSchema.findOneOption({
      Request: Schema.Struct({
        instanceId: Schema.Int,
        path: Schema.String,
        key: Schema.String,
        notBefore: Schema.DateTimeUtcFromDate
      }),
      Result: EarlierRow,
      execute: ({ instanceId, key, notBefore, path }) => sql`
        select k.body_hash, k.request_id, k.message_id, k.contact_id, k.created_at,
          coalesce(o.status, 'reserved') as status, m.kind, coalesce(o.wamid, s.wamid) as wamid, o.failure,
          case when s.status = 'failed' then (
            select h.errors from message_status h where h.message_id = s.message_id and h.status = 'failed' order by h.at limit 1
          ) end as errors
        from idempotency_key k
        join message m on m.id = k.message_id
        left join outcome o on o.message_id = k.message_id
        -- Asked only of what our own call did not tell.
        left join message_state s on s.message_id = k.message_id and coalesce(o.status, 'unknown') = 'unknown'
        where k.instance_id = ${instanceId} and k.path = ${path} and k.key = ${key} and k.created_at >= ${notBefore}`
    })

    return Sends.of({
      reserve,
      settle,

      earlier: Effect.fnUntraced(function* (instanceId, path, key, now) {
        const notBefore = DateTime.subtractDuration(now, keptFor)
        return Option.map(yield* orUnavailable(earlier({ instanceId, path, key, notBefore })), toEarlier)
      }),

      abandon: Effect.fnUntraced(function* (before, now) {
        // What Meta has told of, it had accepted.
        const rows = yield* orUnavailable(sql`
          with due as (
            -- In the order in which whoever settles them locks them, too.
            select a.id from attempt a where a.reserved_at < ${DateTime.toDate(before)} order by a.id for update
          ), gone as (
            delete from attempt a using due d where a.id = d.id
            returning a.id, a.message_id, a.instance_id
          ), kept as (
            insert into outcome (attempt_id, message_id, instance_id, status, wamid, reason, calls, settled_at)
            select g.id, g.message_id, g.instance_id, case when s.wamid is null then 'unknown' else 'accepted' end, s.wamid,
              case when s.wamid is null then 'the process that sent it ended' end, 0, ${DateTime.toDate(now)}
            from gone g
            left join message_state s on s.message_id = g.message_id
            on conflict do nothing
            returning attempt_id, message_id, instance_id, status, settled_at
          ), told as (
            insert into event (id, instance_id, type, at, message_id)
            select event_id(message_id, status), instance_id, 'message.' || status, settled_at, message_id from kept
          )
          select attempt_id from kept`)
        return rows.length
      }),

      forgetKeys: Effect.fnUntraced(function* (before) {
        const rows = yield* orUnavailable(sql`
          delete from idempotency_key where ctid = any (array(
            select ctid from idempotency_key where created_at < ${DateTime.toDate(before)} limit ${tidyingBatch}
          )) returning 1`)
        return rows.length
      })
    })
  })
)
