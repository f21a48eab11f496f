/** Events are kept for as long as somebody who was away may catch up with them, and then forgotten. */
import { DateTime, Effect, Layer } from "effect"
import { EventFeed, keptFor, mayBeLate } from "../../core/event/EventFeed.ts"
import { every, untilNone } from "./Loop.ts"

const forget = Effect.gen(function* () {
  const feed = yield* EventFeed
  const now = yield* DateTime.now
  const before = now.pipe(DateTime.subtractDuration(keptFor), DateTime.subtractDuration(mayBeLate))
  yield* untilNone(feed.forget(before))
})

export const layer = Layer.effectDiscard(every("10 minutes", "forgetting of events postponed", forget))
