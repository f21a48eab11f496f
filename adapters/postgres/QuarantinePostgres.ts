import { Array, Effect, Layer, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"
import type { Fragment } from "effect/sql/Statement"
import { Reason } from "../../core/inbound/Fault.ts"
import { Quarantine, QuarantineId, SetAside, shownLength } from "../../core/inbound/Quarantine.ts"
import { Source } from "../../core/inbound/Source.ts"
import { orUnavailable } from "./unavailable.ts"

const SetAsideRow = Schema.Struct({
  id: QuarantineId,
  source: Source,
  reason: Reason,
  detail: Schema.OptionFromNullOr(Schema.String),
  path: Schema.String,
  raw: Schema.String,
  received_at: Schema.DateTimeUtcFromDate,
  set_aside_at: Schema.DateTimeUtcFromDate
})

const toSetAside = ({ received_at, set_aside_at, ...row }: typeof SetAsideRow.Type) =>
  new SetAside({ ...row, receivedAt: received_at, setAsideAt: set_aside_at })

const decodeLast = Schema.decodeUnknownEffect(Schema.Tuple([Schema.Struct({ id: Schema.Int })]))

/** Moved by one statement; the payloads may be large. */
const batch = 100

export const layer = Layer.effect(
  Quarantine,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient

    // `float8`, for the driver makes a bigint of an `int8`; ids stay below 2^53.
    const list = SqlSchema.findAll({
      Request: Schema.Struct({ before: Schema.NullOr(QuarantineId), limit: Schema.Int }),
      Result: SetAsideRow,
      execute: ({ before, limit }) => sql`
        select id::float8 as id, source, reason, detail, path, left(raw, ${shownLength}) as raw, received_at, set_aside_at
        from quarantine
        where ${before === null ? sql`true` : sql`id < ${before}`}
        order by id desc
        limit ${limit}`
    })

    const last = sql`select coalesce(max(id), 0)::float8 as id from quarantine`.pipe(
      Effect.flatMap(decodeLast),
      Effect.map(([{ id }]) => id),
      orUnavailable
    )

    /** Whoever else has some of them in hand moves those. */
    const move = (chosen: Fragment) =>
      sql`
        with chosen as materialized (
          select id from quarantine where ${chosen} order by id limit ${batch} for update skip locked
        ), gone as (
          delete from quarantine q using chosen where q.id = chosen.id
          returning q.id, q.source, q.payload, q.received_at
        ), kept as (
          insert into inbox (source, body, received_at)
          select source, convert_to(payload, 'UTF8'), received_at from gone order by id
          returning id
        ), pending as (
          insert into inbox_pending (inbox_id) select id from kept
        )
        select 1 from gone`.pipe(
        Effect.map(({ length }) => length),
        orUnavailable
      )

    /** What is set aside again meanwhile has later ids. */
    const retryAll = Effect.gen(function* () {
      const upTo = yield* last
      let moved = 0
      let latest: number
      do {
        latest = yield* move(sql`id <= ${upTo}`)
        moved += latest
      } while (latest > 0)
      return moved
    })

    const retrySome = Effect.fnUntraced(function* (ids: ReadonlyArray<QuarantineId>) {
      let moved = 0
      for (const some of Array.chunksOf(Array.dedupe(ids), batch)) {
        moved += yield* move(sql`id = any (${some.map(BigInt)}::bigint[])`)
      }
      return moved
    })

    return Quarantine.of({
      list: ({ before, limit }) =>
        Effect.map(orUnavailable(list({ before: before ?? null, limit })), Array.map(toSetAside)),
      retry: (which) => (which === "all" ? retryAll : retrySome(which))
    })
  })
)
