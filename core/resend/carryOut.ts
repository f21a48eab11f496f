/**
 * Sends a message again as the ordinary use case would send it anew: to the same person as they are known now, under the
 * rules of now (window, opt-out, approval, campaign).
 *
 * Guarantees: one wish sends once, however often the process that carries it out dies, for each is sent under an
 * idempotency key of its own; what Meta has told of the message since is heeded, and then nothing is sent. The first
 * message stays what it is: unknown, until a webhook settles it.
 */
import { DateTime, Duration, Effect, Option, Result } from "effect"
import { failure, type Failure } from "../failure/Failure.ts"
import * as Idempotency from "../message/Idempotency.ts"
import type { Report } from "../message/Report.ts"
import { type DirectRequest, sendDirect } from "../message/SendDirect.ts"
import { type IdempotencyClaim, Sends } from "../message/Sends.ts"
import { sendTemplate, type TemplateRequest } from "../message/SendTemplate.ts"
import type { ResendOutcome } from "./Resend.ts"
import type { ClaimedWish } from "./Wishes.ts"

/** Of a wish that nobody came to. Far from the end of idempotency keys: what a dead process has sent is still known. */
export const goodFor = Duration.hours(24)

/** Longer than a send may take, its own look for what became of an earlier try included. */
export const lease = Duration.minutes(1)

/** Where a database is away, or another process is still at it and does not say for how long. */
const pause = Duration.seconds(5)

export type Decision =
  | { readonly _tag: "Ended"; readonly outcome: ResendOutcome }
  | { readonly _tag: "Later"; readonly nextAt: DateTime.Utc }

/** No path of the API, so that no caller's key is ever in the way. */
const path = "/resend"

const claimOf = ({ ask, messageId }: ClaimedWish): Omit<IdempotencyClaim, "requestId"> => {
  const key = `${messageId} ${ask}`
  // What is sent under the key is the message as it was kept, and that never changes.
  return { path, key, bodyHash: messageId }
}

const noPlace = failure("missing_field", {
  field: "queue_id",
  message: "A conversa não tem fila e status: peça de novo e informe os dois."
})

const templateOf = Effect.fnUntraced(function* (wish: ClaimedWish): Effect.fn.Return<TemplateRequest, Failure> {
  const { instance, number, queueId, record, statusId } = wish
  if (number === undefined) return yield* failure("contact_without_number")
  if (queueId === undefined || statusId === undefined) return yield* noPlace
  const { campaignId, templateId, variables = {} } = record
  const idempotency = claimOf(wish)
  return {
    instance,
    requestId: idempotency.key,
    idempotency,
    number,
    contactName: undefined,
    // The campaign's is whatever template it has by now.
    templateId: campaignId === undefined ? templateId : undefined,
    campaignId,
    variables,
    queueId,
    statusId
  }
})

const directOf = (wish: ClaimedWish): DirectRequest => {
  const { contactId, instance, record } = wish
  const { mediaUrl: url, text } = record
  const idempotency = claimOf(wish)
  return {
    instance,
    requestId: idempotency.key,
    idempotency,
    contactId,
    body: url === undefined ? { _tag: "Text", text } : { _tag: "Media", url, caption: text === "" ? undefined : text }
  }
}

const send = Effect.fnUntraced(function* (wish: ClaimedWish) {
  if (wish.record.kind !== "template") return yield* sendDirect(directOf(wish))
  return yield* sendTemplate(yield* templateOf(wish))
})

const ended = (outcome: ResendOutcome): Decision => ({ _tag: "Ended", outcome })

const decisionOf = ({ messageId, result }: Report, now: DateTime.Utc): Decision => {
  const as = Option.fromUndefinedOr(messageId)
  if (result._tag === "NotSent") {
    const { code, retryAfter } = result.failure
    if (code === "idempotency_key_running" || code === "database_unavailable") {
      const wait = retryAfter === undefined ? pause : Duration.seconds(retryAfter)
      return { _tag: "Later", nextAt: DateTime.addDuration(now, wait) }
    }
    if (code !== "outcome_unknown") return ended({ _tag: "NotSent", as, failure: result.failure })
  }
  return Option.match(as, {
    // No report says so: what may have gone out has been reserved.
    onNone: (): Decision => ({ _tag: "Later", nextAt: DateTime.addDuration(now, pause) }),
    onSome: (as) => ended({ _tag: "Resent", as })
  })
}

/** Fails with `Unavailable` only before anything was done. */
export const carryOut = Effect.fnUntraced(function* (wish: ClaimedWish) {
  const { askedAt, instance, status } = wish
  const { bodyHash, key } = claimOf(wish)
  const now = yield* DateTime.now
  const earlier = yield* (yield* Sends).earlier(instance.id, path, key, now)
  // A process that died has begun it: whatever else has happened since, that is what came of it.
  if (Option.isSome(earlier)) {
    return decisionOf(Idempotency.answer(earlier.value, { requestId: key, bodyHash }, now), now)
  }
  if (status !== "unknown") return ended({ _tag: "Settled" })
  if (DateTime.isGreaterThan(now, DateTime.addDuration(askedAt, goodFor))) return ended({ _tag: "Expired" })
  const report = yield* Effect.result(send(wish))
  return Result.isFailure(report)
    ? ended({ _tag: "NotSent", as: Option.none(), failure: report.failure })
    : decisionOf(report.success, yield* DateTime.now)
})
