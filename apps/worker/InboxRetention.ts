/**
 * Bodies of webhooks that were worked through are kept for a while, to see what Meta really said, and then removed.
 * Where posts wait for their work for long, this says so.
 */
import { DateTime, Duration, Effect, Layer, Option } from "effect"
import { Inbox } from "../../core/inbound/Inbox.ts"
import * as Configuration from "../configuration/Configuration.ts"
import { every, untilNone } from "./Loop.ts"

/** The work takes seconds at the worst. */
const longWait = Duration.minutes(1)

const forget = Effect.fnUntraced(function* (keptFor: Duration.Duration) {
  const inbox = yield* Inbox
  const before = DateTime.subtractDuration(yield* DateTime.now, keptFor)
  yield* untilNone(inbox.forget(before))
})

const watch = Effect.gen(function* () {
  const { oldest, posts } = yield* (yield* Inbox).backlog
  const now = yield* DateTime.now
  const waited = Option.match(oldest, { onNone: () => Duration.zero, onSome: (at) => DateTime.distance(at, now) })
  if (Duration.isLessThan(waited, longWait)) return
  yield* Effect.logWarning("webhooks wait for their work", { posts, seconds: Math.floor(Duration.toSeconds(waited)) })
})

const postponed = "inbox not looked after"

export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const keptFor = Duration.days(yield* Configuration.webhookRetentionDays)
    yield* every("1 minute", postponed, watch)
    yield* every("10 minutes", postponed, forget(keptFor))
  })
)
