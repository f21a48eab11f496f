import { DateTime, Effect, Option, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"
import type { Administration } from "../../../core/administration/Administration.ts"
import { NewKey } from "../../../core/administration/Entry.ts"
import { NotFound } from "../../../core/administration/Refusal.ts"
import { ApiKey, ApiKeyId } from "../../../core/instance/ApiKey.ts"
import { InstanceId } from "../../../core/instance/Instance.ts"
import { orUnavailable } from "../unavailable.ts"
import { orTaken } from "./insertion.ts"
import type { Owner } from "./instances.ts"

const At = Schema.OptionFromNullOr(Schema.DateTimeUtcFromDate)

const KeyRow = Schema.Struct({
  id: ApiKeyId,
  instance_id: InstanceId,
  label: Schema.String,
  hint: Schema.String,
  created_at: Schema.DateTimeUtcFromDate,
  last_used_at: At,
  revoked_at: At
})

const toKey = (row: typeof KeyRow.Type): ApiKey =>
  new ApiKey({
    id: row.id,
    instanceId: row.instance_id,
    label: row.label,
    hint: row.hint,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    revokedAt: row.revoked_at
  })

type Methods = Pick<Administration["Service"], "addKey" | "keys" | "revokeKey">

export const make = (owner: Owner): Effect.Effect<Methods, never, SqlClient.SqlClient> =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const columns = sql`id, instance_id, label, hint, created_at, last_used_at, revoked_at`

    const insert = SqlSchema.findOneOption({
      Request: Schema.Struct({ ...NewKey.fields, createdAt: Schema.Date }),
      Result: KeyRow,
      execute: ({ createdAt, hash, hint, instanceId, label }) => sql`
        insert into api_key (instance_id, hash, label, hint, created_at)
        select i.id, ${hash}, ${label}, ${hint}, ${createdAt}
        from instance i where i.id = ${instanceId}::bigint
        returning ${columns}`
    })

    const list = SqlSchema.findAll({
      Request: Schema.Int,
      Result: KeyRow,
      execute: (instanceId) => sql`select ${columns} from api_key where instance_id = ${instanceId} order by id`
    })

    const revoke = SqlSchema.findOneOption({
      Request: Schema.Struct({ instanceId: Schema.Int, id: Schema.Int, at: Schema.Date }),
      Result: KeyRow,
      execute: ({ at, id, instanceId }) => sql`
        update api_key set revoked_at = coalesce(revoked_at, ${at})
        where instance_id = ${instanceId} and id = ${id}::bigint
        returning ${columns}`
    })

    return {
      addKey: Effect.fnUntraced(function* (key) {
        const row = yield* insert({ ...key, createdAt: yield* DateTime.nowAsDate }).pipe(
          orTaken({ kind: "key", id: undefined, constraint: "api_key_hash_key", field: "hash", value: key.hash })
        )
        return Option.isSome(row) ? toKey(row.value) : yield* new NotFound({ kind: "instance", id: key.instanceId })
      }),

      keys: Effect.fnUntraced(function* (instanceId) {
        yield* owner(instanceId)
        return (yield* orUnavailable(list(instanceId))).map(toKey)
      }),

      revokeKey: Effect.fnUntraced(function* (instanceId, id) {
        yield* owner(instanceId)
        const row = yield* orUnavailable(revoke({ instanceId, id, at: yield* DateTime.nowAsDate }))
        return Option.isSome(row) ? toKey(row.value) : yield* new NotFound({ kind: "key", id })
      })
    }
  })
