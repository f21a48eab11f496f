/**
 * What the dead leave behind: sends whose process ended between reservation and settlement become
 * `unknown`, and idempotency keys older than their time are forgotten.
 */
import { DateTime, Effect, Layer } from "effect"
import { abandonedAfter, keptFor } from "../../core/message/Idempotency.ts"
import { Sends } from "../../core/message/Sends.ts"
import { every, untilNone } from "./Loop.ts"

const abandon = Effect.gen(function* () {
  const sends = yield* Sends
  const now = yield* DateTime.now
  const abandoned = yield* sends.abandon(DateTime.subtractDuration(now, abandonedAfter), now)
  if (abandoned > 0) yield* Effect.logWarning("sends of a dead process became unknown", { abandoned })
})

const forget = Effect.gen(function* () {
  const sends = yield* Sends
  yield* untilNone(sends.forgetKeys(DateTime.subtractDuration(yield* DateTime.now, keptFor)))
})

export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    yield* every("5 seconds", "recovery postponed", abandon)
    yield* every("10 minutes", "recovery postponed", forget)
  })
)
