/**
 * What the two sending endpoints share: the order of checks (key, size and type, shape, then the use
 * case), the headers of every answer, one log line and one measure per request.
 */
import { Clock, Effect, Option } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { type Failure, failure, statusOf } from "../../core/failure/Failure.ts"
import type { Instance } from "../../core/instance/Instance.ts"
import type { KeyRing } from "../../core/instance/KeyRing.ts"
import type { Request } from "../../core/message/Once.ts"
import { refusal, type Report, type Result } from "../../core/message/Report.ts"
import * as Telemetry from "../telemetry/SendTelemetry.ts"
import { authenticate } from "./ApiKeyHeader.ts"
import { claim } from "./IdempotencyKey.ts"
import * as Incoming from "./Incoming.ts"
import * as JsonBody from "./JsonBody.ts"
import { PublicUrl } from "./PublicUrl.ts"
import type { Form } from "./Rendering.ts"
import * as RequestId from "./RequestId.ts"

export interface SendEndpoint<R> {
  readonly path: "/send-message" | "/sendmessage"
  readonly form: Form
  readonly success: (sent: Extract<Result, { readonly _tag: "Sent" }>) => object
  /** Decodes the body and carries the request out. */
  readonly handle: (request: Request, json: { readonly [name: string]: unknown }) => Effect.Effect<Report, Failure, R>
}

export const make = <R>(endpoint: SendEndpoint<R>): SendEndpoint<R> => endpoint

const headersOf = (requestId: string, report: Report): Record<string, string> => {
  const headers: Record<string, string> = { "request-id": requestId }
  if (report.messageId !== undefined) headers["message-id"] = report.messageId
  if (report.contactId !== undefined) headers["contact-id"] = String(report.contactId)
  if (report.replayed) headers["idempotent-replayed"] = "true"
  if (report.result._tag === "NotSent" && report.result.failure.retryAfter !== undefined) {
    headers["retry-after"] = String(report.result.failure.retryAfter)
  }
  return headers
}

/** An answer before anybody has written it. */
export interface Answer {
  readonly status: number
  readonly contentType: string
  readonly headers: Record<string, string>
  readonly body: string
}

const render = <R>(endpoint: SendEndpoint<R>, requestId: string, report: Report, publicUrl: string): Answer => {
  const { result } = report
  const [status, body] =
    result._tag === "Sent"
      ? [200, endpoint.success(result)]
      : [
          statusOf(result.failure),
          endpoint.form.failure(result.failure, {
            requestId: report.requestId,
            messageId: report.messageId,
            publicUrl
          })
        ]
  const { contentType } = endpoint.form
  return { status, contentType, headers: headersOf(requestId, report), body: JSON.stringify(body) }
}

const carryOut = Effect.fnUntraced(function* <R>(
  endpoint: SendEndpoint<R>,
  incoming: Incoming.Incoming,
  requestId: string,
  seen: { instance: Instance | undefined }
) {
  const instance = yield* authenticate(incoming)
  seen.instance = instance
  const { bytes, json } = yield* JsonBody.read(incoming)
  const idempotency = yield* claim(incoming, endpoint.path, bytes)
  return yield* endpoint.handle({ instance, requestId, idempotency }, json)
})

/** A defect is ours: it is logged whole, and told as nothing but itself. */
const ours = (requestId: string) => (defect: unknown) =>
  Effect.as(
    Effect.logError("internal error", { request_id: requestId, defect }),
    refusal(requestId, failure("internal_error"))
  )

/** What a request came to. Whoever can writes the answer first: its caller need not wait for our books. */
export interface Answered {
  readonly answer: Answer
  /** One log line and one measure. */
  readonly record: Effect.Effect<void>
}

/** The whole of a request to a sending endpoint, from its headers to its answer. Never fails. */
export const carriedOut = Effect.fnUntraced(function* <R>(
  endpoint: SendEndpoint<R>,
  incoming: Incoming.Incoming
): Effect.fn.Return<Answered, never, R | KeyRing> {
  const clock = yield* Clock.Clock
  const started = clock.currentTimeMillisUnsafe()
  const requestId = RequestId.of(incoming.header("x-request-id"))
  const seen: { instance: Instance | undefined } = { instance: undefined }
  const report: Report = yield* carryOut(endpoint, incoming, requestId, seen).pipe(
    Effect.catch((failure) => Effect.succeed(refusal(requestId, failure))),
    Effect.catchDefect(ours(requestId))
  )
  const record = Telemetry.record({
    path: endpoint.path,
    requestId,
    instanceId: Option.fromUndefinedOr(seen.instance?.id),
    report,
    millis: clock.currentTimeMillisUnsafe() - started
  })
  return { answer: render(endpoint, requestId, report, yield* PublicUrl), record }
})

export const route = <R>(endpoint: SendEndpoint<R>) =>
  HttpRouter.add("POST", endpoint.path, (request) =>
    Effect.flatMap(carriedOut(endpoint, Incoming.fromRouter(request)), ({ answer: { body, ...options }, record }) =>
      Effect.as(record, HttpServerResponse.text(body, options))
    )
  )
