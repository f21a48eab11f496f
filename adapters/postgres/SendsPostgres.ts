import { DateTime, Effect, Layer, Option, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"
import { ContactId } from "../../core/contact/Contact.ts"
import { Failure } from "../../core/failure/Failure.ts"
import { keptFor } from "../../core/message/Idempotency.ts"
import { MessageId, MessageStatus } from "../../core/message/Message.ts"
import {
  ContactGone,
  DirectoryChanged,
  type Earlier,
  KeyTaken,
  type Reservation,
  type Reserved,
  Sends,
  statusOf,
  type Settlement
} from "../../core/message/Sends.ts"
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
  Schema.Struct({ message_id: MessageId, verdict: Schema.Literals(["stale", "contact_gone", "key_taken"]) })
])
const decodeVerdicts = Schema.decodeUnknownEffect(Schema.Array(VerdictRow))

type Refusal = DirectoryChanged | ContactGone | KeyTaken

const refusals: { readonly [verdict: string]: () => Refusal } = {
  stale: () => new DirectoryChanged(),
  contact_gone: () => new ContactGone(),
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

const EarlierRow = Schema.Struct({
  body_hash: Schema.String,
  request_id: Schema.String,
  message_id: MessageId,
  contact_id: ContactId,
  created_at: Schema.DateTimeUtcFromDate,
  status: MessageStatus,
  kind: Schema.Literals(["template", "text", "image", "video", "audio", "document"]),
  wamid: Schema.NullOr(Schema.String),
  failure: Schema.NullOr(Failure)
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
  failure: row.failure ?? undefined
})

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
        const rows = yield* sql`select * from reserve_sends(${input}::json)`.pipe(
          Effect.flatMap(decodeVerdicts),
          orUnavailable
        )
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
        const input = JSON.stringify([...firsts.values()].map(toSettlementRow))
        yield* orUnavailable(sql`select settle_sends(${input}::json)`)
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
          coalesce(o.status, 'reserved') as status, m.kind, o.wamid, o.failure
        from idempotency_key k
        join message m on m.id = k.message_id
        left join outcome o on o.message_id = k.message_id
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
        const rows = yield* orUnavailable(sql`
          with gone as (
            delete from attempt a where a.reserved_at < ${DateTime.toDate(before)}
            returning a.id, a.message_id, a.instance_id
          )
          insert into outcome (attempt_id, message_id, instance_id, status, reason, calls, settled_at)
          select id, message_id, instance_id, 'unknown', 'the process that sent it ended', 0, ${DateTime.toDate(now)}
          from gone
          on conflict do nothing
          returning attempt_id`)
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
