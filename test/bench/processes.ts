/** The processes of a measurement: started, asked for their processor time, ended. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

export interface Running {
  readonly port: number
  /** User and system time so far of it and those it started, in milliseconds; 0 where the system does not tell. */
  readonly cpuMillis: () => number
  /** Resident memory of it and those it started, in mebibytes; 0 where the system does not tell. */
  readonly residentMebibytes: () => number
  readonly stop: () => Promise<void>
}

const root = fileURLToPath(new URL("../../", import.meta.url))

/** Linux counts in hundredths of a second. */
const tickMillis = 10

const readOr = <A>(path: string, read: (text: string) => A, otherwise: A): A => {
  try {
    return read(readFileSync(path, "utf8"))
  } catch {
    // Not Linux, or the process has just ended.
    return otherwise
  }
}

/** The process and those it has started. */
export const family = (pid: number): ReadonlyArray<number> => [
  pid,
  ...readOr(`/proc/${pid}/task/${pid}/children`, (text) => text.split(" ").filter(Boolean).map(Number), []).flatMap(
    family
  )
]

export const cpuMillis = (pid: number): number =>
  readOr(
    `/proc/${pid}/stat`,
    (text) => {
      const fields = text.slice(text.lastIndexOf(") ") + 2).split(" ")
      return (Number(fields[11]) + Number(fields[12])) * tickMillis
    },
    0
  )

const residentMebibytes = (pid: number): number =>
  readOr(`/proc/${pid}/status`, (text) => Number(/VmRSS:\s+(\d+)/u.exec(text)?.[1] ?? 0) / 1024, 0)

const summed = (child: ChildProcess, of: (pid: number) => number) => (): number =>
  family(child.pid ?? 0).reduce((sum, pid) => sum + of(pid), 0)

/** Starts a script of the repository and waits until a line of its output tells a port by `ready`. */
export const start = (
  script: ReadonlyArray<string>,
  environment: { readonly [name: string]: string },
  ready: RegExp
): Promise<Running> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...script], {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "inherit"]
    })
    let said = ""
    child.stdout.on("data", (chunk: Buffer) => {
      if (ready.test(said)) return
      said += chunk.toString()
      const found = ready.exec(said)
      if (found === null) return
      resolve({
        port: Number(found[1]),
        cpuMillis: summed(child, cpuMillis),
        residentMebibytes: summed(child, residentMebibytes),
        stop: async () => {
          if (child.exitCode !== null) return
          child.kill("SIGTERM")
          await once(child, "exit")
        }
      })
    })
    child.once("exit", (code) => reject(new Error(`${script.join(" ")} ended with ${String(code)}\n${said}`)))
  })
