/** What an answer says to an integrator: the published successes and the one failure in its three forms. */
import { assert } from "@effect/vitest"
import { Schema } from "effect"
import { entryOf, type ErrorCode } from "../../core/failure/Catalogue.ts"
import { Code } from "../../core/failure/Failure.ts"
import type { Answer } from "./Http.ts"

const members = {
  code: Schema.String,
  field: Schema.optionalKey(Schema.String),
  retryable: Schema.Boolean,
  retry_after: Schema.optionalKey(Schema.Int),
  action: Schema.String,
  meta: Schema.optionalKey(Schema.Record(Schema.String, Schema.Unknown)),
  message_ref: Schema.optionalKey(Schema.String),
  request_id: Schema.String,
  doc_url: Schema.String
}

const Details = Schema.Struct({ ...members, message: Schema.String })

const TemplateForm = Schema.Struct({ success: Schema.Literal(false), error: Details })
const DirectForm = Schema.Struct({ status: Schema.Literal("error"), message: Schema.String, error: Details })
const ProblemForm = Schema.Struct({
  ...members,
  type: Schema.String,
  title: Schema.String,
  status: Schema.Int,
  detail: Schema.String
})

const strictly = { onExcessProperty: "error" } as const
const readTemplateForm = Schema.decodeUnknownSync(TemplateForm, strictly)
const readDirectForm = Schema.decodeUnknownSync(DirectForm, strictly)
const readProblem = Schema.decodeUnknownSync(ProblemForm, strictly)

const Wamid = Schema.String.check(Schema.isPattern(/^wamid\.[A-Za-z0-9+/=]+$/u))

const readTemplateSuccess = Schema.decodeUnknownSync(
  Schema.Struct({ success: Schema.Literal(true), message_id: Wamid }),
  strictly
)

const readDirectSuccess = Schema.decodeUnknownSync(
  Schema.Struct({
    status: Schema.Literal("success"),
    message: Schema.Literal("Mensagem enviada com sucesso"),
    whatsapp_message_id: Wamid,
    media_type: Schema.Literals(["text", "image", "video", "audio", "document"]),
    media_file_id: Schema.Literal(""),
    source: Schema.Literal("api")
  }),
  strictly
)

type Told = typeof Details.Type

/** The failure in an answer of `path`, whose form has every member and no other. */
const read = (path: string, { headers, json, status }: Answer): Told => {
  if (path === "/send-message") return readTemplateForm(json).error
  if (path === "/sendmessage") {
    const told = readDirectForm(json)
    assert.strictEqual(told.message, told.error.message)
    return told.error
  }
  const { detail, status: said, title: _, type, ...told } = readProblem(json)
  assert.strictEqual(headers["content-type"], "application/problem+json")
  assert.strictEqual(said, status)
  assert.strictEqual(type, told.doc_url)
  return { ...told, message: detail }
}

/**
 * The failure that `answer`, given on `path`, tells: in the form of that path, with the status and the kind of its
 * catalogue entry, `Retry-After` where it says so, and the request's id.
 */
export const failureOn = (
  path: string,
  answer: Answer
): Told & { readonly code: ErrorCode; readonly status: number } => {
  const told = read(path, answer)
  const code = Schema.decodeUnknownSync(Code)(told.code)
  const entry = entryOf(code)
  assert.strictEqual(answer.status, entry.status, `status of ${code}`)
  assert.strictEqual(told.retryable, entry.retryable)
  assert.strictEqual(told.action, entry.action)
  assert.notStrictEqual(told.message, "")
  assert.isTrue(told.doc_url.endsWith(`/docs/errors#${code}`))
  assert.strictEqual(
    answer.headers["retry-after"],
    told.retry_after === undefined ? undefined : String(told.retry_after)
  )
  assert.strictEqual(answer.headers["message-id"], told.message_ref)
  if (answer.headers["idempotent-replayed"] === undefined) {
    assert.strictEqual(answer.headers["request-id"], told.request_id)
  }
  return { ...told, code, status: answer.status }
}

/** The `wamid` of a published success, whose body has nothing else. */
export const acceptedOn = (path: string, answer: Answer): string => {
  assert.strictEqual(answer.status, 200, answer.text)
  if (path === "/send-message") return readTemplateSuccess(answer.json).message_id
  return readDirectSuccess(answer.json).whatsapp_message_id
}
