/** Reservations and settlements to start from; a test says only what it is about. */
import { DateTime, Effect } from "effect"
import { identityKey, PhoneNumber } from "../../../core/contact/PhoneNumber.ts"
import { failure } from "../../../core/failure/Failure.ts"
import type { InstanceId } from "../../../core/instance/Instance.ts"
import { MessageIds } from "../../../core/message/MessageIds.ts"
import type { Outcome, Recipient, Record, Reservation, Settlement } from "../../../core/message/Sends.ts"

export const toNumber = (digits: string, name?: string): Recipient => {
  const number = PhoneNumber.make(digits)
  return { _tag: "Number", number, identityKey: identityKey(number), name }
}

export const ana = toNumber("5511978049825", "Ana")

export const textRecord = (text: string): Record => ({
  kind: "text",
  text,
  mediaUrl: undefined,
  templateId: undefined,
  campaignId: undefined,
  variables: undefined
})

/** A text to Ana, judged on nothing, under no key, now. */
export const reservationIn = Effect.fnUntraced(function* (
  instanceId: InstanceId,
  given: Partial<Omit<Reservation, "messageId" | "attemptId" | "instanceId">> = {}
) {
  const ids = yield* MessageIds
  const reservation: Reservation = {
    marketing: false,
    messageId: yield* ids.message,
    attemptId: yield* ids.attempt,
    instanceId,
    revision: undefined,
    recipient: ana,
    queueId: undefined,
    statusId: undefined,
    record: textRecord("Olá!"),
    idempotency: undefined,
    at: yield* DateTime.now,
    ...given
  }
  return reservation
})

export const keyed = (key: string, path = "/send-message") => ({
  path,
  key,
  bodyHash: "b0d1",
  requestId: `request of ${key}`
})

export const accepted: Outcome = { _tag: "Accepted", wamid: "wamid.ABC", waId: "551178049825", held: false }
export const refusedForGood: Outcome = { _tag: "Failed", failure: failure("meta_rejected"), final: true }
export const refusedForNow: Outcome = { _tag: "Failed", failure: failure("meta_busy"), final: false }
export const unknown: Outcome = { _tag: "Unknown", reason: "socket hang up" }

/** `outcome` after one call, now, without effects. */
export const settlementOf = Effect.fnUntraced(function* (
  { attemptId, instanceId, messageId }: Reservation,
  outcome: Outcome,
  given: Partial<Pick<Settlement, "contactName" | "queueId" | "statusId" | "calls" | "at">> = {}
) {
  const settlement: Settlement = {
    messageId,
    attemptId,
    instanceId,
    outcome,
    contactName: undefined,
    queueId: undefined,
    statusId: undefined,
    calls: 1,
    at: yield* DateTime.now,
    ...given
  }
  return settlement
})
