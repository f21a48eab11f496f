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

/**
 * Runs an app until it ends or SIGTERM or SIGINT asks for it, and exits: 0 after a signal, when all that ran is
 * finished; 1 after a failure, of which standard error has one line. Only what nobody foresaw brings a stack trace.
 */
export const runMain = <A, E>(main: Effect.Effect<A, E>): void =>
  NodeRuntime.runMain(
    Effect.tapCause(main, (cause) =>
      isSilent(cause) ? Effect.void : Effect.sync(() => process.stderr.write(`${report(cause)}\n`))
    ),
    {
      disableErrorReporting: true,
      teardown: (exit, onExit) =>
        Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause) ? onExit(0) : Runtime.defaultTeardown(exit, onExit)
    }
  )
