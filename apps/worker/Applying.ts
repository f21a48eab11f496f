/**
 * Works through what Meta posted, as soon as it is there, and tells of messages of which nobody knows what became of
 * them. Any number of workers may run: one at a time is at it.
 */
import { DateTime, Duration, Effect, Layer } from "effect"
import { Updates } from "../../core/inbound/Updates.ts"
import * as Configuration from "../configuration/Configuration.ts"
import { every, forever, untilNone } from "./Loop.ts"

/** How long a worker that has found nothing looks away. */
const pause = "100 millis"

/** Meta repeats a webhook for seven days, and tells of a message for thirty. */
const rememberedFor = Duration.days(30)

const turn = Effect.gen(function* () {
  const { more, payloads, setAside } = yield* (yield* Updates).workThrough(yield* DateTime.now)
  if (payloads > 0) yield* Effect.logDebug("webhooks applied", { payloads, set_aside: setAside })
  if (setAside > 0) yield* Effect.logWarning("parts of webhooks were set aside", { set_aside: setAside })
  if (!more) yield* Effect.sleep(pause)
})

/** An outcome that no webhook has settled by then is a person's to look into. */
const tell = Effect.fnUntraced(function* (after: Duration.Duration) {
  const now = yield* DateTime.now
  const told = yield* (yield* Updates).tellUnresolved(DateTime.subtractDuration(now, after), now)
  if (told > 0) yield* Effect.logWarning("nobody knows what became of messages", { messages: told })
})

const forget = Effect.gen(function* () {
  const before = DateTime.subtractDuration(yield* DateTime.now, rememberedFor)
  yield* untilNone((yield* Updates).forget(before))
})

export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    yield* forever({ failed: "applying failed", postponed: "applying postponed" }, turn)
    const after = Duration.minutes(yield* Configuration.unresolvedAfterMinutes)
    yield* every("30 seconds", "telling of unknown outcomes postponed", tell(after))
    yield* every("1 hour", "forgetting of news postponed", forget)
  })
)
