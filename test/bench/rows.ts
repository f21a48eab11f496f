/** A send beside few rows and beside many: the same load before and after rows are generated, and the plans. */
import { PgClient } from "@effect/sql-pg"
import { Effect, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { start as startPostgres } from "../postgres/PostgresServer.ts"
import * as apps from "./apps.ts"
import { type Measured, run } from "./load.ts"
import { request, seed } from "./seed.ts"

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const line = (name: string, { failures, p50, p99, perSecond }: Measured): string =>
  `${name.padEnd(24)} ${perSecond.toFixed(0).padStart(7)} req/s  p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms  ${failures} failed`

/** One person in ten of the rows: with a conversation, messages and their outcomes, as years of use leave them. */
const generate = (rows: number) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const people = Math.ceil(rows / 10)
    yield* sql`
      insert into contact (instance_id, number, identity_key, created_at)
      select 4, n::text, n::text, now() from generate_series(5521900000000, ${5_521_900_000_000 + people - 1}::bigint) n
      on conflict do nothing`
    yield* sql`
      insert into conversation (instance_id, contact_id, queue_id, status_id, opened_at)
      select 4, id, 5, 1, now() from contact on conflict do nothing`
    yield* sql`
      insert into message (id, instance_id, contact_id, conversation_id, kind, text, template_id, variables, created_at)
      select uuidv7(), 4, c.id, v.id, 'template', 'Olá João, o código do seu pedido é ABC123. Guarde esta mensagem.',
        15, '{"nome": "João", "codigo": "ABC123"}', now()
      from contact c
      join conversation v on v.contact_id = c.id
      cross join generate_series(1, 10)`
    yield* sql`
      insert into outcome (attempt_id, message_id, instance_id, status, wamid, wa_id, calls, settled_at)
      select uuidv7(), id, 4, 'accepted', 'wamid.HBgN' || id, '5521900000000', 1, now() from message
      where not exists (select from outcome o where o.message_id = message.id)`
    yield* sql`vacuum analyze`
    return yield* sql`select (select count(*) from message)::int as messages, (select count(*) from contact)::int as contacts`
  })

const plans = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`set enable_seqscan = off`
  return yield* sql`
    explain (analyze, buffers)
    select (select c.id from contact c where c.instance_id = 4 and c.identity_key = k),
      (select v.id from conversation v where v.closed_at is null and v.contact_id = (
        select c.id from contact c where c.instance_id = 4 and c.identity_key = k))
    from unnest(array['5521900000007', '5521900500000']) k`
}).pipe(Effect.catch(() => Effect.succeed([])))

export const rowsBench = async ({ rows, seconds }: { readonly rows: number; readonly seconds: number }) => {
  const postgres = await startPostgres({ durable: true })
  const query = <A, E>(work: Effect.Effect<A, E, SqlClient.SqlClient>): Promise<A> =>
    Effect.runPromise(
      work.pipe(Effect.provide(PgClient.layer({ url: Redacted.make(postgres.url), maxConnections: 1 })))
    )
  try {
    await seed(postgres.url)
    const meta = await apps.stub(0)
    const ours = await apps.ours(postgres.url, meta.port)
    const load = (millis: number) => run({ port: ours.port, concurrency: 64, millis, request })
    await load(3000)
    say(line("few rows", await load(seconds * 1000)))
    const counted = await query(generate(rows))
    say(`generated: ${JSON.stringify(counted[0])}`)
    await load(3000)
    say(line("many rows", await load(seconds * 1000)))
    for (const plan of await query(plans)) say(Object.values(plan).join(""))
    await ours.stop()
    await meta.stop()
  } finally {
    await postgres.stop()
  }
}
