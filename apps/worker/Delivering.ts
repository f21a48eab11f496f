/**
 * Tells webhook endpoints of what happens. Any number of workers may do so: each delivery is with one of them, and each
 * endpoint is waited for by its own deliveries only.
 *
 * Told to stop, a worker takes nothing more on and finishes what is under way; what does not end in time comes back to
 * another worker when its lease is over.
 */
import { DateTime, Effect, FiberSet, Latch, Layer } from "effect"
import { type ClaimedDelivery, Deliveries } from "../../core/webhook/Deliveries.ts"
import { deliver } from "../../core/webhook/deliver.ts"
import { keptFor } from "../../core/webhook/Delivery.ts"
import { follow } from "../../core/webhook/follow.ts"
import { lease } from "../../core/webhook/Retry.ts"
import * as Telemetry from "../telemetry/WebhookTelemetry.ts"
import { every, forever, untilNone } from "./Loop.ts"

/** Requests under way in one process: those of 128 endpoints that all keep it waiting. */
const atOnce = 1024

/** How long a worker that has found nothing looks away. */
const pause = "250 millis"

/** Shorter than what container runtimes grant before they kill. */
const grace = "8 seconds"

/** What goes wrong here stays with its delivery, which comes back when its lease has run out. */
const deliverOne = (claimed: ClaimedDelivery) =>
  deliver(claimed).pipe(
    Effect.flatMap((outcome) => Telemetry.record(claimed, outcome)),
    Effect.catchTag("Unavailable", (error) => Effect.logWarning("webhook sent and not entered", error)),
    Effect.catchDefect((defect) => Effect.logError("webhook not sent", defect)),
    Effect.annotateLogs({ delivery_id: claimed.delivery.id, instance_id: claimed.delivery.instanceId })
  )

const faults = { failed: "webhooks failed", postponed: "webhooks postponed" }

const forget = Effect.gen(function* () {
  const deliveries = yield* Deliveries
  const now = yield* DateTime.now
  const before = {
    succeeded: DateTime.subtractDuration(now, keptFor.succeeded),
    exhausted: DateTime.subtractDuration(now, keptFor.exhausted)
  }
  yield* untilNone(deliveries.forget(before))
})

export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const deliveries = yield* Deliveries
    const underWay = yield* FiberSet.make<void, never>()
    yield* Effect.addFinalizer(() => Effect.timeoutOption(FiberSet.awaitEmpty(underWay), grace))

    /** Open when there may be something to send that was not there before. */
    const news = yield* Latch.make()

    const followOnce = Effect.gen(function* () {
      const { entered, more } = yield* follow
      if (entered > 0) yield* news.open
      if (!more) yield* Effect.sleep(pause)
    })

    const deliverSome = Effect.gen(function* () {
      yield* news.close
      const free = atOnce - (yield* FiberSet.size(underWay))
      const claimed = free > 0 ? yield* deliveries.claim(yield* DateTime.now, lease, free) : []
      for (const one of claimed) yield* FiberSet.run(underWay, Effect.ensuring(deliverOne(one), news.open))
      if (claimed.length === 0) yield* Effect.raceFirst(news.await, Effect.sleep(pause))
    })

    yield* forever(faults, followOnce)
    yield* forever(faults, deliverSome)
    yield* every("10 minutes", "deliveries not forgotten", forget)
  })
)
