import { assert, describe, it, layer } from "@effect/vitest"
import { PGlite } from "@electric-sql/pglite"
import { PgClient } from "@effect/sql-pg"
import { Deferred, Effect, Exit, Fiber, Redacted, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync } from "node:fs"
import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Duplex } from "node:stream"
import { fileURLToPath } from "node:url"
import * as PgliteStream from "../../adapters/embedded/PgliteStream.ts"

const temporaryFolder = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "aidesk-embedded-"))),
  (folder) => Effect.promise(() => rm(folder, { recursive: true, force: true }))
)

layer(PgliteStream.layer({ dataDir: undefined }), { timeout: "60 seconds" })("the embedded database", (it) => {
  it.effect("answers statements of many fibers at once, each with its own rows", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const answers = yield* Effect.forEach(
        Array.from({ length: 500 }, (_, index) => index),
        (index) => sql`select ${index}::int as own, repeat('x', ${index}) as filling`,
        { concurrency: "unbounded" }
      )
      assert.deepStrictEqual(
        answers,
        answers.map((_, index) => [{ own: index, filling: "x".repeat(index) }])
      )
    })
  )

  it.effect("fails the statement that is wrong and none of those that share its round trip", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const outcomes = yield* Effect.forEach(
        Array.from({ length: 60 }, (_, index) => index),
        (index) => Effect.result(sql`select ${12}::int / ${index % 3}::int as quotient`),
        { concurrency: "unbounded" }
      )
      assert.deepStrictEqual(
        outcomes.map(({ _tag }) => _tag),
        outcomes.map((_, index) => (index % 3 === 0 ? "Failure" : "Success"))
      )
    })
  )

  it.effect("goes on after a statement that could not be parsed", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const error = yield* Effect.flip(sql`selec 1`)
      assert.strictEqual(error.reason._tag, "SqlSyntaxError")
      assert.deepStrictEqual(yield* sql`select 1 as one`, [{ one: 1 }])
    })
  )

  it.effect("tells a duplicate by the name of its constraint", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* sql`create table once (id int constraint only_once primary key)`
      yield* sql`insert into once values (1)`
      const { reason } = yield* Effect.flip(sql`insert into once values (1)`)
      assert.deepInclude(reason, { _tag: "UniqueViolation", constraint: "only_once" })
    })
  )

  it.effect("rolls a failed transaction back, and lets others wait for one that runs", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* sql`create table account (amount int)`
      const writing = yield* Deferred.make<void>()
      const failed = yield* sql`insert into account values (1)`.pipe(
        Effect.andThen(Deferred.succeed(writing, undefined)),
        Effect.andThen(Effect.yieldNow),
        Effect.andThen(Effect.fail("changed my mind")),
        sql.withTransaction,
        Effect.flip,
        Effect.forkChild
      )
      yield* Deferred.await(writing)
      const seen = yield* sql`select count(*)::int as rows from account`
      assert.strictEqual(yield* Fiber.join(failed), "changed my mind")
      assert.deepStrictEqual(seen, [{ rows: 0 }])

      yield* sql.withTransaction(
        Effect.andThen(
          sql`insert into account values (2)`,
          Effect.ignore(sql.withTransaction(Effect.andThen(sql`insert into account values (3)`, Effect.fail("no"))))
        )
      )
      assert.deepStrictEqual(yield* sql`select amount from account`, [{ amount: 2 }])
    })
  )

  it.effect("takes and gives values of megabytes", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const text = "ção ".repeat(500_000)
      const bytes = new Uint8Array(2 * 1024 * 1024).map((_, index) => index % 251)
      const [row] = yield* sql`select ${text}::text as text, ${bytes}::bytea as bytes`
      assert.strictEqual(row?.["text"], text)
      assert.deepStrictEqual(row?.["bytes"], bytes)
    })
  )

  it.effect("gives results of many rows", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const rows = yield* sql`select n, repeat('y', 100) as filling from generate_series(1, 20000) as n`
      assert.strictEqual(rows.length, 20_000)
      assert.deepStrictEqual(rows.at(-1), { n: 20_000, filling: "y".repeat(100) })
    })
  )

  it.effect("streams results of many rows to a reader that stops early", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const rows = yield* sql`select n, repeat('z', 1000) as filling from generate_series(1, 20000) as n`.stream.pipe(
        Stream.take(3000),
        Stream.runCollect
      )
      assert.strictEqual(rows.length, 3000)
      assert.deepStrictEqual(yield* sql`select 1 as one`, [{ one: 1 }])
    })
  )

  it.effect("is left usable by a statement or a transaction whose fiber was interrupted", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* sql`create table interrupted (id int)`
      const inserted = yield* Deferred.make<void>()
      const transaction = yield* sql`insert into interrupted values (1)`.pipe(
        Effect.andThen(Deferred.succeed(inserted, undefined)),
        Effect.andThen(Effect.never),
        sql.withTransaction,
        Effect.forkChild
      )
      yield* Deferred.await(inserted)
      yield* Fiber.interrupt(transaction)
      for (const work of [sql`select count(*) from generate_series(1, 100000)`, sql`select 1`]) {
        yield* Fiber.interrupt(yield* Effect.forkChild(work, { startImmediately: true }))
        yield* Fiber.interrupt(yield* Effect.forkChild(sql.withTransaction(work), { startImmediately: true }))
      }
      const rows = yield* sql`select id from interrupted where id = 1`
      assert.deepStrictEqual(rows, [])
    })
  )
})

