/**
 * What Meta's answer to a send says, read with suspicion: whoever sits between may answer anything.
 *
 * Source: Meta, "Send messages" (response), "Error codes"; Graph API, "Handling errors".
 */
import { Option, Predicate, Result, Schema } from "effect"
import { MetaError } from "../../core/failure/MetaError.ts"
import type { GatewayAnswer } from "../../core/message/GatewayAnswer.ts"

/** Ids are visible ASCII; Meta's own are far shorter. Anything else is no id and would not survive storage. */
const Id = Schema.String.check(Schema.isPattern(/^[!-~]{1,512}$/u))

const Taken = Schema.Struct({
  messages: Schema.TupleWithRest(
    Schema.Tuple([Schema.Struct({ id: Id, message_status: Schema.optionalKey(Schema.Unknown) })]),
    [Schema.Unknown]
  ),
  contacts: Schema.optionalKey(Schema.Unknown)
})

/** Only the code is required: a refusal stays one however odd its words are. */
const Envelope = Schema.Struct({
  error: Schema.Struct({
    code: Schema.Int,
    error_subcode: Schema.optionalKey(Schema.Unknown),
    message: Schema.optionalKey(Schema.Unknown),
    error_user_title: Schema.optionalKey(Schema.Unknown),
    error_user_msg: Schema.optionalKey(Schema.Unknown),
    /** An object with `details`, absent in generic Graph errors, a string on some endpoints. */
    error_data: Schema.optionalKey(Schema.Unknown),
    fbtrace_id: Schema.optionalKey(Schema.Unknown)
  })
})

const isId = Schema.is(Id)
const parse = (body: string): Result.Result<unknown, unknown> => Result.try((): unknown => JSON.parse(body))
const readTaken = Schema.decodeUnknownOption(Taken)
const readEnvelope = Schema.decodeUnknownOption(Envelope)
const readDetails = Schema.decodeUnknownOption(Schema.Struct({ details: Schema.Unknown }))
const isInt = Schema.is(Schema.Int)
const isText = Schema.is(Schema.NonEmptyString)

/** PostgreSQL stores neither a NUL nor half a character, and a refusal must not fail on the way to being recorded. */
const text = (value: unknown): string | undefined =>
  isText(value) ? value.replaceAll("\0", "").toWellFormed() : undefined

/**
 * `paused` means that Meta has the message and delivery waits for its template, as with the quality assessment: a
 * status webhook tells in the end.
 */
const waits = (messageStatus: unknown): boolean =>
  messageStatus === "held_for_quality_assessment" || messageStatus === "paused"

const detailsOf = (data: unknown): string | undefined =>
  text(data) ?? Option.getOrUndefined(Option.map(readDetails(data), ({ details }) => text(details)))

const metaError = ({ error }: typeof Envelope.Type): MetaError => {
  const title = text(error.error_user_title) ?? text(error.message)
  const details = detailsOf(error.error_data) ?? text(error.error_user_msg)
  const trace = text(error.fbtrace_id)
  return new MetaError({
    code: error.code,
    ...(isInt(error.error_subcode) && { subcode: error.error_subcode }),
    ...(title !== undefined && { title }),
    ...(details !== undefined && { details }),
    ...(trace !== undefined && { fbtrace_id: trace })
  })
}

/** Told beside the id, and missing now and then: an answer is no worse for it. */
const recipientOf = (contacts: unknown): string | undefined => {
  const first: unknown = Array.isArray(contacts) ? contacts[0] : undefined
  return Predicate.hasProperty(first, "wa_id") && isId(first.wa_id) ? first.wa_id : undefined
}

/**
 * A success is a 2xx with a `wamid`; an error envelope is a refusal under any status; all else proves nothing.
 * The reason of what proves nothing repeats no part of the answer.
 */
export const read = (status: number, body: string): GatewayAnswer => {
  const json = parse(body)
  if (Result.isFailure(json)) return { _tag: "Lost", reason: `status ${status}, no JSON` }
  const succeeded = status >= 200 && status < 300
  const taken = succeeded ? readTaken(json.success) : Option.none()
  if (Option.isSome(taken)) {
    const { id, message_status } = taken.value.messages[0]
    return {
      _tag: "Accepted",
      wamid: id,
      waId: recipientOf(taken.value.contacts),
      held: waits(message_status)
    }
  }
  const envelope = readEnvelope(json.success)
  if (Option.isSome(envelope)) return { _tag: "Refused", error: metaError(envelope.value) }
  return { _tag: "Lost", reason: succeeded ? `status ${status}, no message id` : `status ${status}, no error envelope` }
}
