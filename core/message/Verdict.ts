/**
 * What an answer of the gateway means for the message: the one place where "try again", "it failed",
 * "it went out" and "nobody knows" are told apart.
 */
import { type Failure, failure } from "../failure/Failure.ts"
import type { MetaError } from "../failure/MetaError.ts"
import { reactionTo } from "../failure/MetaErrorTable.ts"
import type { GatewayAnswer } from "./GatewayAnswer.ts"

export type Verdict =
  | { readonly _tag: "Accepted"; readonly wamid: string; readonly waId: string | undefined; readonly held: boolean }
  /**
   * Nothing was sent. Where the refusal is not `final`, a repetition of the request may send: whoever
   * keeps answers by idempotency key forgets this one.
   */
  | { readonly _tag: "Failed"; readonly failure: Failure; readonly final: boolean }
  | { readonly _tag: "Unknown"; readonly reason: string }
  /** Provably not sent, and there is time to try once more after `afterMillis`. */
  | { readonly _tag: "Retry"; readonly afterMillis: number }

/** How far a send has come. */
export interface Progress {
  /** Calls made, this one included: 1 after the first. */
  readonly calls: number
  readonly elapsedMillis: number
}

/** From the reservation to the answer, repetitions included. */
export const deadlineMillis = 15_000

/** A repetition that would leave Meta less time than this to answer is not begun. */
const shortestCallMillis = 1_000

/** The pair limit is repaid by waiting 4^X seconds, X from 0 (Meta, "Pair rate limits"); the others double from half a second. */
const backoffMillis = (calls: number, code: number | undefined): number =>
  code === 131056 ? 1000 * 4 ** (calls - 1) : 500 * 2 ** (calls - 1)

const failed = (failure: Failure, final = false): Verdict => ({ _tag: "Failed", failure, final })

const retryOr = (progress: Progress, afterMillis: number, otherwise: Verdict): Verdict =>
  progress.elapsedMillis + afterMillis + shortestCallMillis <= deadlineMillis
    ? { _tag: "Retry", afterMillis }
    : otherwise

const refused = (error: MetaError, progress: Progress): Verdict => {
  const reaction = reactionTo(error.code)
  if (reaction === undefined) return failed(failure("meta_unrecognized", { meta: error }), true)
  switch (reaction.kind) {
    case "open":
      return { _tag: "Unknown", reason: `Meta answered code ${error.code}` }
    case "throttle": {
      const wait = backoffMillis(progress.calls, error.code)
      const retryAfter = Math.ceil(wait / 1000)
      return retryOr(progress, wait, failed(failure("meta_throttled", { retryAfter, meta: error })))
    }
    case "busy":
      return failed(failure("meta_busy", { meta: error, retryAfter: 60 }))
    case "later":
      return reaction.retryAfter === undefined
        ? failed(failure("meta_refused_for_now", { meta: error }))
        : failed(failure("meta_refused_until", { meta: error, retryAfter: reaction.retryAfter }))
    case "account":
      return failed(failure("meta_account", { meta: error }))
    case "permanent":
      return failed(failure("meta_rejected", { meta: error }), true)
  }
}

export const judge = (answer: GatewayAnswer, progress: Progress): Verdict => {
  switch (answer._tag) {
    case "Accepted":
      return answer
    case "Lost":
      return { _tag: "Unknown", reason: answer.reason }
    case "NoSimulator":
      return failed(failure("simulator_unavailable"))
    case "NoToken":
      return failed(
        failure("meta_account", { message: "Esta instância não tem token da Meta cadastrado. Nada foi enviado." })
      )
    case "NeverLeft": {
      const wait = answer.retryAfter === undefined ? backoffMillis(progress.calls, undefined) : answer.retryAfter * 1000
      return retryOr(progress, wait, failed(failure("meta_unavailable", { retryAfter: Math.ceil(wait / 1000) })))
    }
    case "Refused":
      return refused(answer.error, progress)
  }
}
