/**
 * The frame of every send: an answer that was given before is given again, else the request is judged and
 * carried out; what changed in between is judged anew.
 */
import { DateTime, Effect, Option } from "effect"
import { failure, type Failure } from "../failure/Failure.ts"
import type { Freshness } from "../instance/Directory.ts"
import type { Instance } from "../instance/Instance.ts"
import type { Unavailable } from "../Unavailable.ts"
import { dispatch, type Plan } from "./Dispatch.ts"
import * as Idempotency from "./Idempotency.ts"
import type { MessageGateway } from "./MessageGateway.ts"
import { refusal, type Report } from "./Report.ts"
import { type IdempotencyClaim, Sends } from "./Sends.ts"

export interface Request {
  readonly instance: Instance
  readonly requestId: string
  readonly idempotency: Omit<IdempotencyClaim, "requestId"> | undefined
}

/** Seconds after which a database that is away may be back. */
const retryAfter = 5

const answerToEarlier = Effect.fnUntraced(function* (
  request: Request,
  { bodyHash, key, path }: NonNullable<Request["idempotency"]>
) {
  const now = yield* DateTime.now
  const earlier = yield* (yield* Sends).earlier(request.instance.id, path, key, now)
  if (Option.isNone(earlier)) return undefined
  return Idempotency.answer(earlier.value, { requestId: request.requestId, bodyHash }, now)
})

/**
 * `plan` judges the request: by what is in memory at first, by the current state when that has changed under it.
 * Never fails: whatever stops the request is its report.
 */
export const once = <R>(
  request: Request,
  plan: (freshness: Freshness) => Effect.Effect<Plan, Failure | Unavailable, R>
): Effect.Effect<Report, never, R | Sends | MessageGateway> => {
  /** Without a key nothing was answered before. */
  const earlierOr = <E, S>(otherwise: () => Effect.Effect<Report, E, S>) =>
    request.idempotency === undefined
      ? otherwise()
      : Effect.flatMap(answerToEarlier(request, request.idempotency), (report) =>
          report ? Effect.succeed(report) : otherwise()
        )
  const attempt = (freshness: Freshness): Effect.Effect<Report, Failure | Unavailable, R | Sends | MessageGateway> =>
    Effect.flatMap(plan(freshness), dispatch).pipe(
      Effect.catchTags({
        DirectoryChanged: () => attempt("current"),
        ContactGone: () => Effect.fail(failure("contact_not_found", { field: "contact_id" })),
        OptedOut: () => Effect.fail(failure("contact_opted_out", { field: "number" })),
        // Taken between our look and our reservation: by now it has an answer, or has been given back.
        KeyTaken: () => earlierOr(() => attempt(freshness))
      })
    )
  return earlierOr(() => attempt("cached")).pipe(
    Effect.catchTags({
      Failure: (failure) => Effect.succeed(refusal(request.requestId, failure)),
      Unavailable: () => Effect.succeed(refusal(request.requestId, failure("database_unavailable", { retryAfter })))
    })
  )
}
