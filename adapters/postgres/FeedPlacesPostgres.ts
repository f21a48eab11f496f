import { Effect, Layer, Option, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"
import { InvalidCursor } from "../../core/event/EventFeed.ts"
import { FeedPlaces } from "../../core/webhook/FeedPlaces.ts"
import * as FeedPlace from "./FeedPlace.ts"
import { orUnavailable } from "./unavailable.ts"

const PlaceRow = Schema.Struct({ tx: Schema.String, seq: Schema.String })
const StretchRow = Schema.Struct({ ...PlaceRow.fields, count: Schema.Int })

export const layer = Layer.effect(
  FeedPlaces,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient

    // Numbers grow, so right before one is the number before it, whether or not there is such an event.
    const before = SqlSchema.findOneOption({
      Request: Schema.Struct({ instanceId: Schema.Int, eventId: Schema.String }),
      Result: PlaceRow,
      execute: ({ eventId, instanceId }) => sql`
        select tx::text as tx, (seq - 1)::text as seq from event
        where id = ${eventId} and instance_id = ${instanceId} and tx < pg_snapshot_xmin(pg_current_snapshot())`
    })

    const between = SqlSchema.findOneOption({
      Request: Schema.Struct({
        instanceId: Schema.Int,
        from: Schema.DateTimeUtcFromDate,
        to: Schema.DateTimeUtcFromDate,
        tx: Schema.String,
        seq: Schema.String,
        limit: Schema.Int
      }),
      Result: StretchRow,
      execute: ({ from, instanceId, limit, seq, to, tx }) => sql`
        with span as not materialized (
          select tx, seq from event
          where instance_id = ${instanceId} and at >= ${from} and at <= ${to}
            and (tx, seq) > (${tx}::text::xid8, ${seq}::text::bigint) and tx < pg_snapshot_xmin(pg_current_snapshot())
        ), first as (select tx, seq from span order by tx, seq limit 1),
        last as (select tx, seq from span order by tx desc, seq desc limit 1)
        select f.tx::text as tx, (f.seq - 1)::text as seq, (
          select count(*)::int from (
            select from event v
            where v.instance_id = ${instanceId} and (v.tx, v.seq) >= (f.tx, f.seq) and (v.tx, v.seq) <= (l.tx, l.seq)
            order by v.tx, v.seq limit ${limit}
          ) v
        ) as count
        from first f, last l`
    })

    return FeedPlaces.of({
      before: (instanceId, eventId) =>
        Effect.map(orUnavailable(before({ instanceId, eventId })), Option.map(FeedPlace.write)),

      between: Effect.fnUntraced(function* (instanceId, { after, from, to }, limit) {
        const place = after === undefined ? Option.some(FeedPlace.start) : FeedPlace.read(after)
        if (Option.isNone(place)) return yield* new InvalidCursor()
        const row = yield* orUnavailable(between({ instanceId, from, to, ...place.value, limit }))
        return Option.map(row, ({ count, ...start }) => ({ after: FeedPlace.write(start), count }))
      })
    })
  })
)
