/**
 * Starts a PostgreSQL server, prints its URL in one line and keeps it until standard input ends, which it does however
 * the process on the other side ends. Then the server is stopped and its folder removed.
 */
import { execFile, spawn } from "node:child_process"
import type { ChildProcess } from "node:child_process"
import { randomBytes } from "node:crypto"
import { once } from "node:events"
import { chown, mkdtemp, rm, writeFile } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { serverAccount } from "./account.ts"
import { place } from "./binaries.ts"
import type { Binaries } from "./binaries.ts"
import type { ServerOptions } from "./PostgresServer.ts"

const run = promisify(execFile)
const account = serverAccount()

// Nothing of the caller's own PostgreSQL set-up (PGDATA, PGHOST, …) may reach the server.
const env = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("PG"))),
  LC_ALL: "C"
}

/** A folder that the account can reach and run programs from, which the system's own one is not everywhere. */
const settle = async (parents: ReadonlyArray<string>) => {
  let refusal: unknown
  for (const parent of parents) {
    const folder = await mkdtemp(join(parent, "aidesk-postgres-")).catch((error: unknown) => {
      refusal = error
    })
    if (folder === undefined) continue
    try {
      if (account !== undefined) await chown(folder, account.uid, account.gid)
      const binaries = await place(folder, account)
      await run(binaries.initdb, ["--version"], { cwd: folder, env, ...account })
      return { folder, binaries }
    } catch (error) {
      refusal = error
      await rm(folder, { recursive: true, force: true })
    }
  }
  throw refusal
}

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, "127.0.0.1")
  await once(probe, "listening")
  const address = probe.address()
  probe.close()
  await once(probe, "close")
  if (address === null || typeof address === "string") throw new Error("no free loopback port")
  return address.port
}

const create = async (folder: string, { initdb }: Binaries, password: string): Promise<string> => {
  const data = join(folder, "data")
  const passwordFile = join(folder, "password")
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (account !== undefined) await chown(passwordFile, account.uid, account.gid)
  const how = ["--locale=C", "--encoding=UTF8", "--no-sync", "--username=postgres", "--auth=scram-sha-256"]
  await run(initdb, ["-D", data, ...how, `--pwfile=${passwordFile}`], { cwd: folder, env, ...account })
  return data
}

const settings = (options: ServerOptions, port: number): Record<string, string> => ({
  port: String(port),
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "200",
  timezone: "UTC",
  // Statements that fail are what tests are about; the server's own news stay.
  log_min_messages: "log",
  // Keeps even the shared memory of parallel queries inside the folder.
  ...(process.platform === "win32" ? {} : { dynamic_shared_memory_type: "mmap" }),
  ...(options.durable ? {} : { fsync: "off", full_page_writes: "off", synchronous_commit: "off" }),
  ...options.settings
})

/** `undefined` when somebody else took the port in the meantime. */
const launch = async (
  folder: string,
  data: string,
  { postgres }: Binaries,
  options: ServerOptions
): Promise<{ readonly server: ChildProcess; readonly port: number } | undefined> => {
  const port = await freePort()
  const server = spawn(
    postgres,
    ["-D", data, ...Object.entries(settings(options, port)).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
    { cwd: folder, env, stdio: ["ignore", "ignore", "pipe"], ...account }
  )
  let log = ""
  const ready = await new Promise<boolean>((resolve, reject) => {
    server.stderr.setEncoding("utf8").on("data", (text: string) => {
      log = (log + text).slice(-10_000)
      if (log.includes("ready to accept connections")) resolve(true)
    })
    server.once("error", reject)
    server.once("close", () => resolve(false))
  })
  if (ready) return { server, port }
  if (log.includes("could not bind")) return undefined
  throw new Error(log)
}

const left = new Promise<void>((resolve) => {
  process.stdin.once("end", resolve).once("error", resolve).resume()
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => resolve())
})

const options: ServerOptions = JSON.parse(process.argv[2] ?? "")
const { binaries, folder } = await settle(
  options.parent === undefined ? [...new Set([tmpdir(), "/tmp", "/var/tmp"])] : [options.parent]
)
try {
  const password = randomBytes(16).toString("hex")
  const data = await create(folder, binaries, password)
  let running = await launch(folder, data, binaries, options)
  for (let attempt = 0; running === undefined && attempt < 5; attempt++) {
    running = await launch(folder, data, binaries, options)
  }
  if (running === undefined) throw new Error("no free loopback port")

  const { port, server } = running
  const ended = once(server, "exit")
  process.stdout.write(`postgres://postgres:${password}@127.0.0.1:${port}/postgres\n`)
  await Promise.race([left, ended])
  // Nothing is kept, so nothing has to be written first.
  if (server.kill("SIGQUIT")) await ended
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
}
process.exit()
