import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Cause, Effect, Exit, Runtime } from "effect"
import { failureLine } from "./failureLine.ts"

const report = (cause: Cause.Cause<unknown>): string => {
  const failure = cause.reasons.find(Cause.isFailReason)
  // What is in the error channel was foreseen, and has words; the rest is for whoever repairs it.
  return failure === undefined ? Cause.pretty(cause) : failureLine(failure.error)
}

const isSilent = (cause: Cause.Cause<unknown>): boolean =>
  Cause.hasInterruptsOnly(cause) || !Runtime.getErrorReported(Cause.squash(cause))

const runTo =
  (interrupted: number) =>
  <A, E>(main: Effect.Effect<A, E>): void =>
    NodeRuntime.runMain(
      Effect.tapCause(main, (cause) =>
        isSilent(cause) ? Effect.void : Effect.sync(() => process.stderr.write(`${report(cause)}\n`))
      ),
      {
        disableErrorReporting: true,
        teardown: (exit, onExit) =>
          Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause)
            ? onExit(interrupted)
            : Runtime.defaultTeardown(exit, onExit)
      }
    )

/**
 * Runs an app until SIGTERM or SIGINT asks it to end, and exits with 0 when all that ran is finished; after a failure
 * with 1, and one line of it on standard error. Only what nobody foresaw brings a stack trace.
 */
export const runMain = runTo(0)

/** As `runMain`, for work that ends by itself: to be interrupted is not to have done it, and exits with 130. */
export const runCommand = runTo(130)
