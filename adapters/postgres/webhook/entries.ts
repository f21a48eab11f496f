/** What is to be sent comes in: from the feed, from a person who tries an endpoint out, from a replay. */
import { DateTime, Effect, Option, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"
import { Sealing } from "../../../core/instance/Sealing.ts"
import type { Deliveries } from "../../../core/webhook/Deliveries.ts"
import { DeliveryId, type NewDelivery } from "../../../core/webhook/Delivery.ts"
import * as FeedPlace from "../FeedPlace.ts"
import { orUnavailable } from "../unavailable.ts"
import { ClaimedRow, deliveryColumns, SealedEndpointRow, endpointColumns, toDelivery, uuidOf } from "./rows.ts"
import { signing } from "./secrets.ts"

type Methods = Pick<Deliveries["Service"], "enter" | "enterClaimed" | "requeue" | "requeueExhausted">

const toRow = ({ body, contactId, eventId, eventType, id }: NewDelivery) => ({
  id: uuidOf(id),
  event_id: eventId,
  event_type: eventType,
  contact_id: contactId,
  body
})

const rowsOf = (deliveries: ReadonlyArray<NewDelivery>): string => JSON.stringify(deliveries.map(toRow))

/** A cursor that the store itself has given out. */
const placeOf = (cursor: Parameters<typeof FeedPlace.read>[0]) =>
  Effect.fromOption(FeedPlace.read(cursor)).pipe(Effect.orDie)

export const make: Effect.Effect<Methods, never, SqlClient.SqlClient | Sealing> = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const sealing = yield* Sealing

  const given = (rows: string) => sql`
    json_to_recordset(${rows}::json) as r(id uuid, event_id text, event_type text, contact_id int, body text)`

  const sealed = SqlSchema.findOneOption({
    Request: Schema.String,
    Result: SealedEndpointRow,
    execute: (id) => sql`
      select ${endpointColumns(sql)}, e.sealed_secret, e.previous_secret
      from webhook_endpoint e where e.id = ${id} and e.removed_at is null`
  })

  const claimNew = SqlSchema.findOneOption({
    Request: Schema.Struct({
      endpoint: Schema.String,
      row: Schema.String,
      now: Schema.DateTimeUtcFromDate,
      until: Schema.DateTimeUtcFromDate
    }),
    Result: ClaimedRow,
    execute: ({ endpoint, now, row, until }) => sql`
      insert into webhook_delivery as d (
        id, endpoint_id, instance_id, event_id, event_type, contact_id, body, state, attempts, claims, next_at,
        leased_until, created_at
      )
      select r.id, e.id, e.instance_id, r.event_id, r.event_type, r.contact_id, r.body, 'pending', 1, 1, ${until},
        ${until}, ${now}
      from webhook_endpoint e, ${given(row)}
      where e.id = ${endpoint} and e.removed_at is null
      returning ${deliveryColumns(sql)}, d.claims, d.body`
  })

  const exhausted = SqlSchema.findAll({
    Request: Schema.Struct({
      endpoint: Schema.String,
      since: Schema.DateTimeUtcFromDate,
      after: Schema.NullOr(Schema.String),
      now: Schema.DateTimeUtcFromDate,
      limit: Schema.Int
    }),
    Result: Schema.Struct({ id: Schema.String }),
    execute: ({ after, endpoint, limit, now, since }) => sql`
      with due as materialized (
        select id from webhook_delivery
        where endpoint_id = ${endpoint} and state = 'exhausted' and settled_at >= ${since}
          and event_type <> 'webhook_endpoint.test'
          and (${after}::uuid is null or id > ${after}::uuid)
        order by id limit ${limit}
        for update
      ), queued as (
        update webhook_delivery d
        set state = 'pending', attempts = 0, next_at = ${now}, leased_until = null, settled_at = null
        from due where d.id = due.id
        returning d.id
      )
      select replace(id::text, '-', '') as id from queued order by id`
  })

  return {
    enter: Effect.fnUntraced(function* ({ cursor, endpoint }, next, deliveries, now) {
      const from = yield* placeOf(cursor)
      const to = yield* placeOf(next)
      const at = DateTime.toDate(now)
      const moved = yield* sql`
        with moved as (
          update webhook_endpoint set cursor_tx = ${to.tx}::text::xid8, cursor_seq = ${to.seq}::text::bigint
          where id = ${uuidOf(endpoint.id)} and cursor_tx = ${from.tx}::text::xid8
            and cursor_seq = ${from.seq}::text::bigint and disabled_at is null and removed_at is null
          returning id, instance_id
        ), entered as (
          insert into webhook_delivery (
            id, endpoint_id, instance_id, event_id, event_type, contact_id, body, state, attempts, next_at, created_at
          )
          select r.id, m.id, m.instance_id, r.event_id, r.event_type, r.contact_id, r.body, 'pending', 0, ${at}, ${at}
          from moved m, ${given(rowsOf(deliveries))}
          -- A replay was faster.
          on conflict (endpoint_id, event_id) do nothing
        )
        select 1 from moved`.pipe(orUnavailable)
      return moved.length > 0
    }),

    enterClaimed: Effect.fnUntraced(function* (endpoint, delivery, now, lease) {
      const id = uuidOf(endpoint.id)
      const row = yield* orUnavailable(sealed(id))
      if (Option.isNone(row)) return Option.none()
      const until = DateTime.addDuration(now, lease)
      const claimed = yield* orUnavailable(claimNew({ endpoint: id, row: rowsOf([delivery]), now, until }))
      const secrets = yield* signing(row.value, now).pipe(Effect.provideService(Sealing, sealing))
      return Option.map(claimed, (row) => ({
        claim: row.claims,
        delivery: toDelivery(row),
        body: row.body,
        endpoint,
        secrets
      }))
    }),

    requeue: Effect.fnUntraced(function* (endpoint, deliveries, now) {
      const at = DateTime.toDate(now)
      const queued = yield* sql`
        insert into webhook_delivery as d (
          id, endpoint_id, instance_id, event_id, event_type, contact_id, body, state, attempts, next_at, created_at
        )
        select r.id, e.id, e.instance_id, r.event_id, r.event_type, r.contact_id, r.body, 'pending', 0, ${at}, ${at}
        from webhook_endpoint e, ${given(rowsOf(deliveries))}
        where e.id = ${uuidOf(endpoint.id)} and e.removed_at is null
        order by r.event_id
        on conflict (endpoint_id, event_id) do update
        set state = 'pending', attempts = 0, next_at = excluded.next_at, leased_until = null, settled_at = null,
          body = coalesce(d.body, excluded.body)
        where d.leased_until is null or d.leased_until <= ${at}
        returning 1`.pipe(orUnavailable)
      return queued.length
    }),

    requeueExhausted: Effect.fnUntraced(function* (endpoint, since, after, limit, now) {
      const request = {
        endpoint: uuidOf(endpoint.id),
        since,
        after: after === undefined ? null : uuidOf(after),
        now,
        limit
      }
      const queued = yield* orUnavailable(exhausted(request))
      const last = queued.length < limit ? undefined : queued.at(-1)
      return { queued: queued.length, next: last === undefined ? undefined : DeliveryId.make(`dlv_${last.id}`) }
    })
  }
})
