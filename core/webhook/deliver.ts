/** One attempt at a delivery that was taken on, and the entry of what became of it. At least once: never lost, maybe twice. */
import { Clock, DateTime, Effect, Random } from "effect"
import type { Unavailable } from "../Unavailable.ts"
import { type ClaimedDelivery, Deliveries, type Outcome } from "./Deliveries.ts"
import type { Attempt } from "./Delivery.ts"
import { errorOf, judge, patience } from "./Retry.ts"
import { type WebhookAnswer, WebhookSender } from "./WebhookSender.ts"

const unanswered = (error: "timeout" | "secret_unavailable"): WebhookAnswer => ({ _tag: "Unanswered", error })

const post = Effect.fnUntraced(function* ({ body, delivery, endpoint, secrets }: ClaimedDelivery, at: DateTime.Utc) {
  if (secrets.length === 0) return unanswered("secret_unavailable")
  const { send } = yield* WebhookSender
  return yield* send({ url: endpoint.url, id: delivery.eventId, at, body, secrets }).pipe(
    Effect.timeoutOrElse({ duration: patience, orElse: () => Effect.succeed(unanswered("timeout")) })
  )
})

const entryOf = (answer: WebhookAnswer, at: DateTime.Utc, latencyMillis: number): Attempt => ({
  at,
  status: answer._tag === "Answered" ? answer.status : null,
  latencyMillis,
  error: errorOf(answer) ?? null,
  answer: answer._tag === "Answered" ? (answer.text ?? null) : null
})

/** Posts to the endpoint and judges what is answered. */
const attempt = Effect.fnUntraced(function* (claimed: ClaimedDelivery) {
  const begun = yield* DateTime.now
  const started = yield* Clock.monotonicTimeNanos
  const answer = yield* post(claimed, begun)
  const took = Number(((yield* Clock.monotonicTimeNanos) - started) / 1_000_000n)
  const now = yield* DateTime.now
  const { delivery, endpoint } = claimed
  const verdict = judge(answer, { attempts: delivery.attempts, endpoint }, now, yield* Random.next)
  return { attempt: entryOf(answer, begun, took), verdict, at: now } satisfies Outcome
})

export const deliver = Effect.fn("deliver")(function* (
  claimed: ClaimedDelivery
): Effect.fn.Return<Outcome, Unavailable, Deliveries | WebhookSender> {
  const { delivery } = claimed
  yield* Effect.annotateCurrentSpan({ delivery_id: delivery.id, instance_id: delivery.instanceId })
  const outcome = yield* attempt(claimed)
  yield* (yield* Deliveries).settle(claimed, outcome)
  return outcome
})

/**
 * As `deliver`, for a test that a person has asked for: one attempt, which changes nothing at the endpoint, for tests
 * tell nothing of how its events fare.
 */
export const deliverOnce = Effect.fn("deliverOnce")(function* (
  claimed: ClaimedDelivery
): Effect.fn.Return<Outcome, Unavailable, Deliveries | WebhookSender> {
  const { at, attempt: entry, verdict } = yield* attempt(claimed)
  const outcome: Outcome = {
    attempt: entry,
    verdict: {
      fate: verdict.fate._tag === "Succeeded" ? verdict.fate : { _tag: "Exhausted" },
      consequence: { _tag: "None" }
    },
    at
  }
  yield* (yield* Deliveries).settle(claimed, outcome)
  return outcome
})
