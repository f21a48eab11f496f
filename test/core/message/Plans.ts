/** Plans to carry out, and ways a call can end. */
import { Duration, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { PhoneNumber } from "../../../core/contact/PhoneNumber.ts"
import { MetaError } from "../../../core/failure/MetaError.ts"
import type { Instance } from "../../../core/instance/Instance.ts"
import { dispatch, type Plan } from "../../../core/message/Dispatch.ts"
import type { GatewayAnswer } from "../../../core/message/GatewayAnswer.ts"
import type { Reservation } from "../../../core/message/Sends.ts"
import { reservationIn, toNumber } from "../../contract/sends/Example.ts"
import { furnished } from "./Desk.ts"

export const ana = PhoneNumber.make("5511978049825")

export const planIn = Effect.fnUntraced(function* (
  instance: Instance,
  given: Partial<Pick<Reservation, "revision" | "recipient" | "idempotency">> = {},
  { contactName, queueId, statusId }: Partial<Plan["effects"]> = {}
) {
  const plan: Plan = {
    instance,
    requestId: "request",
    message: { to: ana, content: { type: "text", body: "Olá!" } },
    effects: { contactName, queueId, statusId },
    reservation: yield* reservationIn(instance.id, {
      recipient: toNumber(ana, contactName),
      queueId,
      statusId,
      ...given
    })
  }
  return plan
})

/** At a desk that is furnished for it. */
export const planned = (given?: Parameters<typeof planIn>[1]) =>
  Effect.flatMap(furnished, ({ instance }) => planIn(instance, given))

/** The report of a dispatch while `millis` go by. */
export const within = Effect.fnUntraced(function* (millis: number, plan: Plan) {
  const fiber = yield* Effect.forkChild(dispatch(plan), { startImmediately: true })
  yield* TestClock.adjust(Duration.millis(millis))
  return yield* Fiber.join(fiber)
})

export const accepted = { _tag: "Accepted", wamid: "wamid.A", waId: undefined, held: false } as const
export const refusedWith = (code: number): GatewayAnswer => ({ _tag: "Refused", error: new MetaError({ code }) })
export const neverLeft: GatewayAnswer = { _tag: "NeverLeft", reason: "ECONNREFUSED", retryAfter: undefined }
export const lost: GatewayAnswer = { _tag: "Lost", reason: "socket hang up" }
