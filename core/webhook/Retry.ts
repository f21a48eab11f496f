/**
 * What an answer means for the delivery and for its endpoint: the one place where "arrived", "again later", "no more"
 * and "leave it alone" are told apart.
 *
 * Only a status of 200 to 299 is success. What fails is tried again after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h,
 * each a tenth more or less. 410 disables the endpoint, as five days of nothing but failure do. 429, 502, 503, 504 and
 * `Retry-After` hold everything that goes to it.
 *
 * Source: the Standard Webhooks specification, 1.0.0: "Deliverability and reliability"; RFC 9110, 10.2.3 (`Retry-After`).
 */
import { DateTime, Duration, Option } from "effect"
import type { AttemptError } from "./Delivery.ts"
import type { DisabledReason, WebhookEndpoint } from "./WebhookEndpoint.ts"
import type { WebhookAnswer } from "./WebhookSender.ts"

/** From the connection to the end of the answer. */
export const patience = Duration.seconds(15)

/** Longer than an attempt and the entry of its outcome: who holds a delivery for longer is dead. */
export const lease = Duration.minutes(1)

/** After the first attempt, the second, and so on. */
export const gaps: ReadonlyArray<Duration.Duration> = [
  Duration.seconds(5),
  Duration.minutes(5),
  Duration.minutes(30),
  Duration.hours(2),
  Duration.hours(5),
  Duration.hours(10),
  Duration.hours(10)
]

const jitter = 0.1

/** Of nothing but failure. */
export const disabledAfter = Duration.days(5)

const longestHold = Duration.hours(24)

/** What is held without having said for how long: doubled each time in a row, up to the longest. */
const firstHold = Duration.seconds(5)
const longestOwnHold = Duration.minutes(5)

/** At once, while all is well; and while nothing has succeeded since a failure. */
export const inFlight = { usually: 8, failing: 1 } as const

const slowingStatuses = new Set([429, 502, 503, 504])

/** How things stood when the attempt began. */
export interface Standing {
  /** This one included. */
  readonly attempts: number
  readonly endpoint: Pick<WebhookEndpoint, "failingSince" | "holds">
}

export interface Hold {
  readonly until: DateTime.Utc
  readonly holds: number
}

/** What becomes of the delivery. */
export type Fate =
  | { readonly _tag: "Succeeded" }
  | { readonly _tag: "Later"; readonly nextAt: DateTime.Utc }
  | { readonly _tag: "Exhausted" }

/** What changes at the endpoint. */
export type Consequence =
  | { readonly _tag: "None" }
  | { readonly _tag: "Recovered" }
  | { readonly _tag: "Failing"; readonly since: DateTime.Utc; readonly hold: Hold | undefined }
  | { readonly _tag: "Disabled"; readonly reason: Exclude<DisabledReason, "requested">; readonly since: DateTime.Utc }

export interface Verdict {
  readonly fate: Fate
  readonly consequence: Consequence
}

const isSuccess = (answer: WebhookAnswer): boolean =>
  answer._tag === "Answered" && answer.status >= 200 && answer.status <= 299

/** Why the attempt failed; nothing where it did not. */
export const errorOf = (answer: WebhookAnswer): AttemptError | undefined => {
  if (answer._tag === "Unanswered") return answer.error
  if (isSuccess(answer)) return undefined
  if (answer.status === 410) return "gone"
  return answer.status >= 300 && answer.status <= 399 ? "redirected" : "refused"
}

const httpDate = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/u

const capped = (wait: Duration.Duration, most: Duration.Duration): Duration.Duration => Duration.min(wait, most)

/** How long `header`, a `Retry-After`, asks to be left alone, from `now` on; nothing where it does not say so. */
export const retryAfter = (header: string, now: DateTime.Utc): Duration.Duration | undefined => {
  const text = header.trim()
  if (/^\d{1,10}$/u.test(text)) return capped(Duration.seconds(Number(text)), longestHold)
  if (!httpDate.test(text)) return undefined
  return Option.match(DateTime.make(text), {
    onNone: () => undefined,
    onSome: (until) => capped(Duration.max(DateTime.distance(now, until), Duration.zero), longestHold)
  })
}

const holdOf = (answer: WebhookAnswer, holds: number, now: DateTime.Utc): Hold | undefined => {
  if (answer._tag === "Unanswered") return undefined
  const asked = answer.retryAfter === undefined ? undefined : retryAfter(answer.retryAfter, now)
  if (asked !== undefined) return { until: DateTime.addDuration(now, asked), holds }
  if (!slowingStatuses.has(answer.status)) return undefined
  const own = capped(Duration.times(firstHold, 2 ** Math.min(holds, 16)), longestOwnHold)
  return { until: DateTime.addDuration(now, own), holds: holds + 1 }
}

/** `random`: from 0 to 1. */
const fateOf = (attempts: number, hold: Hold | undefined, now: DateTime.Utc, random: number): Fate => {
  const gap = gaps[attempts - 1]
  if (gap === undefined) return { _tag: "Exhausted" }
  const wait = Math.round(Duration.toMillis(gap) * (1 + jitter * (2 * random - 1)))
  const nextAt = DateTime.addDuration(now, Duration.millis(wait))
  return { _tag: "Later", nextAt: hold === undefined ? nextAt : DateTime.max(nextAt, hold.until) }
}

const consequenceOf = (
  answer: WebhookAnswer,
  { failingSince }: Standing["endpoint"],
  hold: Hold | undefined,
  now: DateTime.Utc
): Consequence => {
  const since = Option.getOrElse(failingSince, () => now)
  if (errorOf(answer) === "gone") return { _tag: "Disabled", reason: "gone", since }
  if (Duration.isGreaterThanOrEqualTo(DateTime.distance(since, now), disabledAfter)) {
    return { _tag: "Disabled", reason: "failing", since }
  }
  return Option.isSome(failingSince) && hold === undefined ? { _tag: "None" } : { _tag: "Failing", since, hold }
}

/** What follows from `answer`, that came at `now`. `random` (from 0 to 1) spreads the repetitions. */
export const judge = (
  answer: WebhookAnswer,
  { attempts, endpoint }: Standing,
  now: DateTime.Utc,
  random: number
): Verdict => {
  if (isSuccess(answer)) {
    const failed = Option.isSome(endpoint.failingSince) || endpoint.holds > 0
    return { fate: { _tag: "Succeeded" }, consequence: { _tag: failed ? "Recovered" : "None" } }
  }
  const hold = holdOf(answer, endpoint.holds, now)
  return { fate: fateOf(attempts, hold, now, random), consequence: consequenceOf(answer, endpoint, hold, now) }
}
