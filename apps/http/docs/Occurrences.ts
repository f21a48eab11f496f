/** Which failures can occur where, and one of each as it would be answered. */
import { graphError } from "../../../adapters/simulator/GraphError.ts"
import type { ErrorCode } from "../../../core/failure/Catalogue.ts"
import { errorCodes } from "../../../core/failure/Catalogue.ts"
import { type Failure, failure } from "../../../core/failure/Failure.ts"
import { MetaError } from "../../../core/failure/MetaError.ts"
import type { GatewayAnswer } from "../../../core/message/GatewayAnswer.ts"
import { deadlineMillis, judge } from "../../../core/message/Verdict.ts"

/** Of other addresses, and of those that no route serves; every other code is one of a sending endpoint. */
const elsewhere: ReadonlySet<ErrorCode> = new Set([
  "not_found",
  "invalid_signature",
  "invalid_verify_token",
  "invalid_cursor",
  "no_such_contact",
  "message_not_found",
  "media_pending",
  "media_unavailable",
  "media_store_unavailable",
  "webhook_endpoint_not_found",
  "webhook_url_not_allowed",
  "too_many_webhook_endpoints",
  "delivery_not_found",
  "event_not_found"
])

const onlyTemplate: ReadonlySet<ErrorCode> = new Set([
  "invalid_number",
  "template_not_found",
  "template_not_approved",
  "campaign_not_found",
  "campaign_not_active",
  "queue_not_found",
  "status_not_found",
  "contact_opted_out",
  "missing_variables",
  "invalid_variable"
])

const onlyDirect: ReadonlySet<ErrorCode> = new Set([
  "instance_not_authorized",
  "contact_not_found",
  "contact_without_number",
  "window_closed",
  "caption_not_allowed"
])

/** What `POST /send-message` can fail with. */
export const templateCodes: ReadonlyArray<ErrorCode> = errorCodes.filter(
  (code) => !elsewhere.has(code) && !onlyDirect.has(code)
)

/** What `POST /sendmessage` can fail with. */
export const directCodes: ReadonlyArray<ErrorCode> = errorCodes.filter(
  (code) => !elsewhere.has(code) && !onlyTemplate.has(code)
)

/** From the reservation on the answer names the message and the contact. */
export const namesMessage: ReadonlySet<ErrorCode> = new Set([
  "idempotency_key_running",
  "meta_rejected",
  "meta_refused_for_now",
  "meta_throttled",
  "meta_refused_until",
  "meta_account",
  "meta_unrecognized",
  "meta_busy",
  "meta_unavailable",
  "outcome_unknown",
  "simulator_unavailable"
])

/** Refused by Meta for good, or perhaps sent: what an idempotency key is answered again. */
export const isKept: ReadonlySet<ErrorCode> = new Set(["meta_rejected", "meta_unrecognized", "outcome_unknown"])

/** When a send has been repeated until no time is left for another call. */
const exhausted = { calls: 5, elapsedMillis: deadlineMillis / 2 }

/** Meta's refusal by `code`, as a caller is told. */
export const refusedBy = (code: number): Failure => judged(refusal(code))

/** Whether a refusal by `code` is first repeated by us. */
export const isRepeatedByUs = (code: number): boolean =>
  judge(refusal(code), { calls: 1, elapsedMillis: 0 })._tag === "Retry"

const refusal = (code: number): GatewayAnswer => {
  const { details, message } = graphError(code)
  const error = { code, title: message, ...(details === undefined ? {} : { details }) }
  return { _tag: "Refused", error: new MetaError({ ...error, fbtrace_id: "Az8or2yhqkZfEZ-_4Qn_Bam" }) }
}

const judged = (answer: GatewayAnswer): Failure => {
  const verdict = judge(answer, exhausted)
  return verdict._tag === "Failed" ? verdict.failure : failure("outcome_unknown")
}

/** The field an example speaks of: the endpoint's own. */
interface Fields {
  readonly [code: string]: string
}

export const templateFields: Fields = {
  missing_field: "queue_id",
  unknown_field: "fila",
  invalid_field: "status_id",
  invalid_number: "number",
  one_of_required: "template_id",
  template_not_found: "template_id",
  template_not_approved: "template_id",
  campaign_not_found: "campaign_id",
  campaign_not_active: "campaign_id",
  queue_not_found: "queue_id",
  status_not_found: "status_id",
  missing_variables: "variables",
  invalid_variable: "variables.nome",
  media_url_not_allowed: "variables.imagem",
  media_unreachable: "variables.imagem",
  media_type_unsupported: "variables.imagem",
  media_too_large: "variables.imagem"
}

export const directFields: Fields = {
  missing_field: "contact_id",
  unknown_field: "texto",
  invalid_field: "contact_id",
  one_of_required: "message_content",
  instance_not_authorized: "instance_id",
  contact_not_found: "contact_id",
  contact_without_number: "contact_id",
  window_closed: "contact_id",
  media_url_not_allowed: "media_url",
  media_unreachable: "media_url",
  media_type_unsupported: "media_url",
  media_too_large: "media_url",
  caption_not_allowed: "media_caption"
}

/** One failure of `code`: the product's own judgement where Meta is involved, else the catalogue's entry. */
export const sampleOf = (code: ErrorCode, fields: Fields): Failure => {
  const field = fields[code]
  switch (code) {
    case "meta_rejected":
      return refusedBy(131026)
    case "meta_refused_for_now":
      return refusedBy(131048)
    case "meta_throttled":
      return refusedBy(130429)
    case "meta_refused_until":
      return refusedBy(131049)
    case "meta_account":
      return refusedBy(190)
    case "meta_unrecognized":
      return refusedBy(999_999)
    case "meta_busy":
      return refusedBy(131016)
    case "meta_unavailable":
      return judged({ _tag: "NeverLeft", reason: "refused", retryAfter: undefined })
    case "simulator_unavailable":
      return judged({ _tag: "NoSimulator" })
    case "idempotency_key_running":
      return failure(code, { retryAfter: 12 })
    case "database_unavailable":
      return failure(code, { retryAfter: 5 })
    default:
      return failure(code, field === undefined ? {} : { field })
  }
}
