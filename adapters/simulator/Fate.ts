import type { WebhookBehaviour } from "./WebhookBehaviour.ts"

/** One status that a message gets. */
export interface Step {
  readonly status: "sent" | "delivered" | "read" | "played" | "failed"
  /** Of a failure: Meta's code. */
  readonly code?: number
  /** Which of the delays it comes after. */
  readonly after: keyof WebhookBehaviour["delays"]
}

/** What becomes of an accepted message, in the order in which it happens. */
export type Fate = ReadonlyArray<Step>

const sent: Step = { status: "sent", after: "sent" }
const delivered: Step = { status: "delivered", after: "delivered" }
const read: Step = { status: "read", after: "read" }
const played: Step = { status: "played", after: "played" }

export const failed = (code: number, after: Step["after"] = "sent"): Step => ({ status: "failed", code, after })

export const onlySent: Fate = [sent]
export const silent: Fate = []
export const deliveredThenFailed: Fate = [sent, delivered, failed(131_026, "read")]
export const failedThenDelivered: Fate = [failed(131_026), delivered]
export const notRead: Fate = [sent, delivered]
/** `delivered` may be left out where the customer has the chat open (*Status messages webhook reference*). */
export const readAtOnce: Fate = [sent, read]

/** Of a reaction only `sent` is told; audio is also played. */
export const ordinary = (type: string): Fate => {
  if (type === "reaction") return onlySent
  return type === "audio" ? [sent, delivered, read, played] : [sent, delivered, read]
}

/** Meta tells the price with `sent` and with one of `delivered` and `read`. */
export const isPriced = (fate: Fate, step: Step): boolean =>
  step.status === "sent" || step === fate.find(({ status }) => status === "delivered" || status === "read")
