/** Why something that came from Meta is set aside instead of being applied. */
import { Result, Schema } from "effect"

export const Reason = Schema.Literals([
  /** Not of the documented form. */
  "malformed",
  /** The payload is about another product of Meta. */
  "unknown_object",
  "unknown_field",
  /** A change of a known field with nothing in it that is known. */
  "unknown_value",
  "unknown_status",
  "unknown_message_type",
  "unknown_preference",
  /** A message that names nobody, by number or by user id. */
  "no_sender",
  /** Groups are not served: what is said in one belongs to no conversation with one person. */
  "group",
  /** Names neither a business number nor an account. */
  "unroutable",
  /** No instance has this business number or account. Only who knows the instances can tell. */
  "unknown_number",
  /** Read, and then refused by the store: a fault of ours. The rest of its payload was applied. */
  "not_applied"
])
export type Reason = typeof Reason.Type

export interface Fault {
  readonly reason: Reason
  /** In English, for an operator: what was expected and where. */
  readonly detail: string | undefined
}

/** What one item was read as, or why it was not. */
export type Read<A> = Result.Result<A, Fault>

export const fault = (reason: Reason, detail?: string): Result.Result<never, Fault> => Result.fail({ reason, detail })

/** Enough to see what is wrong; the item itself is kept beside it. */
const detailLength = 300

/** A decoder of one item that answers with a fault. Members that nobody knows are passed over. */
export const reader = <S extends Schema.ConstraintDecoder<unknown>>(
  schema: S
): ((item: unknown) => Read<S["Type"]>) => {
  const decode = Schema.decodeUnknownResult(schema)
  return (item) =>
    Result.mapError(decode(item), (error) => ({ reason: "malformed", detail: error.message.slice(0, detailLength) }))
}
