import type { ContactId } from "../contact/Contact.ts"
import type { Failure } from "../failure/Failure.ts"
import type { MessageId } from "./Message.ts"
import type { Record } from "./Sends.ts"

export type Result =
  | { readonly _tag: "Sent"; readonly wamid: string; readonly kind: Record["kind"] }
  | { readonly _tag: "NotSent"; readonly failure: Failure }

/** What a send is answered with, whole: enough to render it in any of the published forms. */
export interface Report {
  /** The request that did the work: another than the one answered, where an earlier answer is repeated. */
  readonly requestId: string
  readonly replayed: boolean
  /** Set from the reservation on, failures included: an integrator can always ask what became of it. */
  readonly messageId: MessageId | undefined
  readonly contactId: ContactId | undefined
  readonly result: Result
}

export const notSent = (failure: Failure): Result => ({ _tag: "NotSent", failure })

/** A request that ended before anything of it was kept. */
export const refusal = (requestId: string, failure: Failure): Report => ({
  requestId,
  replayed: false,
  messageId: undefined,
  contactId: undefined,
  result: notSent(failure)
})
