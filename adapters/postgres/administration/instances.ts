import { DateTime, Effect, Option, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"
import { type Administration, HealthAspect, ListedInstance } from "../../../core/administration/Administration.ts"
import { NotFound, NotLive } from "../../../core/administration/Refusal.ts"
import { KeywordOverrides } from "../../../core/consent/Keywords.ts"
import { Instance, InstanceId } from "../../../core/instance/Instance.ts"
import { Sealing } from "../../../core/instance/Sealing.ts"
import { orUnavailable } from "../unavailable.ts"
import { idOf, insertion, orTaken, type Own } from "./insertion.ts"

type Methods = Pick<
  Administration["Service"],
  "addInstance" | "instance" | "instances" | "setToken" | "keywords" | "setKeywords" | "health"
>

const ListedRow = Schema.Struct({ ...ListedInstance.fields, displayNumber: Schema.OptionFromNullOr(Schema.String) })

const HealthRow = Schema.Struct({ aspect: Schema.String, value: Schema.Json, at: Schema.DateTimeUtcFromDate })

const KeywordsRow = Schema.Struct({ keywords: KeywordOverrides })

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
    Result: ListedRow,
    execute: () => sql`
      select ${columns}, i.sealed_token is not null as "hasToken", i.display_number as "displayNumber"
      from instance i order by i.id`
  })

  const findKeywords = SqlSchema.findOneOption({
    Request: Schema.Int,
    Result: KeywordsRow,
    execute: (id) => sql`select keywords from instance where id = ${id}::bigint`
  })

  const setKeywords = SqlSchema.findOneOption({
    Request: Schema.Struct({ id: Schema.Int, keywords: KeywordOverrides }),
    Result: KeywordsRow,
    execute: ({ id, keywords }) => sql`
      update instance set keywords = ${JSON.stringify(keywords)}::jsonb where id = ${id}::bigint returning keywords`
  })

  const listHealth = SqlSchema.findAll({
    Request: Schema.Int,
    Result: HealthRow,
    execute: (id) => sql`
      select aspect, value, at from instance_health where instance_id = ${id} order by at desc, aspect`
  })

  const instance: Methods["instance"] = Effect.fnUntraced(function* (id) {
    const instance = yield* orUnavailable(find(id))
    return Option.isSome(instance) ? instance.value : yield* new NotFound({ kind: "instance", id })
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

    instance,

    instances: Effect.map(orUnavailable(list(undefined)), (rows) => rows.map((row) => new ListedInstance(row))),

    setToken: Effect.fnUntraced(function* (id, token) {
      const { mode } = yield* instance(id)
      if (mode === "simulated") return yield* new NotLive({ id })
      const sealed = yield* sealing.seal(id, token)
      yield* orUnavailable(sql`update instance set sealed_token = ${sealed} where id = ${id} and mode = 'live'`)
    }),

    keywords: Effect.fnUntraced(function* (id) {
      const row = yield* orUnavailable(findKeywords(id))
      return Option.isSome(row) ? row.value.keywords : yield* new NotFound({ kind: "instance", id })
    }),

    setKeywords: Effect.fnUntraced(function* (id, keywords) {
      const row = yield* orUnavailable(setKeywords({ id, keywords }))
      return Option.isSome(row) ? row.value.keywords : yield* new NotFound({ kind: "instance", id })
    }),

    health: Effect.fnUntraced(function* (id) {
      yield* instance(id)
      return (yield* orUnavailable(listHealth(id))).map((row) => new HealthAspect(row))
    })
  }
})
