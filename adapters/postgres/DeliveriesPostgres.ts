import { Effect, Layer, Option, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"
import { Deliveries, type Follower } from "../../core/webhook/Deliveries.ts"
import { DeliveryState } from "../../core/webhook/Delivery.ts"
import * as FeedPlace from "./FeedPlace.ts"
import { orUnavailable } from "./unavailable.ts"
import * as claim from "./webhook/claim.ts"
import * as entries from "./webhook/entries.ts"
import * as retention from "./webhook/retention.ts"
import { deliveryColumns, DeliveryRow, FollowerRow, toDelivery, uuidOf } from "./webhook/rows.ts"
import * as settle from "./webhook/settle.ts"

const toFollower = ({ event_types, id, instance_id, seq, tx }: typeof FollowerRow.Type): Follower => ({
  endpoint: { id, instanceId: instance_id, eventTypes: event_types },
  cursor: FeedPlace.write({ tx, seq })
})

export const layer = Layer.effect(
  Deliveries,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const settleOne = yield* settle.make

    /** The rows of an endpoint's future are looked for one by one, from its place on: the first will do. */
    const behind = SqlSchema.findAll({
      Request: Schema.Int,
      Result: FollowerRow,
      execute: (limit) => sql`
        select e.id, e.instance_id, e.event_types, e.cursor_tx::text as tx, e.cursor_seq::text as seq
        from webhook_endpoint e, lateral (
          select from event v
          where v.instance_id = e.instance_id and (v.tx, v.seq) > (e.cursor_tx, e.cursor_seq)
            and v.tx < pg_snapshot_xmin(pg_current_snapshot())
          order by v.tx, v.seq limit 1
        ) v
        where e.removed_at is null and e.disabled_at is null
        order by e.cursor_tx limit ${limit}`
    })

    const find = SqlSchema.findOneOption({
      Request: Schema.Struct({ instanceId: Schema.Int, id: Schema.String }),
      Result: DeliveryRow,
      execute: ({ id, instanceId }) => sql`
        select ${deliveryColumns(sql)}
        from webhook_delivery d join webhook_endpoint e on e.id = d.endpoint_id and e.removed_at is null
        where d.id = ${id} and d.instance_id = ${instanceId}`
    })

    const list = SqlSchema.findAll({
      Request: Schema.Struct({
        instanceId: Schema.Int,
        endpoint: Schema.String,
        states: Schema.Array(DeliveryState),
        before: Schema.NullOr(Schema.String),
        limit: Schema.Int
      }),
      Result: DeliveryRow,
      // One walk down the index for each state.
      execute: ({ before, endpoint, instanceId, limit, states }) => sql`
        select ${deliveryColumns(sql)}
        from unnest(${states}::text[]) s(state), lateral (
          select * from webhook_delivery d
          where d.endpoint_id = ${endpoint} and d.instance_id = ${instanceId} and d.state = s.state
            and (${before}::uuid is null or d.id < ${before}::uuid)
          order by d.id desc limit ${limit}
        ) d
        order by d.id desc limit ${limit}`
    })

    return Deliveries.of({
      ...(yield* entries.make),
      claim: yield* claim.make,
      forget: yield* retention.make,
      settle: (claimed, outcome) => settleOne({ claimed, outcome }),
      behind: (limit) => Effect.map(orUnavailable(behind(limit)), (rows) => rows.map(toFollower)),
      find: (instanceId, id) => Effect.map(orUnavailable(find({ instanceId, id: uuidOf(id) })), Option.map(toDelivery)),
      list: Effect.fnUntraced(function* (instanceId, endpointId, { before, state }, limit) {
        const rows = yield* orUnavailable(
          list({
            instanceId,
            endpoint: uuidOf(endpointId),
            states: state === undefined ? DeliveryState.literals : [state],
            before: before === undefined ? null : uuidOf(before),
            limit
          })
        )
        return rows.map(toDelivery)
      })
    })
  })
)
