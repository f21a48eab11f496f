import { type Duration, Effect, Schedule, Schema } from "effect"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"

/** How a process ended: by itself with a code, or by a signal. */
export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** One of the apps, running as people run it: a process of its own. */
export interface Child {
  /** Everything written to standard output and to standard error so far. */
  readonly output: () => string
  readonly errors: () => string
  readonly signal: (signal: NodeJS.Signals) => Effect.Effect<void>
  readonly ended: Effect.Effect<Ending>
}

/** The process ended, or kept silent, where it was to say something. */
class NotSaid extends Schema.TaggedError<NotSaid>()("NotSaid", { wanted: Schema.String, said: Schema.String }) {}

/** Again and again until it holds; what it failed with last is the failure. */
export const eventually = <A, E, R>(check: Effect.Effect<A, E, R>, within: Duration.Input = "20 seconds") =>
  check.pipe(
    // An assertion that does not hold is a defect.
    Effect.catchDefect((defect) => Effect.fail(defect)),
    Effect.retry(Schedule.spaced("20 millis").pipe(Schedule.upTo({ duration: within }))),
    Effect.orDie
  )

/**
 * Starts `apps/<app>/main.ts` with these environment variables and none of ours. The scope's end kills it and waits
 * until it is gone.
 */
export const start = Effect.fnUntraced(function* (
  app: "standalone" | "http" | "worker" | "simulator",
  environment: Readonly<Record<string, string>>
) {
  const main = fileURLToPath(new URL(`../../apps/${app}/main.ts`, import.meta.url))
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main], {
    env: { PATH: process.env["PATH"], ...environment },
    stdio: ["ignore", "pipe", "pipe"]
  })
  const ended = once(child, "close").then(([code, signal]): Ending => ({ code, signal }))
  let output = ""
  let errors = ""
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text))
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text))
  yield* Effect.addFinalizer(() =>
    Effect.promise(() => {
      child.kill("SIGKILL")
      return ended
    })
  )
  const started: Child = {
    output: () => output,
    errors: () => errors,
    signal: (signal) => Effect.sync(() => void child.kill(signal)),
    ended: Effect.promise(() => ended)
  }
  return started
})

/** What `pattern` captures in the output, once it is there. */
export const said = ({ ended, errors, output }: Child, pattern: RegExp): Effect.Effect<string> =>
  Effect.suspend(() => {
    const [, captured] = pattern.exec(output()) ?? []
    return captured === undefined
      ? Effect.fail(new NotSaid({ wanted: pattern.source, said: output() + errors() }))
      : Effect.succeed(captured)
  }).pipe(
    Effect.retry(Schedule.spaced("20 millis").pipe(Schedule.upTo({ duration: "40 seconds" }))),
    Effect.raceFirst(Effect.flatMap(ended, () => new NotSaid({ wanted: pattern.source, said: output() + errors() }))),
    Effect.orDie
  )
