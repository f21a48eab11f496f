import { DateTime, Effect, Layer, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { QuarantineId } from "../../core/inbound/Quarantine.ts"
import { Source } from "../../core/inbound/Source.ts"
import { Mailroom } from "../contract/Mailroom.ts"

const PostRow = Schema.Struct({
  source: Source,
  body: Schema.String,
  received_at: Schema.DateTimeUtcFromDate,
  pending: Schema.Boolean
})
const decodePosts = Schema.decodeUnknownEffect(Schema.Array(PostRow))
const decodeId = Schema.decodeUnknownEffect(Schema.Tuple([Schema.Struct({ id: QuarantineId })]))
const decodePayloads = Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ payload: Schema.String })))

export const layer = Layer.effect(
  Mailroom,
  Effect.map(SqlClient.SqlClient, (sql) =>
    Mailroom.of({
      empty: Effect.asVoid(Effect.orDie(sql`truncate inbox, inbox_pending, quarantine`)),
      posts: sql`
        select source, encode(body, 'hex') as body, received_at, inbox_id is not null as pending
        from inbox left join inbox_pending on inbox_id = id order by id`.pipe(
        Effect.flatMap(decodePosts),
        Effect.map((rows) => rows.map(({ received_at: receivedAt, ...row }) => ({ ...row, receivedAt }))),
        Effect.orDie
      ),
      workThrough: Effect.asVoid(Effect.orDie(sql`delete from inbox_pending`)),
      setAside: ({ detail, path, payload, raw, reason, receivedAt, setAsideAt, source }) =>
        sql`
          insert into quarantine (source, reason, detail, path, raw, payload, received_at, set_aside_at)
          values (
            ${source}, ${reason}, ${detail ?? null}, ${path}, ${raw}, ${payload}, ${DateTime.toDate(receivedAt)},
            ${DateTime.toDate(setAsideAt)}
          ) returning id::float8 as id`.pipe(
          Effect.flatMap(decodeId),
          Effect.map(([{ id }]) => id),
          Effect.orDie
        ),
      quarantined: sql`select payload from quarantine order by id`.pipe(
        Effect.flatMap(decodePayloads),
        Effect.map((rows) => rows.map(({ payload }) => payload)),
        Effect.orDie
      )
    })
  )
)
