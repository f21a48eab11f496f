/**
 * Works through what Meta posted, as soon as it is there, and tells of messages of which nobody knows what became of
 * them. Any number of workers may run: one at a time is at it.
 */
import { DateTime, Duration, Effect, Layer, Schedule } from "effect"
import { Updates } from "../../core/inbound/Updates.ts"
import * as Configuration from "../configuration/Configuration.ts"

/** How long a worker that has found nothing looks away. */
const pause = "100 millis"

/** Meta repeats a webhook for seven days, and tells of a message for thirty. */
const rememberedFor = Duration.days(30)

const turn = Effect.gen(function* () {
  const { more, payloads, setAside } = yield* (yield* Updates).workThrough(yield* DateTime.now)
  if (payloads > 0) yield* Effect.logDebug("webhooks applied", { payloads, set_aside: setAside })
  if (setAside > 0) yield* Effect.logWarning("parts of webhooks were set aside", { set_aside: setAside })
  if (!more) yield* Effect.sleep(pause)
}).pipe(
  // A database that is away is found again.
  Effect.catchTag("Unavailable", (error) =>
    Effect.andThen(Effect.logWarning("applying postponed", error), Effect.sleep("1 second"))
  ),
  Effect.catchDefect((defect) => Effect.andThen(Effect.logError("applying failed", defect), Effect.sleep("1 second")))
)

/** An outcome that no webhook has settled by then is a person's to look into. */
const tell = Effect.fnUntraced(function* (after: Duration.Duration) {
  const now = yield* DateTime.now
  const told = yield* (yield* Updates).tellUnresolved(DateTime.subtractDuration(now, after), now)
  if (told > 0) yield* Effect.logWarning("nobody knows what became of messages", { messages: told })
})

const forget = Effect.gen(function* () {
  const before = DateTime.subtractDuration(yield* DateTime.now, rememberedFor)
  while ((yield* (yield* Updates).forget(before)) > 0) yield* Effect.yieldNow
})

const every =
  (interval: Duration.Input) =>
  <E extends { readonly _tag: "Unavailable" }, R>(work: Effect.Effect<void, E, R>) =>
    work.pipe(
      Effect.catch((error) => Effect.logWarning("postponed", error)),
      Effect.repeat(Schedule.spaced(interval)),
      Effect.forkScoped
    )

export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    yield* Effect.forkScoped(Effect.forever(turn))
    const after = Duration.minutes(yield* Configuration.unresolvedAfterMinutes)
    yield* every("30 seconds")(tell(after))
    yield* every("1 hour")(forget)
  })
)
