/** Events are kept for as long as somebody who was away may catch up with them, and then forgotten. */
import { DateTime, Effect, Layer, Schedule } from "effect"
import { EventFeed, keptFor, mayBeLate } from "../../core/event/EventFeed.ts"

const forget = Effect.gen(function* () {
  const feed = yield* EventFeed
  const now = yield* DateTime.now
  const before = now.pipe(DateTime.subtractDuration(keptFor), DateTime.subtractDuration(mayBeLate))
  while ((yield* feed.forget(before)) > 0) yield* Effect.yieldNow
}).pipe(
  // A database that is away is found again at the next turn.
  Effect.catchTag("Unavailable", (error) => Effect.logWarning("forgetting of events postponed", error))
)

export const layer = Layer.effectDiscard(Effect.forkScoped(Effect.repeat(forget, Schedule.spaced("10 minutes"))))
