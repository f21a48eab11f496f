import { DateTime, Effect, Layer, Option, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"
import type { SqlError } from "effect/sql/SqlError"
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

/** One element of the array that `reserve_known` and `reserve_sends` take. */
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

const ReservedRow = Schema.Struct({ message_id: MessageId, contact_id: ContactId, moves: Schema.Boolean })
const VerdictRow = Schema.Union([
  Schema.Struct({ ...ReservedRow.fields, verdict: Schema.tag("reserved") }),
  Schema.Struct({
    message_id: MessageId,
    verdict: Schema.Literals(["stale", "contact_gone", "opted_out", "key_taken"])
  })
])
const decodeReserved = Schema.decodeUnknownEffect(Schema.Array(ReservedRow))
const decodeVerdicts = Schema.decodeUnknownEffect(Schema.Array(VerdictRow))

type Refusal = DirectoryChanged | ContactGone | OptedOut | KeyTaken

const refusals = {
  stale: () => new DirectoryChanged(),
  contact_gone: () => new ContactGone(),
  opted_out: () => new OptedOut(),
  key_taken: () => new KeyTaken()
} as const

const toReserved = (row: typeof ReservedRow.Type): Reserved => ({ contactId: row.contact_id, moves: row.moves })

const toVerdict = (row: typeof VerdictRow.Type): Effect.Effect<Reserved, Refusal> =>
  row.verdict === "reserved" ? Effect.succeed(toReserved(row)) : Effect.fail(refusals[row.verdict]())

/** What only changes that Meta has the message: no key, no name, no place. */
const isPlain = ({ contactName, outcome, queueId }: Settlement): boolean =>
  outcome._tag === "Accepted" && contactName === undefined && queueId === undefined

const encodeFailure = Schema.encodeSync(Failure)

/** One element of the array that `settle_accepted` and `settle_sends` take. */
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

/**
 * Requests wait at three places, so half of those under way are seldom at one. Measured with 256 sends at once in two
 * processes: 1.07 to 1.11 times as many a second as with 32; with 64 the same or a little more.
 */
const batches = { size: 256, enough: 64, lanes: 2 }

/** A row that is there already: the statement for plain cases has changed nothing, and the one for all cases knows what to do. */
const isThere = (error: SqlError): boolean => error.reason._tag === "UniqueViolation"

/** Rows removed by one statement, so that a long-neglected table is tidied without long locks. */
const tidyingBatch = 10_000

export const layer = Layer.effect(
  Sends,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient

    const reserveKnown = (sends: ReadonlyArray<Reservation>) => {
      const input = JSON.stringify(sends.map(toReservationRow))
      const statement = sends.some(({ idempotency }) => idempotency !== undefined)
        ? sql`select * from reserve_known_keyed(${input}::json)`
        : sql`select * from reserve_known(${input}::json)`
      return statement.pipe(
        Effect.catchIf(isThere, () => Effect.succeed([])),
        Effect.flatMap(decodeReserved)
      )
    }

    const reserveAny = (sends: ReadonlyArray<Reservation>) =>
      Effect.flatMap(
        sql`select * from reserve_sends(${JSON.stringify(sends.map(toReservationRow))}::json)`,
        decodeVerdicts
      )

    const reserve = yield* Batch.make<Reservation, Reserved, Refusal | Unavailable, never>({
      ...batches,
      run: Effect.fnUntraced(function* (sends) {
        const known = yield* orUnavailable(reserveKnown(sends))
        const verdicts = new Map<MessageId, Effect.Effect<Reserved, Refusal>>(
          known.map((row) => [row.message_id, Effect.succeed(toReserved(row))])
        )
        const others = sends.filter(({ messageId }) => !verdicts.has(messageId))
        if (others.length > 0) {
          for (const row of yield* orUnavailable(reserveAny(others))) verdicts.set(row.message_id, toVerdict(row))
        }
        return sends.map(({ messageId }) => verdicts.get(messageId) ?? Effect.die(`no verdict on message ${messageId}`))
      })
    })

    const settleAny = (sends: ReadonlyArray<Settlement>) =>
      sql`select settle_sends(${JSON.stringify(sends.map(toSettlementRow))}::json)`

    const settlePlain = (sends: ReadonlyArray<Settlement>) =>
      Effect.catchIf(sql`select settle_accepted(${JSON.stringify(sends.map(toSettlementRow))}::json)`, isThere, () =>
        settleAny(sends)
      )

    const settle = yield* Batch.make<Settlement, void, Unavailable, never>({
      ...batches,
      run: Effect.fnUntraced(function* (sends) {
        // Of what is told of one attempt in one batch the first counts, as between batches.
        const firsts = new Map(sends.toReversed().map((send) => [send.attemptId, send]))
        // Attempts that somebody else settles too are locked in one order by all.
        const inOrder = [...firsts.values()].toSorted(byAttempt)
        const plain = inOrder.filter(isPlain)
        const others = inOrder.filter((send) => !isPlain(send))
        if (plain.length > 0) yield* orUnavailable(settlePlain(plain))
        if (others.length > 0) yield* orUnavailable(settleAny(others))
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
