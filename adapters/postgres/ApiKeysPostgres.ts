import { DateTime, Effect, Layer, Option, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"
import { ApiKey, ApiKeyId, KeyHash } from "../../core/instance/ApiKey.ts"
import { ApiKeys } from "../../core/instance/ApiKeys.ts"
import { Instance, InstanceId, Mode } from "../../core/instance/Instance.ts"
import { orUnavailable } from "./unavailable.ts"

const Row = Schema.Struct({
  key_id: ApiKeyId,
  label: Schema.String,
  hint: Schema.String,
  created_at: Schema.DateTimeUtcFromDate,
  last_used_at: Schema.OptionFromNullOr(Schema.DateTimeUtcFromDate),
  revoked_at: Schema.OptionFromNullOr(Schema.DateTimeUtcFromDate),
  instance_id: InstanceId,
  name: Schema.String,
  mode: Mode,
  phone_number_id: Schema.String,
  waba_id: Schema.String
})

export const layer = Layer.effect(
  ApiKeys,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient

    const find = SqlSchema.findOneOption({
      Request: KeyHash,
      Result: Row,
      execute: (hash) => sql`
        select k.id as key_id, k.label, k.hint, k.created_at, k.last_used_at, k.revoked_at,
          i.id as instance_id, i.name, i.mode, i.phone_number_id, i.waba_id
        from api_key k
        join instance i on i.id = k.instance_id
        where k.hash = ${hash}`
    })

    return ApiKeys.of({
      find: Effect.fnUntraced(function* (hash) {
        return Option.map(yield* orUnavailable(find(hash)), (row) => ({
          key: new ApiKey({
            id: row.key_id,
            instanceId: row.instance_id,
            label: row.label,
            hint: row.hint,
            createdAt: row.created_at,
            lastUsedAt: row.last_used_at,
            revokedAt: row.revoked_at
          }),
          instance: new Instance({
            id: row.instance_id,
            name: row.name,
            mode: row.mode,
            phoneNumberId: row.phone_number_id,
            wabaId: row.waba_id
          })
        }))
      }),

      touch: (keys, at) =>
        sql`
          update api_key set last_used_at = ${DateTime.toDate(at)}
          where id = any (${keys}::int[])`.pipe(orUnavailable, Effect.asVoid)
    })
  })
)
