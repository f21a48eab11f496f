import { DateTime, Effect, Option, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"
import { type Administration, ListedInstance } from "../../../core/administration/Administration.ts"
import { NotFound } from "../../../core/administration/Refusal.ts"
import { Instance, InstanceId } from "../../../core/instance/Instance.ts"
import { Sealing } from "../../../core/instance/Sealing.ts"
import { orUnavailable } from "../unavailable.ts"
import { idOf, insertion, orTaken, type Own } from "./insertion.ts"

type Methods = Pick<Administration["Service"], "addInstance" | "instance" | "instances">

/** Fails with `NotFound` for an instance that does not exist. */
export type Owner = Methods["instance"]

export const make: Effect.Effect<Methods, never, SqlClient.SqlClient | Sealing> = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const sealing = yield* Sealing

  // Known before the row is written: the token is sealed for this id and no other.
  const nextId = (own: Own) =>
    sql`select ${idOf(sql, own)} as id`.pipe(
      Effect.flatMap(Schema.decodeUnknownEffect(Schema.Tuple([Schema.Struct({ id: InstanceId })]))),
      Effect.map(([{ id }]) => id)
    )

  const columns = sql`i.id, i.name, i.mode, i.phone_number_id as "phoneNumberId", i.waba_id as "wabaId"`

  const find = SqlSchema.findOneOption({
    Request: Schema.Int,
    Result: Instance,
    execute: (id) => sql`select ${columns} from instance i where i.id = ${id}::bigint`
  })

  const list = SqlSchema.findAll({
    Request: Schema.Void,
    Result: ListedInstance,
    execute: () => sql`
      select ${columns}, i.sealed_token is not null as "hasToken" from instance i order by i.id`
  })

  return {
    addInstance: Effect.fnUntraced(function* ({ access, id: given, name, phoneNumberId, wabaId }) {
      const own: Own = {
        table: "instance",
        kind: "instance",
        id: given,
        field: "phone_number_id",
        value: phoneNumberId,
        constraint: "instance_mode_phone_number_id_key"
      }
      const createdAt = yield* DateTime.nowAsDate
      const insert = Effect.gen(function* () {
        const id = yield* orUnavailable(nextId(own))
        const sealed = access.mode === "live" ? yield* sealing.seal(id, access.token) : null
        yield* sql`
          insert into instance (id, name, mode, phone_number_id, waba_id, sealed_token, created_at)
          values (${id}, ${name}, ${access.mode}, ${phoneNumberId}, ${wabaId}, ${sealed}::text, ${createdAt})`.pipe(
          orTaken(own)
        )
        return new Instance({ id, name, mode: access.mode, phoneNumberId, wabaId })
      })
      return yield* insertion(sql, own, insert)
    }),

    instance: Effect.fnUntraced(function* (id) {
      const instance = yield* orUnavailable(find(id))
      return Option.isSome(instance) ? instance.value : yield* new NotFound({ kind: "instance", id })
    }),

    instances: orUnavailable(list(undefined))
  }
})
