/**
 * The three forms a failure is told in: as `/send-message` publishes it, as `/sendmessage` does, and as
 * an RFC 9457 problem everywhere else. All carry the same members.
 */
import { entryOf } from "../../core/failure/Catalogue.ts"
import type { Failure } from "../../core/failure/Failure.ts"
import type { MetaError } from "../../core/failure/MetaError.ts"
import type { MessageId } from "../../core/message/Message.ts"
import type { Result } from "../../core/message/Report.ts"

interface Context {
  readonly requestId: string
  readonly messageId: MessageId | undefined
  /** `https://api.example.com`, no slash at the end: where the documentation is found. */
  readonly publicUrl: string
}

interface Details {
  readonly code: string
  readonly message: string
  readonly field?: string
  readonly retryable: boolean
  readonly retry_after?: number
  readonly action: string
  readonly meta?: MetaError
  readonly message_ref?: string
  readonly request_id: string
  readonly doc_url: string
}

const detailsOf = (failure: Failure, context: Context): Details => ({
  code: failure.code,
  message: failure.message,
  ...(failure.field === undefined ? {} : { field: failure.field }),
  retryable: failure.retryable,
  ...(failure.retryAfter === undefined ? {} : { retry_after: failure.retryAfter }),
  action: entryOf(failure.code).action,
  ...(failure.meta === undefined ? {} : { meta: failure.meta }),
  ...(context.messageId === undefined ? {} : { message_ref: context.messageId }),
  request_id: context.requestId,
  doc_url: `${context.publicUrl}/docs/errors#${failure.code}`
})

export interface Form {
  readonly contentType: string
  readonly failure: (failure: Failure, context: Context) => object
}

/** `POST /send-message`. */
export const templateForm: Form = {
  contentType: "application/json",
  failure: (failure, context) => ({ success: false, error: detailsOf(failure, context) })
}

/** `POST /sendmessage`. */
export const directForm: Form = {
  contentType: "application/json",
  failure: (failure, context) => ({
    status: "error",
    message: failure.message,
    error: detailsOf(failure, context)
  })
}

/** RFC 9457. */
export const problemForm: Form = {
  contentType: "application/problem+json",
  failure: (failure, context) => {
    const { message, ...details } = detailsOf(failure, context)
    const { message: title, status } = entryOf(failure.code)
    return { type: details.doc_url, title, status, detail: message, ...details }
  }
}

type Sent = Extract<Result, { readonly _tag: "Sent" }>

/** The published success of `POST /send-message`, and nothing else. */
export const templateSuccess = ({ wamid }: Sent): object => ({ success: true, message_id: wamid })

/** The published success of `POST /sendmessage`. A link has no file id. */
export const directSuccess = ({ kind, wamid }: Sent): object => ({
  status: "success",
  message: "Mensagem enviada com sucesso",
  whatsapp_message_id: wamid,
  media_type: kind,
  media_file_id: "",
  source: "api"
})