describe("a new session of the embedded database", () => {
  it.effect("finds no transaction, prepared statement or setting of the one that was lost", () =>
    Effect.gen(function* () {
      const db = yield* Effect.acquireRelease(
        Effect.promise(() => PGlite.create()),
        (db) => Effect.promise(() => db.close())
      )
      const open = PgliteStream.sessions(db)
      const opened: Array<Duplex> = []
      const client = PgClient.layer({
        stream: () => {
          const stream = open()
          opened.push(stream)
          return stream
        },
        username: "postgres",
        password: Redacted.make("postgres"),
        maxConnections: 1
      })
      yield* Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        yield* sql`create table kept (id int)`
        yield* sql`set work_mem = '17MB'`
        const transaction = yield* sql`insert into kept values (1)`.pipe(
          Effect.andThen(Effect.sync(() => opened[0]?.destroy(new Error("the line is cut")))),
          Effect.andThen(sql`select 1`),
          sql.withTransaction,
          Effect.exit
        )
        assert.isTrue(Exit.isFailure(transaction))
        const [left] = yield* sql`
          select (select count(*)::int from kept) as rows, current_setting('work_mem') as memory,
                 (select count(*)::int from pg_prepared_statements where statement like 'create table%') as prepared`
        assert.deepStrictEqual(left, { rows: 0, memory: "4MB", prepared: 0 })
        assert.strictEqual(opened.length, 2)
      }).pipe(Effect.provide(client))
    })
  )
})

describe("the embedded database in a folder", () => {
  it.effect("finds what an earlier one committed", () =>
    Effect.gen(function* () {
      const dataDir = join(yield* temporaryFolder, "deep", "postgres")
      const session = Effect.fnUntraced(function* <A, E>(work: Effect.Effect<A, E, SqlClient.SqlClient>) {
        return yield* Effect.provide(work, PgliteStream.layer({ dataDir }))
      })
      yield* session(SqlClient.SqlClient.use((sql) => sql`create table kept as select 42 as answer`))
      const rows = yield* session(SqlClient.SqlClient.use((sql) => sql`select answer from kept`))
      assert.deepStrictEqual(rows, [{ answer: 42 }])
      const { mode } = yield* Effect.promise(() => stat(dataDir))
      assert.strictEqual(mode & 0o777, 0o700)
    })
  )

  it.effect("has every answered commit after its process was killed", () =>
    Effect.gen(function* () {
      const dataDir = join(yield* temporaryFolder, "postgres")
      const script = `
        const { Effect } = await import("effect")
        const { SqlClient } = await import("effect/sql")
        const { layer } = await import(${JSON.stringify(
          fileURLToPath(new URL("../../adapters/embedded/PgliteStream.ts", import.meta.url))
        )})
        await Effect.runPromise(Effect.provide(Effect.gen(function* () {
          const sql = yield* SqlClient.SqlClient
          yield* sql\`create table answered (id int)\`
          for (let id = 1; ; id++) {
            yield* sql\`insert into answered values (\${id})\`
            process.stdout.write(id + "\\n")
          }
        }), layer({ dataDir: ${JSON.stringify(dataDir)} })))`
      const last = yield* Effect.promise(async () => {
        const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
          stdio: ["ignore", "pipe", "inherit"]
        })
        let said = ""
        child.stdout.setEncoding("utf8").on("data", (text: string) => {
          said += text
          if (said.length > 2000) child.kill("SIGKILL")
        })
        await once(child, "close")
        return Number(said.slice(0, said.lastIndexOf("\n")).split("\n").at(-1))
      })
      const [row] = yield* SqlClient.SqlClient.use(
        (sql) => sql`select count(*)::int as rows, max(id) as latest from answered`
      ).pipe(Effect.provide(PgliteStream.layer({ dataDir })))
      assert.isAtLeast(Number(row?.["latest"]), last)
      assert.strictEqual(row?.["rows"], row?.["latest"])
    })
  )

  it.effect("is made anew over the remains of a start that was killed", () =>
    Effect.gen(function* () {
      const dataDir = join(yield* temporaryFolder, "postgres")
      yield* Effect.promise(() => mkdir(`${dataDir}.new`))
      yield* Effect.promise(() => writeFile(join(`${dataDir}.new`, "PG_VERSION"), "18"))
      const rows = yield* SqlClient.SqlClient.use((sql) => sql`select 1 as one`).pipe(
        Effect.provide(PgliteStream.layer({ dataDir }))
      )
      assert.deepStrictEqual(rows, [{ one: 1 }])
      assert.isFalse(existsSync(`${dataDir}.new`))
    })
  )

  it.effect("is not made among somebody else's files", () =>
    Effect.gen(function* () {
      const dataDir = yield* temporaryFolder
      yield* Effect.promise(() => writeFile(join(dataDir, "thesis.txt"), "mine"))
      const error = yield* SqlClient.SqlClient.pipe(Effect.provide(PgliteStream.layer({ dataDir })), Effect.flip)
      assert.strictEqual(error._tag, "DatabaseNotOpened")
      assert.isTrue(existsSync(join(dataDir, "thesis.txt")))
    })
  )
})
