import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { Client } from "pg"
import * as FreshDatabase from "./FreshDatabase.ts"
import { start } from "./PostgresServer.ts"

const query = async (url: string, statement: string): Promise<ReadonlyArray<Record<string, unknown>>> => {
  const client = new Client(url)
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows
  } finally {
    await client.end()
  }
}

const dataFolder = async (url: string): Promise<string> =>
  String((await query(url, "select current_setting('data_directory') as folder"))[0]?.["folder"])

describe("the server that the tests bring along", () => {
  it("runs in a folder of its own, which goes with it", async () => {
    const server = await start({ durable: false })
    const folder = await dataFolder(server.url)
    assert.isTrue(existsSync(folder))
    await server.stop()
    assert.isFalse(existsSync(folder))
  })

  it("commits to the disk when it is asked to be durable, and takes further settings", async () => {
    const server = await start({ durable: true, settings: { work_mem: "17MB" } })
    try {
      const settings = await query(
        server.url,
        `select name, setting from pg_settings
         where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'work_mem') order by name`
      )
      assert.deepStrictEqual(
        settings.map(({ name, setting }) => `${String(name)} ${String(setting)}`),
        ["fsync on", "full_page_writes on", "synchronous_commit on", "work_mem 17408"]
      )
    } finally {
      await server.stop()
    }
  })

  it("says why it does not start", async () => {
    const failure = await start({ durable: false, settings: { max_connections: "none" } }).then(
      () => "started",
      (error: unknown) => String(error)
    )
    assert.include(failure, "max_connections")
  })

  it("goes down with a process that was killed", async () => {
    const module = fileURLToPath(new URL("./PostgresServer.ts", import.meta.url))
    const script = `
      const { start } = await import(${JSON.stringify(module)})
      process.stdout.write((await start({ durable: false })).url)
      setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"]
    })
    const [said]: ReadonlyArray<unknown> = await once(child.stdout, "data")
    const url = String(said)

    const client = new Client(url)
    await client.connect()
    const folder = await dataFolder(url)
    const disconnected = new Promise<void>((resolve) => {
      client.once("error", () => resolve())
    })
    child.kill("SIGKILL")
    await disconnected
    // The keeper removes the folder after the server: the port is free before that.
    while (existsSync(folder)) await new Promise((resolve) => setImmediate(resolve))
  })
})

layer(FreshDatabase.layer, { timeout: "30 seconds" })("a fresh database", (it) => {
  it.effect("is empty, UTF-8 and sorts by code point", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const rows = yield* sql`
        select pg_encoding_to_char(encoding) as encoding, datcollate as collation,
               (select count(*)::int from pg_class where relnamespace = 'public'::regnamespace) as tables
        from pg_database where datname = current_database()`
      assert.deepStrictEqual(rows, [{ encoding: "UTF8", collation: "C", tables: 0 }])
    })
  )

  it.effect("can be reached by other processes through its URL", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const { url } = yield* FreshDatabase.FreshDatabase
      const [ours] = yield* sql`select current_database() as name`
      const [theirs] = yield* Effect.promise(() => query(url, "select current_database() as name"))
      assert.deepStrictEqual(theirs, ours)
    })
  )

  it.effect("is dropped at the end, even while somebody is connected", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const gone = yield* Effect.gen(function* () {
        const { url } = yield* FreshDatabase.FreshDatabase
        const lingering = new Client(url)
        lingering.on("error", () => {})
        yield* Effect.promise(() => lingering.connect())
        return new URL(url).pathname.slice(1)
      }).pipe(Effect.provide(Layer.fresh(FreshDatabase.FreshDatabase.layer)))
      assert.deepStrictEqual(yield* sql`select datname from pg_database where datname = ${gone}`, [])
    })
  )
})
