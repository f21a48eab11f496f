/** Queues and statuses: names of an instance's own. */
import { DateTime, Effect, Option, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"
import { NotFound } from "../../../core/administration/Refusal.ts"
import type { InstanceId } from "../../../core/instance/Instance.ts"
import { orUnavailable } from "../unavailable.ts"
import { idOf, insertion, orTaken, type Own } from "./insertion.ts"
import type { Owner } from "./instances.ts"

interface New {
  readonly instanceId: InstanceId
  readonly id?: number
  readonly name: string
}

export const make = <S extends Schema.Codec<unknown, unknown>>(
  owner: Owner,
  {
    entry,
    kind,
    table
  }: {
    /** Of `{ id, name }`. */
    readonly entry: S
    readonly kind: "queue" | "status"
    readonly table: "queue" | "conversation_status"
  }
) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient

    const insert = SqlSchema.findOneOption({
      Request: Schema.Struct({
        instanceId: Schema.Int,
        id: Schema.UndefinedOr(Schema.Int),
        name: Schema.String,
        createdAt: Schema.Date
      }),
      Result: entry,
      execute: ({ createdAt, id, instanceId, name }) => sql`
        with owner as (
          update instance set revision = revision + 1 where id = ${instanceId}::bigint returning id
        )
        insert into ${sql(table)} (id, instance_id, name, created_at)
        select ${idOf(sql, { id, table })}, owner.id, ${name}, ${createdAt} from owner
        returning id, name`
    })

    const list = SqlSchema.findAll({
      Request: Schema.Int,
      Result: entry,
      execute: (instanceId) => sql`select id, name from ${sql(table)} where instance_id = ${instanceId} order by id`
    })

    return {
      add: Effect.fnUntraced(function* ({ id, instanceId, name }: New) {
        const createdAt = yield* DateTime.nowAsDate
        const own: Own = { table, kind, id, field: "name", value: name, constraint: `${table}_instance_id_name_key` }
        const added = yield* insertion(sql, own, orTaken(own)(insert({ instanceId, id, name, createdAt })))
        return Option.isSome(added) ? added.value : yield* new NotFound({ kind: "instance", id: instanceId })
      }),

      list: Effect.fnUntraced(function* (instanceId: InstanceId) {
        yield* owner(instanceId)
        return yield* orUnavailable(list(instanceId))
      })
    }
  })
