/**
 * Bodies of webhooks that were worked through are kept for a while, to see what Meta really said, and then removed.
 * Where posts wait for their work for long, this says so.
 */
import { DateTime, Duration, Effect, Layer, Option, Schedule } from "effect"
import { Inbox } from "../../core/inbound/Inbox.ts"
import type { Unavailable } from "../../core/Unavailable.ts"
import * as Configuration from "../configuration/Configuration.ts"

/** The work takes seconds at the worst. */
const longWait = Duration.minutes(1)

const forget = Effect.fnUntraced(function* (keptFor: Duration.Duration) {
  const inbox = yield* Inbox
  const before = DateTime.subtractDuration(yield* DateTime.now, keptFor)
  while ((yield* inbox.forget(before)) > 0) yield* Effect.yieldNow
})

const watch = Effect.gen(function* () {
  const { oldest, posts } = yield* (yield* Inbox).backlog
  const now = yield* DateTime.now
  const waited = Option.match(oldest, { onNone: () => Duration.zero, onSome: (at) => DateTime.distance(at, now) })
  if (Duration.isLessThan(waited, longWait)) return
  yield* Effect.logWarning("webhooks wait for their work", { posts, seconds: Math.floor(Duration.toSeconds(waited)) })
})

/** A database that is away is found again at the next turn. */
const every = <R>(interval: Duration.Input, work: Effect.Effect<void, Unavailable, R>) =>
  work.pipe(
    Effect.catch((error) => Effect.logWarning("inbox not looked after", error)),
    Effect.repeat(Schedule.spaced(interval)),
    Effect.forkScoped
  )

export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const keptFor = Duration.days(yield* Configuration.webhookRetentionDays)
    yield* every("1 minute", watch)
    yield* every("10 minutes", forget(keptFor))
  })
)
