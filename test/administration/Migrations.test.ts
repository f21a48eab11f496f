import { assert, layer } from "@effect/vitest"
import { PgClient } from "@effect/sql-pg"
import { Effect, Layer, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import * as Migrations from "../../adapters/postgres/Migrations.ts"
import { aidesk } from "../cli/CommandLine.ts"
import * as FreshDatabase from "../postgres/FreshDatabase.ts"

const applied = SqlClient.SqlClient.use((sql) => sql`select migration_id from migration order by migration_id`)

const all = Array.from({ length: Migrations.latest }, (_, index) => ({ migration_id: index + 1 }))

layer(FreshDatabase.layer, { timeout: "60 seconds" })("migrations", (it) => {
  it.effect("run from eight processes at once are applied by one, and no process fails", () =>
    Effect.gen(function* () {
      const { url } = yield* FreshDatabase.FreshDatabase
      const outcomes = yield* Effect.all(
        Array.from({ length: 8 }, () => aidesk(["migrate"], { env: { DATABASE_URL: url } })),
        { concurrency: "unbounded" }
      )
      assert.deepStrictEqual(
        outcomes.map(({ code, err }) => ({ code, err })),
        outcomes.map(() => ({ code: 0, err: "" }))
      )
      assert.strictEqual(outcomes.filter(({ out }) => out.startsWith("Migrações aplicadas: 0001_")).length, 1)
      assert.strictEqual(outcomes.filter(({ out }) => out === "Nada a aplicar.\n").length, 7)
      assert.deepStrictEqual(yield* applied, all)
    })
  )
})

// Connections that are open already meet more closely than processes that have to start first.
layer(Layer.empty)("migrations of a database that has just been made", (it) => {
  it.effect.each([1, 2, 3, 4])("are applied once by eight connections (%i)", () =>
    Effect.gen(function* () {
      const { url } = yield* FreshDatabase.FreshDatabase
      const client = PgClient.layer({ url: Redacted.make(url), maxConnections: 1, minConnections: 1 })
      const migrate = Effect.gen(function* () {
        yield* SqlClient.SqlClient.use((sql) => sql`select 1`)
        return yield* Migrations.migrate
      }).pipe(Effect.provide(Layer.fresh(client)))
      const runs = yield* Effect.all(
        Array.from({ length: 8 }, () => migrate),
        { concurrency: "unbounded" }
      )
      assert.deepStrictEqual(
        runs.map((run) => run.length).toSorted((one, other) => one - other),
        [0, 0, 0, 0, 0, 0, 0, Migrations.latest]
      )
      assert.deepStrictEqual(yield* Effect.provide(applied, client), all)
    }).pipe(Effect.provide(Layer.fresh(FreshDatabase.FreshDatabase.layer)))
  )
})
