/** What waits for the applier: payloads, and statuses whose message was not known. */
import { DateTime, Duration, Effect, Schema } from "effect"
import type { SqlClient } from "effect/sql"
import type { ParkedStatus } from "../../../core/inbound/application/Facts.ts"
import * as rows from "./rows.ts"

/** Payloads and bytes of one transaction: short enough for a send never to notice it. */
const payloadsAtOnce = 400
const bytesAtOnce = 1_000_000

/** Parked statuses that are looked for again with them. */
const parkedAtOnce = 200

/** What cannot be applied as far as anybody knows is not looked at all the time. */
const postponement = Duration.hours(1)

export type Payload = typeof rows.PayloadRow.Type

/** What of the waiting a transaction takes on: all that it can, or one of what failed together. */
export type Share =
  | { readonly _tag: "All" }
  | { readonly _tag: "Payload"; readonly payload: Payload }
  | { readonly _tag: "Parked" }

const decodePayloads = Schema.decodeUnknownEffect(Schema.Array(rows.PayloadRow))
const decodeParked = Schema.decodeUnknownEffect(Schema.Array(rows.ParkedRow))

/** The oldest first; they wait until they are `done`. */
export const payloads = (sql: SqlClient.SqlClient, share: Share) =>
  share._tag === "Parked"
    ? Effect.succeed<ReadonlyArray<Payload>>([])
    : sql`
      select id::text as id, source, body, received_at from (
        select i.id, i.source, i.body, i.received_at,
          sum(octet_length(i.body)) over (order by i.id) - octet_length(i.body) as before
        from (
          select inbox_id from inbox_pending
          where ${share._tag === "Payload" ? sql`inbox_id = ${share.payload.id}::bigint` : sql`true`}
          order by inbox_id limit ${payloadsAtOnce}
        ) p
        join inbox i on i.id = p.inbox_id
      ) i
      where before < ${bytesAtOnce} order by id`.pipe(Effect.flatMap(decodePayloads))

export const done = (sql: SqlClient.SqlClient, payloads: ReadonlyArray<Payload>) =>
  payloads.length === 0
    ? Effect.void
    : sql`delete from inbox_pending where inbox_id = any (${payloads.map(({ id }) => id)}::bigint[])`

const due = (sql: SqlClient.SqlClient, now: DateTime.Utc, count: number) => sql`array(
  select ctid from parked_status where next_at <= ${DateTime.toDate(now)} order by next_at, ctid limit ${count}
)`

/** Taken out: whoever still knows no message of theirs parks them again. To be read by `readParked`. */
export const parked = (sql: SqlClient.SqlClient, share: Share, now: DateTime.Utc) =>
  share._tag === "Payload"
    ? Effect.succeed([])
    : sql`
      delete from parked_status where ctid = any (${due(sql, now, share._tag === "Parked" ? 1 : parkedAtOnce)})
      returning instance_id, update, received_at, tries`

export const readParked = (found: ReadonlyArray<unknown>) =>
  Effect.map(decodeParked(found), (read): ReadonlyArray<ParkedStatus> => read.map(rows.toParked))

/** The parked status that is next looks again later. */
export const postpone = (sql: SqlClient.SqlClient, now: DateTime.Utc) => {
  const later = DateTime.toDate(DateTime.addDuration(now, postponement))
  return sql`update parked_status set next_at = ${later} where ctid = any (${due(sql, now, 1)})`
}
