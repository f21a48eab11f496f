/** Stops the database where a test wants to look. */
import { Deferred, Effect, Fiber, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { eventually } from "./Child.ts"

/** Nobody writes to the table until the effect that this gives is run. */
export const hold = Effect.fnUntraced(function* (table: "attempt" | "outcome" | "inbox" | "event") {
  const sql = yield* SqlClient.SqlClient
  const held = yield* Deferred.make<void>()
  const released = yield* Deferred.make<void>()
  const holding = yield* sql`lock table ${sql(table)} in share mode`.pipe(
    Effect.andThen(Deferred.succeed(held, undefined)),
    Effect.andThen(Deferred.await(released)),
    sql.withTransaction,
    Effect.forkScoped
  )
  yield* Deferred.await(held)
  return Effect.andThen(Deferred.succeed(released, undefined), Fiber.join(holding))
})

const decode = Schema.decodeUnknownEffect(Schema.Tuple([Schema.Struct({ pid: Schema.Int })]))

/** The session in which `call` waits for the table, once one does. */
export const waiting = Effect.fnUntraced(function* (call: "reserve" | "settle") {
  const sql = yield* SqlClient.SqlClient
  const [{ pid }] = yield* eventually(
    sql`
      select pid from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like ${`%${call}\\_%`}`.pipe(
      Effect.flatMap(decode)
    )
  )
  return pid
})

/** As when the machine of an app is gone, and not only its process: what was under way is rolled back. */
export const cutSession = Effect.fnUntraced(function* (pid: number) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`select pg_terminate_backend(${pid}, 5000)`
})
