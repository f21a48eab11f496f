import { DateTime, Effect, Layer, Option, type Redacted, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"
import type { InstanceId } from "../../core/instance/Instance.ts"
import { Sealing } from "../../core/instance/Sealing.ts"
import { mostEndpoints } from "../../core/webhook/WebhookEndpoint.ts"
import {
  type EndpointSettings,
  type NewEndpoint,
  TooManyEndpoints,
  WebhookEndpoints
} from "../../core/webhook/WebhookEndpoints.ts"
import * as FeedPlace from "./FeedPlace.ts"
import { orUnavailable } from "./unavailable.ts"
import { endpointColumns, EndpointRow, toEndpoint, uuidOf } from "./webhook/rows.ts"

const Owned = Schema.Struct({ instanceId: Schema.Int, id: Schema.String })

/** Null leaves as it is. */
const changesOf = ({ description, enabled, eventTypes, url }: Partial<EndpointSettings>) => ({
  url: url ?? null,
  types: eventTypes ?? null,
  description: description ?? null,
  enabled: enabled ?? null
})

export const layer = Layer.effect(
  WebhookEndpoints,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const sealing = yield* Sealing
    const columns = endpointColumns(sql)

    /** Without a key nothing that needs one is configured; the apps see to it at their start. */
    const seal = (instanceId: InstanceId, secret: Redacted.Redacted) => Effect.orDie(sealing.seal(instanceId, secret))

    const list = SqlSchema.findAll({
      Request: Schema.Int,
      Result: EndpointRow,
      execute: (instanceId) => sql`
        select ${columns} from webhook_endpoint e
        where e.instance_id = ${instanceId} and e.removed_at is null order by e.created_at, e.id`
    })

    const find = SqlSchema.findOneOption({
      Request: Owned,
      Result: EndpointRow,
      execute: ({ id, instanceId }) => sql`
        select ${columns} from webhook_endpoint e
        where e.id = ${id} and e.instance_id = ${instanceId} and e.removed_at is null`
    })

    const insert = Effect.fnUntraced(function* (endpoint: NewEndpoint, sealed: string) {
      const { at, cursor, description, enabled, eventTypes, id, instanceId, url } = endpoint
      const place = yield* Effect.orDie(Effect.fromOption(FeedPlace.read(cursor)))
      const createdAt = DateTime.toDate(at)
      // One at a time: else two that count at once would both find room for one.
      yield* sql`select from instance where id = ${instanceId} for no key update`
      return yield* sql`
        insert into webhook_endpoint as e (
          id, instance_id, url, event_types, description, sealed_secret, cursor_tx, cursor_seq, disabled_reason,
          disabled_at, created_at
        )
        select ${uuidOf(id)}::uuid, ${instanceId}::int, ${url}, ${[...eventTypes]}::text[], ${description}, ${sealed},
          ${place.tx}::text::xid8, ${place.seq}::text::bigint, ${enabled ? null : "requested"}::text,
          ${enabled ? null : createdAt}::timestamptz, ${createdAt}::timestamptz
        where (
          select count(*) from webhook_endpoint o where o.instance_id = ${instanceId} and o.removed_at is null
        ) < ${mostEndpoints}
        returning ${columns}`
    })

    const change = SqlSchema.findOneOption({
      Request: Schema.Struct({
        ...Owned.fields,
        url: Schema.NullOr(Schema.String),
        types: Schema.NullOr(Schema.Array(Schema.String)),
        description: Schema.NullOr(Schema.String),
        enabled: Schema.NullOr(Schema.Boolean),
        at: Schema.DateTimeUtcFromDate
      }),
      Result: EndpointRow,
      execute: ({ at, description, enabled, id, instanceId, types, url }) => sql`
        update webhook_endpoint e set
          url = coalesce(${url}::text, e.url),
          event_types = coalesce(${types}::text[], e.event_types),
          description = coalesce(${description}::text, e.description),
          disabled_reason = case ${enabled}::boolean
            when true then null when false then coalesce(e.disabled_reason, 'requested') else e.disabled_reason end,
          disabled_at = case ${enabled}::boolean
            when true then null when false then coalesce(e.disabled_at, ${at}) else e.disabled_at end,
          failing_since = case when ${enabled}::boolean then null else e.failing_since end,
          held_until = case when ${enabled}::boolean then null else e.held_until end,
          holds = case when ${enabled}::boolean then 0 else e.holds end
        where e.id = ${id} and e.instance_id = ${instanceId} and e.removed_at is null
        returning ${columns}`
    })

    const rotate = SqlSchema.findOneOption({
      Request: Schema.Struct({ ...Owned.fields, sealed: Schema.String, until: Schema.DateTimeUtcFromDate }),
      Result: EndpointRow,
      execute: ({ id, instanceId, sealed, until }) => sql`
        update webhook_endpoint e
        set previous_secret = e.sealed_secret, previous_until = ${until}, sealed_secret = ${sealed}
        where e.id = ${id} and e.instance_id = ${instanceId} and e.removed_at is null
        returning ${columns}`
    })

    return WebhookEndpoints.of({
      add: Effect.fnUntraced(function* (endpoint) {
        const sealed = yield* seal(endpoint.instanceId, endpoint.secret)
        const [row] = yield* sql
          .withTransaction(insert(endpoint, sealed))
          .pipe(Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(EndpointRow))), orUnavailable)
        return row === undefined ? yield* new TooManyEndpoints() : toEndpoint(row)
      }),

      list: (instanceId) => Effect.map(orUnavailable(list(instanceId)), (rows) => rows.map(toEndpoint)),

      find: (instanceId, id) => Effect.map(orUnavailable(find({ instanceId, id: uuidOf(id) })), Option.map(toEndpoint)),

      change: (instanceId, id, changes, at) =>
        Effect.map(
          orUnavailable(change({ instanceId, id: uuidOf(id), ...changesOf(changes), at })),
          Option.map(toEndpoint)
        ),

      rotate: Effect.fnUntraced(function* (instanceId, id, secret, until) {
        const sealed = yield* seal(instanceId, secret)
        const row = yield* orUnavailable(rotate({ instanceId, id: uuidOf(id), sealed, until }))
        return Option.map(row, toEndpoint)
      }),

      remove: Effect.fnUntraced(function* (instanceId, id, at) {
        const removed = yield* sql`
          update webhook_endpoint set removed_at = ${DateTime.toDate(at)}, sealed_secret = '', previous_secret = null,
            previous_until = null
          where id = ${uuidOf(id)} and instance_id = ${instanceId} and removed_at is null
          returning 1`.pipe(orUnavailable)
        return removed.length > 0
      })
    })
  })
)
