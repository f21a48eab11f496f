/**
 * Taking deliveries on. Who is due is looked for without a lock, so that a worker that finds nothing costs one cheap
 * statement. Then the endpoints are locked one by one where nobody else has them, and only after that are their
 * deliveries under way counted: a count taken before the lock would miss what another worker has just claimed.
 */
import { DateTime, type Duration, Effect, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"
import { Sealing } from "../../../core/instance/Sealing.ts"
import type { ClaimedDelivery } from "../../../core/webhook/Deliveries.ts"
import { inFlight } from "../../../core/webhook/Retry.ts"
import type { WebhookEndpoint } from "../../../core/webhook/WebhookEndpoint.ts"
import { orUnavailable } from "../unavailable.ts"
import { ClaimedRow, deliveryColumns, endpointColumns, SealedEndpointRow, toDelivery, toEndpoint } from "./rows.ts"
import { signing } from "./secrets.ts"

const Due = Schema.Struct({ id: Schema.String })

const Request = Schema.Struct({
  ids: Schema.Array(Schema.String),
  now: Schema.DateTimeUtcFromDate,
  until: Schema.DateTimeUtcFromDate,
  /** Of each endpoint. */
  most: Schema.Int,
  limit: Schema.Int
})

export const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const sealing = yield* Sealing

  const underWay = (now: Date) => sql`
    (select count(*) from webhook_delivery l where l.endpoint_id = e.id and l.leased_until > ${now})`
  const mayBe = sql`(case when e.failing_since is null then ${inFlight.usually}::int else ${inFlight.failing}::int end)`
  const isOpen = (now: Date) => sql`
    (e.removed_at is null and e.disabled_at is null and (e.held_until is null or e.held_until <= ${now}))`

  /** Those first that have the least under way. */
  const due = SqlSchema.findAll({
    Request: Schema.Struct({ now: Schema.DateTimeUtcFromDate, limit: Schema.Int }),
    Result: Due,
    execute: ({ limit, now }) => sql`
      select e.id
      from webhook_endpoint e, lateral (select ${underWay(now)} as count) l, lateral (
        select from webhook_delivery d
        where d.endpoint_id = e.id and d.state = 'pending' and d.next_at <= ${now} limit 1
      ) d
      where ${isOpen(now)} and l.count < ${mayBe}
      order by l.count limit ${limit}`
  })

  const lock = SqlSchema.findAll({
    Request: Schema.Struct({ ids: Schema.Array(Schema.String), now: Schema.DateTimeUtcFromDate }),
    Result: SealedEndpointRow,
    execute: ({ ids, now }) => sql`
      select ${endpointColumns(sql)}, e.sealed_secret, e.previous_secret
      from webhook_endpoint e
      where e.id = any (${ids}::uuid[]) and ${isOpen(now)}
      for no key update skip locked`
  })

  const take = SqlSchema.findAll({
    Request,
    Result: ClaimedRow,
    execute: ({ ids, limit, most, now, until }) => sql`
      with due as materialized (
        select d.id
        from webhook_endpoint e, lateral (
          select d.id from webhook_delivery d
          where d.endpoint_id = e.id and d.state = 'pending' and d.next_at <= ${now}
          order by d.next_at, d.id
          limit greatest(0, least(${most}::int, ${mayBe} - ${underWay(now)}))
          for update skip locked
        ) d
        where e.id = any (${ids}::uuid[])
        limit ${limit}
      )
      update webhook_delivery d
      set attempts = d.attempts + 1, claims = d.claims + 1, next_at = ${until}, leased_until = ${until}
      from due where d.id = due.id
      returning ${deliveryColumns(sql)}, d.claims, d.body`
  })

  const locked = Effect.fnUntraced(function* (
    ids: ReadonlyArray<string>,
    now: DateTime.Utc,
    until: DateTime.Utc,
    limit: number
  ) {
    const endpoints = yield* lock({ ids, now })
    if (endpoints.length === 0) return { endpoints, rows: [] }
    const most = Math.max(1, Math.floor(limit / endpoints.length))
    const rows = yield* take({ ids: endpoints.map(({ id }) => id.slice("we_".length)), now, until, most, limit })
    return { endpoints, rows }
  })

  return Effect.fnUntraced(function* (now: DateTime.Utc, lease: Duration.Duration, limit: number) {
    const found = yield* orUnavailable(due({ now, limit }))
    if (found.length === 0) return []
    const until = DateTime.addDuration(now, lease)
    const ids = found.map(({ id }) => id)
    const { endpoints, rows } = yield* orUnavailable(sql.withTransaction(locked(ids, now, until, limit)))
    const byId = new Map<WebhookEndpoint["id"], Pick<ClaimedDelivery, "endpoint" | "secrets">>()
    for (const row of endpoints) {
      const secrets = yield* signing(row, now).pipe(Effect.provideService(Sealing, sealing))
      byId.set(row.id, { endpoint: toEndpoint(row), secrets })
    }
    return rows.flatMap((row): ReadonlyArray<ClaimedDelivery> => {
      const of = byId.get(row.endpoint_id)
      return of === undefined ? [] : [{ ...of, claim: row.claims, delivery: toDelivery(row), body: row.body }]
    })
  })
})
