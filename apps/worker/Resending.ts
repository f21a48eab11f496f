/**
 * Sends again what a person wished to be sent again. Any number of workers may do so: each wish is with one of them, and
 * what one that died has begun is looked after by another and not begun anew.
 */
import { DateTime, Effect, Layer } from "effect"
import { carryOut, type Decision, lease } from "../../core/resend/carryOut.ts"
import { type ClaimedWish, Wishes } from "../../core/resend/Wishes.ts"
import { forever } from "./Loop.ts"

/** In one process. */
const atOnce = 8

/** How long a worker that has found nothing looks away. */
const pause = "1 second"

const tell = (decision: Decision) => {
  if (decision._tag === "Later") {
    return Effect.logWarning("resending postponed", { next_at: DateTime.formatIso(decision.nextAt) })
  }
  const { outcome } = decision
  switch (outcome._tag) {
    case "Resent":
      return Effect.logInfo("message sent again", { resent_as: outcome.as })
    case "NotSent":
      return Effect.logWarning("message not sent again", { code: outcome.failure.code })
    default:
      return Effect.logInfo("message not sent again", { outcome: outcome._tag })
  }
}

const enter = (wish: ClaimedWish, decision: Decision) =>
  Wishes.use((wishes) =>
    decision._tag === "Ended" ? wishes.end(wish, decision.outcome) : wishes.postpone(wish, decision.nextAt)
  )

/** What goes wrong here stays with its wish, which comes back when its lease has run out. */
const resend = (wish: ClaimedWish) =>
  carryOut(wish).pipe(
    Effect.tap((decision) => enter(wish, decision)),
    Effect.flatMap(tell),
    Effect.catchTag("Unavailable", (error) => Effect.logWarning("resending postponed", error)),
    Effect.catchDefect((defect) => Effect.logError("message not sent again", defect)),
    Effect.annotateLogs({ message_id: wish.messageId, instance_id: wish.instance.id })
  )

const turn = Effect.gen(function* () {
  const claimed = yield* (yield* Wishes).claim(yield* DateTime.now, lease, atOnce)
  yield* Effect.forEach(claimed, resend, { concurrency: "unbounded", discard: true })
  if (claimed.length === 0) yield* Effect.sleep(pause)
})

export const layer = Layer.effectDiscard(
  forever({ failed: "resending failed", postponed: "resending postponed" }, turn)
)
