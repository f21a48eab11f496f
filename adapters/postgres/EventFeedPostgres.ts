/**
 * The feed over the table of events. A place in it is a transaction and a number within (`tx`, `seq`). What is read is
 * older than every transaction that is still under way, so that nothing can come to lie before a place that was read.
 */
import { DateTime, Effect, Layer, Option, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { ContactId } from "../../core/contact/Contact.ts"
import { EventType } from "../../core/event/Event.ts"
import { EventFeed, type FeedCursor, InvalidCursor } from "../../core/event/EventFeed.ts"
import type { StoredEvent } from "../../core/event/StoredEvent.ts"
import { told } from "../../core/event/telling.ts"
import { InstanceId } from "../../core/instance/Instance.ts"
import { MessageId } from "../../core/message/Message.ts"
import * as FeedPlace from "./FeedPlace.ts"
import * as details from "./lookup/details.ts"
import { orUnavailable } from "./unavailable.ts"

const placeOf = (cursor: FeedCursor | undefined): Effect.Effect<FeedPlace.FeedPlace, InvalidCursor> =>
  cursor === undefined
    ? Effect.succeed(FeedPlace.start)
    : Option.match(FeedPlace.read(cursor), { onNone: () => Effect.fail(new InvalidCursor()), onSome: Effect.succeed })

const EventRow = Schema.Struct({
  tx: Schema.String,
  seq: Schema.String,
  id: Schema.String,
  instance_id: InstanceId,
  type: EventType,
  at: Schema.DateTimeUtcFromDate,
  message_id: Schema.NullOr(MessageId),
  contact_id: Schema.NullOr(ContactId),
  data: Schema.NullOr(Schema.Record(Schema.String, Schema.Unknown))
})
const decodeEvents = Schema.decodeUnknownEffect(Schema.Array(EventRow))

const toEvent = (row: typeof EventRow.Type): StoredEvent => ({
  id: row.id,
  instanceId: row.instance_id,
  type: row.type,
  at: row.at,
  messageId: row.message_id ?? undefined,
  contactId: row.contact_id ?? undefined,
  data: row.data ?? undefined
})

const decodeEnd = Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ tx: Schema.String })))

/** Of one instance by one statement. */
const forgottenAtOnce = 10_000

export const layer = Layer.effect(
  EventFeed,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const load = details.load(sql)

    return EventFeed.of({
      read: Effect.fnUntraced(function* (instanceId, after, limit) {
        const { seq, tx } = yield* placeOf(after)
        return yield* Effect.gen(function* () {
          const rows = yield* Effect.flatMap(
            sql`
              select e.tx::text as tx, e.seq::text as seq, e.id, e.instance_id, e.type, e.at, e.message_id,
                coalesce(c.merged_into, e.contact_id) as contact_id, e.data
              from event e
              left join contact c on c.id = e.contact_id
              where e.instance_id = ${instanceId}
                and (e.tx, e.seq) > (${tx}::text::xid8, ${seq}::text::bigint)
                and e.tx < pg_snapshot_xmin(pg_current_snapshot())
              order by e.tx, e.seq
              limit ${limit}`,
            decodeEvents
          )
          const messages = yield* load(
            instanceId,
            rows.flatMap(({ message_id }) => message_id ?? [])
          )
          return {
            events: rows
              .map(toEvent)
              .map((event) => told(event, event.messageId === undefined ? undefined : messages.get(event.messageId))),
            next: FeedPlace.write(rows.at(-1) ?? { tx, seq })
          }
        }).pipe(orUnavailable)
      }),

      // Numbers within a transaction begin at 1.
      end: () =>
        sql`select pg_snapshot_xmin(pg_current_snapshot())::text as tx`.pipe(
          Effect.flatMap(decodeEnd),
          Effect.map(([row]) => FeedPlace.write({ tx: row?.tx ?? FeedPlace.start.tx, seq: "0" })),
          orUnavailable
        ),

      forget: (before) =>
        sql`
          delete from event where ctid = any (array(
            select f.ctid
            from instance i
            cross join lateral (
              select e.ctid, coalesce(e.heard_at, e.at) as heard_at from event e where e.instance_id = i.id order by e.tx, e.seq limit ${forgottenAtOnce}
            ) f
            where f.heard_at < ${DateTime.toDate(before)}
          )) returning 1`.pipe(
          orUnavailable,
          Effect.map((rows) => rows.length)
        )
    })
  })
)
