import { DateTime, Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { Aftermath } from "../contract/Aftermath.ts"

export const layer = Layer.effect(
  Aftermath,
  Effect.map(SqlClient.SqlClient, (sql) =>
    Aftermath.of({
      told: (id, status, at) =>
        sql`
          insert into message_state (message_id, instance_id, status, wamid, at)
          select m.id, m.instance_id, ${status}, ${`wamid.${id}`}, ${DateTime.toDate(at)} from message m where m.id = ${id}
          on conflict (message_id) do update set status = excluded.status, at = excluded.at`.pipe(
          Effect.orDie,
          Effect.asVoid
        ),
      unresolved: (id, since) =>
        sql`
          insert into unresolved (message_id, instance_id, since)
          select m.id, m.instance_id, ${DateTime.toDate(since)} from message m where m.id = ${id}`.pipe(
          Effect.orDie,
          Effect.asVoid
        ),
      health: (instanceId, { aspect, at, value }) =>
        sql`
          insert into instance_health (instance_id, aspect, value, at)
          values (${instanceId}, ${aspect}, ${JSON.stringify(value)}::json, ${DateTime.toDate(at)})`.pipe(
          Effect.orDie,
          Effect.asVoid
        ),
      stopped: (contactId, at) =>
        sql`
          with known as (
            insert into contact_consent (instance_id, contact_id, intent, source, at, heard_at)
            select c.instance_id, c.id, 'opt_out', 'user_preferences', ${DateTime.toDate(at)}, now()
            from contact c where c.id = ${contactId}
          )
          update contact set marketing_opt_out_at = ${DateTime.toDate(at)} where id = ${contactId}`.pipe(
          Effect.orDie,
          Effect.asVoid
        ),
      merged: (retired, survivor) =>
        sql`update contact set merged_into = ${survivor}, identity_key = null where id = ${retired}`.pipe(
          Effect.orDie,
          Effect.asVoid
        )
    })
  )
)
