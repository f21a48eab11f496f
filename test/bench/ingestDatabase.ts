/** The database of the ingest measurement: what was sent before, what waits for its work, what the server costs. */
import { PgClient } from "@effect/sql-pg"
import { Effect, ManagedRuntime, Redacted, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { readFileSync } from "node:fs"
import type { Sent } from "./metaPosts.ts"
import { cpuMillis, family } from "./processes.ts"

/** Of messages whose statuses are told in the closed loops. */
export const generated = 60_000

export const databaseOf = (url: string) => {
  const runtime = ManagedRuntime.make(PgClient.layer({ url: Redacted.make(url), maxConnections: 1 }))
  const sql = <A, E>(work: (sql: SqlClient.SqlClient) => Effect.Effect<A, E>): Promise<A> =>
    runtime.runPromise(Effect.flatMap(SqlClient.SqlClient, work))
  return { sql, close: () => runtime.dispose() }
}
export type Database = ReturnType<typeof databaseOf>

/** Messages that Meta has accepted, one person in six with several, as an earlier hour of sending left them. */
export const generate = ({ sql }: Database) =>
  sql((sql) =>
    Effect.gen(function* () {
      yield* sql`
        insert into contact (instance_id, number, identity_key, created_at)
        select 4, n::text, n::text, now() from generate_series(5511970000000, 5511970009999) n`
      yield* sql`
        insert into conversation (instance_id, contact_id, queue_id, status_id, opened_at)
        select 4, id, 5, 1, now() from contact on conflict do nothing`
      yield* sql`
        insert into message (id, instance_id, contact_id, conversation_id, kind, text, template_id, variables, created_at)
        select uuidv7(), 4, v.contact_id, v.id, 'template', 'Olá João', 15, '{"nome": "João"}', now()
        from conversation v cross join generate_series(1, ${Math.ceil(generated / 10_000)}::int)`
      yield* sql`
        insert into outcome (attempt_id, message_id, instance_id, status, wamid, wa_id, calls, settled_at)
        select uuidv7(), id, 4, 'accepted', 'wamid.HBgNgenerated' || id, '5511970000000', 1, now() from message`
      yield* sql`vacuum analyze`
    })
  )

const decodeSent = Schema.decodeUnknownEffect(
  Schema.Array(Schema.Struct({ wamid: Schema.String, attemptId: Schema.String, number: Schema.String }))
)

/** The accepted ones, the latest first. */
export const accepted = ({ sql }: Database, limit: number): Promise<ReadonlyArray<Sent>> =>
  sql((sql) =>
    sql`
      select o.wamid, o.attempt_id as "attemptId", c.number from outcome o
      join message m on m.id = o.message_id join contact c on c.id = m.contact_id
      where o.wamid is not null order by o.settled_at desc limit ${limit}`.pipe(Effect.flatMap(decodeSent))
  )

const decodeCount = Schema.decodeUnknownEffect(Schema.Tuple([Schema.Struct({ count: Schema.Int })]))

export const pending = ({ sql }: Database): Promise<number> =>
  sql((sql) =>
    sql`select count(*)::int as count from inbox_pending`.pipe(
      Effect.flatMap(decodeCount),
      Effect.map(([{ count }]) => count)
    )
  )

const pause = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis))

/** Milliseconds until nothing waits any more; undefined where for five seconds nothing moves. */
export const drained = async (database: Database): Promise<number | undefined> => {
  const began = performance.now()
  let least = Number.POSITIVE_INFINITY
  let moved = began
  while (true) {
    const count = await pending(database)
    const now = performance.now()
    if (count === 0) return now - began
    if (count < least) {
      least = count
      moved = now
    }
    if (now - moved > 5000) return undefined
    await pause(50)
  }
}

/** Processor time of the whole server: its postmaster is the parent of our session's process. */
export const serverCpu = async ({ sql }: Database): Promise<() => number> => {
  const pid = await sql((sql) =>
    sql`select pg_backend_pid() as count`.pipe(
      Effect.flatMap(decodeCount),
      Effect.map(([{ count }]) => count)
    )
  )
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
    const postmaster = Number(stat.slice(stat.lastIndexOf(") ") + 2).split(" ")[1])
    return () => family(postmaster).reduce((sum, one) => sum + cpuMillis(one), 0)
  } catch {
    return () => 0
  }
}
