import { DateTime, Effect, Layer, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { EventType } from "../../core/event/Event.ts"
import { InstanceId } from "../../core/instance/Instance.ts"
import { Happening } from "../contract/webhookSetup.ts"

const decode = Schema.decodeUnknownEffect(
  Schema.Array(
    Schema.Struct({
      id: Schema.String,
      instance_id: InstanceId,
      type: EventType,
      at: Schema.DateTimeUtcFromDate,
      data: Schema.Record(Schema.String, Schema.Unknown)
    })
  )
)

export const layer = Layer.effect(
  Happening,
  Effect.map(SqlClient.SqlClient, (sql) =>
    Happening.of({
      write: ({ at, contactId, data, id, instanceId, messageId, type }) =>
        sql`
          insert into event (id, instance_id, type, at, message_id, contact_id, data)
          values (
            ${id}, ${instanceId}, ${type}, ${DateTime.toDate(at)}, ${messageId ?? null}::uuid, ${contactId ?? null}::int,
            ${JSON.stringify(data)}::json
          )`.pipe(Effect.orDie, Effect.asVoid),
      events: (instanceId) =>
        sql`select id, instance_id, type, at, data from event where instance_id = ${instanceId} order by tx, seq`.pipe(
          Effect.flatMap(decode),
          Effect.orDie,
          Effect.map((rows) =>
            rows.map(({ instance_id, ...row }) => ({
              ...row,
              instanceId: instance_id,
              messageId: undefined,
              contactId: undefined
            }))
          )
        )
    })
  )
)
