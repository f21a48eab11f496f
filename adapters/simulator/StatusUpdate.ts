import { Predicate } from "effect"
import type { BusinessNumbers } from "./BusinessNumbers.ts"
import type { EntryPoint, EntryPoints } from "./EntryPoints.ts"
import type { Fate, Step } from "./Fate.ts"
import { isPriced } from "./Fate.ts"
import { catalogueEntry } from "./GraphErrorCatalogue.ts"
import type { Send } from "./Ledger.ts"
import type { People, Person } from "./People.ts"
import type { Templates } from "./Templates.ts"
import type { Update, Wire } from "./WebhookPayload.ts"

export interface StatusParts {
  readonly numbers: BusinessNumbers
  readonly people: People
  readonly entryPoints: EntryPoints
  readonly templates: Templates
}

const href = "/documentation/business-messaging/whatsapp/support/error-codes"

/** An error inside a webhook, which has another shape than that of an answer. */
export const reportedError = (code: number, overrides: { readonly title?: string; readonly details?: string } = {}) => {
  const { details, title } = { ...catalogueEntry(code), ...overrides }
  return { code, title, message: title, error_data: { details }, href }
}

export const contactBeside = ({ name, userId, username, waId }: Person): Wire => ({
  profile: { name, ...(username === undefined ? {} : { username }) },
  ...(waId === undefined ? {} : { wa_id: waId }),
  user_id: userId
})

export const seconds = (millis: number): string => String(Math.floor(millis / 1000))

export const typeOf = ({ body }: Send): string =>
  Predicate.hasProperty(body, "type") && typeof body.type === "string" ? body.type : "text"

const isPhone = (to: string): boolean => /^\d+$/u.test(to)

const recipientOf = ({ to }: Send, people: People): Person => (isPhone(to) ? people.byPhone(to) : people.byUserId(to))

/** Whether the price is what it costs to answer a customer, or which template's. */
const categoryOf = (send: Send, templates: Templates): string => {
  if (typeOf(send) !== "template") return "service"
  return templates.categoryOf(send.body)?.toLowerCase() ?? "utility"
}

const pricingOf = (send: Send, templates: Templates, entryPoint: EntryPoint | undefined) =>
  entryPoint === undefined
    ? { billable: true, pricing_model: "PMP", type: "regular", category: categoryOf(send, templates) }
    : { billable: false, pricing_model: "PMP", type: "free_entry_point", category: "referral_conversion" }

/** From version 24 on there is one only in a free entry point; when it ends is told once. */
const conversationOf = ({ endsAt, id }: EntryPoint, { status }: Step) => ({
  id,
  ...(status === "sent" ? { expiration_timestamp: seconds(endsAt) } : {}),
  origin: { type: "referral_conversion" }
})

/**
 * A status in Meta's form of version 24 and later (*Status messages webhook reference*). `at`: when it happened, in
 * milliseconds. Who is not shown by number is shown by user id alone; the failure of a message to a number shows no user id.
 */
export const statusUpdate = (send: Send, fate: Fate, step: Step, at: number, parts: StatusParts): Update => {
  const number = parts.numbers.of(send.phone_number_id)
  const person = recipientOf(send, parts.people)
  const failed = step.status === "failed"
  const entryPoint = failed
    ? undefined
    : parts.entryPoints.during(send.phone_number_id, person.userId, Date.parse(send.at))
  return {
    kind: "statuses",
    number,
    contact: failed ? undefined : contactBeside(person),
    label: `${step.status} ${send.wamid}`,
    item: {
      id: send.wamid,
      status: step.status,
      timestamp: seconds(at),
      ...(person.waId === undefined ? {} : { recipient_id: person.waId }),
      ...(failed && person.waId !== undefined ? {} : { recipient_user_id: person.userId }),
      ...(send.attempt_id === null ? {} : { biz_opaque_callback_data: send.attempt_id }),
      ...(entryPoint === undefined ? {} : { conversation: conversationOf(entryPoint, step) }),
      ...(isPriced(fate, step) && { pricing: pricingOf(send, parts.templates, entryPoint) }),
      ...(step.code === undefined ? {} : { errors: [reportedError(step.code)] })
    }
  }
}
