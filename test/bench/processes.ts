/** The processes of a measurement: started, asked for their processor time, ended. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

export interface Running {
  readonly port: number
  /** User and system time so far, in milliseconds; 0 where the system does not tell. */
  readonly cpuMillis: () => number
  /** Resident memory, in mebibytes; 0 where the system does not tell. */
  readonly residentMebibytes: () => number
  readonly stop: () => Promise<void>
}

const root = fileURLToPath(new URL("../../", import.meta.url))

/** Linux counts in hundredths of a second. */
const tickMillis = 10

const cpuMillisOf = (child: ChildProcess) => (): number => {
  try {
    const fields =
      readFileSync(`/proc/${String(child.pid)}/stat`, "utf8")
        .split(") ")[1]
        ?.split(" ") ?? []
    return (Number(fields[11]) + Number(fields[12])) * tickMillis
  } catch {
    return 0
  }
}

const residentMebibytesOf = (child: ChildProcess) => (): number => {
  try {
    return Number(/VmRSS:\s+(\d+)/u.exec(readFileSync(`/proc/${String(child.pid)}/status`, "utf8"))?.[1]) / 1024
  } catch {
    return 0
  }
}

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
        cpuMillis: cpuMillisOf(child),
        residentMebibytes: residentMebibytesOf(child),
        stop: async () => {
          if (child.exitCode !== null) return
          child.kill("SIGTERM")
          await once(child, "exit")
        }
      })
    })
    child.once("exit", (code) => reject(new Error(`${script.join(" ")} ended with ${String(code)}\n${said}`)))
  })
