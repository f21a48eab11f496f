/** How workers go on for ever: a database that is away is found again, and a fault of ours is told and holds up nothing else. */
import { type Duration, Effect, Schedule } from "effect"
import type { Unavailable } from "../../core/Unavailable.ts"

/** How long whoever met a fault looks away. */
const breather = "1 second"

/** Once at the start, and again after each `interval`. `postponed` is logged where the database is away. */
export const every = <R>(interval: Duration.Input, postponed: string, work: Effect.Effect<void, Unavailable, R>) =>
  work.pipe(
    Effect.catch((error) => Effect.logWarning(postponed, error)),
    Effect.repeat(Schedule.spaced(interval)),
    Effect.forkScoped
  )

/** Turn after turn; whoever finds nothing to do in one waits in it. */
export const forever = <R>(
  { failed, postponed }: { readonly failed: string; readonly postponed: string },
  turn: Effect.Effect<void, Unavailable, R>
) =>
  turn.pipe(
    Effect.catch((error) => Effect.andThen(Effect.logWarning(postponed, error), Effect.sleep(breather))),
    Effect.catchDefect((defect) => Effect.andThen(Effect.logError(failed, defect), Effect.sleep(breather))),
    Effect.forever,
    Effect.forkScoped
  )

/** Again and again until nothing is left, for each time only a bounded number is removed. */
export const untilNone = <R>(remove: Effect.Effect<number, Unavailable, R>): Effect.Effect<void, Unavailable, R> =>
  Effect.gen(function* () {
    while ((yield* remove) > 0) yield* Effect.yieldNow
  })
