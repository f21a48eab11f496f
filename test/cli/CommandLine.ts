import { Effect } from "effect"
import { spawn } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"

export const launcher = fileURLToPath(new URL("../../apps/launch.mjs", import.meta.url))

export interface Outcome {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface Call {
  /** On top of PATH and nothing else, so that no variable of whoever runs the tests counts. */
  readonly env?: Readonly<Record<string, string>>
  /** Standard input. */
  readonly input?: string
}

/** Runs node as a process of its own, to its end. */
export const node = (args: ReadonlyArray<string>, { env = {}, input = "" }: Call = {}): Effect.Effect<Outcome> =>
  Effect.promise(async () => {
    const child = spawn(process.execPath, args, { env: { PATH: process.env["PATH"], ...env } })
    child.stdin.on("error", () => {}).end(input)
    const ended = new Promise<number | null>((resolve) => {
      child.once("close", resolve)
    })
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
    return { code: await ended, out, err }
  })

/** What `npm run aidesk -- …` runs. */
export const aidesk = (args: ReadonlyArray<string>, call?: Call) => node([launcher, "cli", ...args], call)

export const temporaryFolder = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "aidesk-cli-"))),
  (folder) => Effect.promise(() => rm(folder, { recursive: true, force: true }))
)
