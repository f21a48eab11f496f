/**
 * Doing it once: what a request that brings a used `Idempotency-Key` is answered. Nothing is stored but
 * the link from key to message: the answer is derived from what is known of the message *now*, so that
 * a crash between send and answer loses nothing and an unknown outcome is told as soon as it is settled.
 */
import { DateTime, Duration } from "effect"
import { failure } from "../failure/Failure.ts"
import { notSent, type Report, type Result } from "./Report.ts"
import type { Earlier } from "./Sends.ts"
import { deadlineMillis } from "./Verdict.ts"

/** How long an answer can be asked for again. */
export const keptFor = Duration.hours(72)

/**
 * After its deadline a request gets this long to record its outcome before it counts as dead: longer than
 * the tries it makes with a database that does not answer.
 */
const marginMillis = 15_000

/** A send that was reserved longer ago than this and is not settled has lost its process. */
export const abandonedAfter = Duration.millis(deadlineMillis + marginMillis)

const resultOf = (earlier: Earlier): Result => {
  if (earlier.failure !== undefined) return notSent(earlier.failure)
  return earlier.wamid === undefined
    ? notSent(failure("outcome_unknown"))
    : { _tag: "Sent", wamid: earlier.wamid, kind: earlier.kind }
}

/** The answer to a request that found `earlier` under its key. */
export const answer = (
  earlier: Earlier,
  request: { readonly requestId: string; readonly bodyHash: string },
  now: DateTime.Utc
): Report => {
  const ids = { messageId: earlier.messageId, contactId: earlier.contactId }
  if (earlier.bodyHash !== request.bodyHash) {
    const result = notSent(failure("idempotency_key_reused"))
    return { requestId: request.requestId, replayed: false, messageId: undefined, contactId: undefined, result }
  }
  if (earlier.status === "reserved" && earlier.wamid === undefined) {
    const dead = DateTime.addDuration(earlier.reservedAt, abandonedAfter)
    const left = DateTime.toEpochMillis(dead) - DateTime.toEpochMillis(now)
    if (left > 0) {
      const result = notSent(failure("idempotency_key_running", { retryAfter: Math.ceil(left / 1000) }))
      return { requestId: request.requestId, replayed: false, ...ids, result }
    }
  }
  return { requestId: earlier.requestId, replayed: true, ...ids, result: resultOf(earlier) }
}
