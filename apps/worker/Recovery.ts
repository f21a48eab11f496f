/**
 * What the dead leave behind: sends whose process ended between reservation and settlement become
 * `unknown`, and idempotency keys older than their time are forgotten.
 */
import { DateTime, type Duration, Effect, Layer, Schedule } from "effect"
import { abandonedAfter, keptFor } from "../../core/message/Idempotency.ts"
import { Sends } from "../../core/message/Sends.ts"

const abandon = Effect.gen(function* () {
  const sends = yield* Sends
  const now = yield* DateTime.now
  const abandoned = yield* sends.abandon(DateTime.subtractDuration(now, abandonedAfter), now)
  if (abandoned > 0) yield* Effect.logWarning("sends of a dead process became unknown", { abandoned })
})

const forget = Effect.gen(function* () {
  const sends = yield* Sends
  const before = DateTime.subtractDuration(yield* DateTime.now, keptFor)
  while ((yield* sends.forgetKeys(before)) > 0) yield* Effect.yieldNow
})

/** A database that is away is found again at the next turn. */
const every =
  (interval: Duration.Input) =>
  <E extends { readonly _tag: "Unavailable" }, R>(work: Effect.Effect<void, E, R>) =>
    work.pipe(
      Effect.catch((error) => Effect.logWarning("recovery postponed", error)),
      Effect.repeat(Schedule.spaced(interval)),
      Effect.forkScoped
    )

export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    yield* every("5 seconds")(abandon)
    yield* every("10 minutes")(forget)
  })
)
