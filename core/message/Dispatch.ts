/**
 * The phases of every send: reserved in one durable unit, handed to Meta, settled.
 *
 * Guarantees: Meta is called only after the reservation is committed; once it is, nothing interrupts
 * the rest (a caller that hangs up, a server that stops), so that every call's outcome is recorded;
 * success is reported only after the settlement is committed; a call whose outcome is not known is
 * never repeated.
 */
import { Cause, Clock, DateTime, Duration, Effect, Exit, Schedule } from "effect"
import { failure } from "../failure/Failure.ts"
import type { Instance } from "../instance/Instance.ts"
import { Unavailable } from "../Unavailable.ts"
import type { GatewayAnswer } from "./GatewayAnswer.ts"
import { MessageGateway } from "./MessageGateway.ts"
import type { OutgoingMessage } from "./OutgoingMessage.ts"
import { notSent, type Report, type Result } from "./Report.ts"
import {
  type ContactGone,
  type DirectoryChanged,
  type KeyTaken,
  type OptedOut,
  type Outcome,
  type Reservation,
  Sends,
  type Settlement
} from "./Sends.ts"
import { deadlineMillis, judge, type Verdict } from "./Verdict.ts"

/** A send that was judged and may go out. */
export interface Plan {
  readonly instance: Instance
  readonly requestId: string
  readonly reservation: Reservation
  readonly message: OutgoingMessage
  /** The new name of a contact, the new place of an open conversation: they move only when the message may have gone. */
  readonly effects: Pick<Settlement, "contactName" | "queueId" | "statusId">
}

/** A database that is briefly away is waited for this long while a request stands; a reservation is safe to repeat. */
const patience = Schedule.exponential("50 millis").pipe(Schedule.upTo({ duration: "2 seconds" }))

/** An outcome that could not be recorded is tried again behind the answer; past this the recovery finds it. */
const perseverance = Schedule.spaced("2 seconds").pipe(Schedule.upTo({ duration: "10 minutes" }))

const isUnavailable = (error: unknown): error is Unavailable => error instanceof Unavailable

/** A schedule costs its making, and almost every call succeeds at once: only a failure pays for it. */
const patiently = <A, E, R>(call: Effect.Effect<A, E | Unavailable, R>): Effect.Effect<A, E | Unavailable, R> =>
  Effect.catchIf(call, isUnavailable, () => Effect.retry(call, { schedule: patience, while: isUnavailable }))

const callUntilKnown = Effect.fnUntraced(function* (plan: Plan) {
  const gateway = yield* MessageGateway
  const clock = yield* Clock.Clock
  const started = DateTime.toEpochMillis(plan.reservation.at)
  let calls = 0
  while (true) {
    const begun = clock.currentTimeMillisUnsafe()
    const answer: GatewayAnswer = yield* (
      gateway
        .send({
          instance: plan.instance,
          attemptId: plan.reservation.attemptId,
          message: plan.message,
          timeout: Duration.millis(Math.max(1, deadlineMillis - (begun - started)))
        })
        // A defect in an adapter proves nothing about what left the machine.
        .pipe(Effect.catchDefect((defect) => Effect.succeed(lostTo(defect))))
    )
    calls += 1
    const elapsedMillis = clock.currentTimeMillisUnsafe() - started
    const verdict = judge(answer, { calls, elapsedMillis })
    if (verdict._tag !== "Retry") return { verdict, calls }
    yield* Effect.sleep(Duration.millis(verdict.afterMillis))
  }
})

const lostTo = (defect: unknown): GatewayAnswer => ({ _tag: "Lost", reason: `defect: ${String(defect)}` })

const resultOf = (
  verdict: Exclude<Verdict, { readonly _tag: "Retry" }>,
  kind: Reservation["record"]["kind"]
): Result => {
  switch (verdict._tag) {
    case "Accepted":
      return { _tag: "Sent", wamid: verdict.wamid, kind }
    case "Failed":
      return notSent(verdict.failure)
    case "Unknown":
      return notSent(failure("outcome_unknown"))
  }
}

const settle = Effect.fnUntraced(function* (settlement: Settlement) {
  const sends = yield* Sends
  const recorded = yield* Effect.exit(patiently(sends.settle(settlement)))
  if (Exit.isSuccess(recorded)) return true
  // The call was made: whatever is wrong with us, its outcome must not be told as if nothing had happened.
  if (Cause.hasDies(recorded.cause)) {
    const defect = Cause.squash(recorded.cause)
    yield* Effect.logError("outcome not recorded", { message_id: settlement.messageId, defect })
  }
  yield* sends.settle(settlement).pipe(Effect.retry(perseverance), Effect.ignore, Effect.forkDetach)
  return false
})

const nothingMoves: Plan["effects"] = { contactName: undefined, queueId: undefined, statusId: undefined }

const settlementOf = ({ effects, reservation }: Plan, moves: boolean) => ({
  messageId: reservation.messageId,
  attemptId: reservation.attemptId,
  instanceId: reservation.instanceId,
  ...(moves ? effects : nothingMoves)
})

/** The reservation may have been committed although its answer was lost: it is undone when the database is back. */
const release = Effect.fnUntraced(function* (plan: Plan) {
  const outcome: Outcome = { _tag: "Failed", failure: failure("database_unavailable"), final: false }
  yield* Effect.forkDetach(settle({ ...settlementOf(plan, false), outcome, calls: 0, at: yield* DateTime.now }))
})

/** Carries a plan out. `DirectoryChanged` and `KeyTaken` are for the caller, who judges the request again. */
export const dispatch = Effect.fnUntraced(function* (
  plan: Plan
): Effect.fn.Return<
  Report,
  DirectoryChanged | ContactGone | OptedOut | KeyTaken | Unavailable,
  Sends | MessageGateway
> {
  const sends = yield* Sends
  const { messageId } = plan.reservation
  const { contactId, moves } = yield* patiently(sends.reserve(plan.reservation)).pipe(
    Effect.tapErrorTag("Unavailable", () => release(plan))
  )
  const { calls, verdict } = yield* callUntilKnown(plan)
  const recorded = yield* settle({ ...settlementOf(plan, moves), outcome: verdict, calls, at: yield* DateTime.now })
  const result = resultOf(verdict, plan.reservation.record.kind)
  return {
    requestId: plan.requestId,
    replayed: false,
    messageId,
    contactId,
    // What is not committed is not acknowledged: until it is, nobody may count on the message having gone.
    result: recorded || result._tag === "NotSent" ? result : notSent(failure("outcome_unknown"))
  }
}, Effect.uninterruptible)
