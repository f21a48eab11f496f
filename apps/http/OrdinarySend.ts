/**
 * The short way of an ordinary send. The router's way costs about as much processor time per request as
 * everything else of a send together (measured with `npm run bench -- send`: 357 µs by the router, 206 µs by
 * this way, on one machine in one run), so a request that is plainly a send goes to its endpoint directly.
 *
 * Plainly: POST, exactly one of the two paths, a body whose length is told and within bounds. Everything else
 * (chunked, too long, `Expect`, another spelling of a path) takes the router's way, to the same endpoints and
 * the same answers.
 */
import { Effect, Option, Tracer } from "effect"
import { HttpTraceContext, Headers } from "effect/http"
import { Buffer } from "node:buffer"
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http"
import { failure, type Failure } from "../../core/failure/Failure.ts"
import type { KeyRing } from "../../core/instance/KeyRing.ts"
import { type Incoming, maxBytes } from "./Incoming.ts"
import { type Answer, type Answered, carriedOut, type SendEndpoint } from "./SendEndpoint.ts"
import { before, headerOf, joined } from "./ShortWay.ts"
import * as sendDirect from "./sendDirect.ts"
import * as sendMessage from "./sendMessage.ts"

const isOrdinary = ({ headers, method }: IncomingMessage): boolean => {
  if (method !== "POST" || headers["transfer-encoding"] !== undefined || headers.expect !== undefined) return false
  const length = Number(headers["content-length"])
  return length > 0 && length <= maxBytes
}

/** Node has checked that no more comes than the length that was told. */
const bytesOf = (request: IncomingMessage): Effect.Effect<Uint8Array, Failure> =>
  Effect.callback((resume) => {
    const chunks: Array<Buffer> = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.once("end", () => resume(Effect.succeed(joined(chunks))))
    // Broken off: nobody is left to read why.
    request.once("close", () => {
      if (!request.readableEnded) resume(failure("invalid_json"))
    })
  })

const textsOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))

const incomingOf = (request: IncomingMessage): Incoming => ({
  header: (name) => headerOf(request, name),
  bytes: bytesOf(request)
})

const write = (response: ServerResponse, { body, contentType, headers, status }: Answer): void => {
  if (response.destroyed) return
  headers["content-type"] = contentType
  headers["content-length"] = String(Buffer.byteLength(body))
  response.writeHead(status, headers).end(body)
}

/** As the router's spans are named; without a collector none is made. */
const traced = <R>(
  endpoint: SendEndpoint<R>,
  request: IncomingMessage
): Effect.Effect<Answered, never, R | KeyRing> => {
  const answered = carriedOut(endpoint, incomingOf(request))
  return Effect.flatMap(Effect.tracer, (tracer) => {
    if (tracer === Tracer.nativeTracer) return answered
    const parent = HttpTraceContext.fromHeaders(Headers.fromInput(textsOf(request)))
    return Effect.withSpan(
      Effect.tap(answered, ({ answer }) => Effect.annotateCurrentSpan("http.response.status_code", answer.status)),
      "http.server POST",
      {
        kind: "server",
        parent: Option.getOrUndefined(parent),
        attributes: { "http.request.method": "POST", "http.route": endpoint.path }
      }
    )
  })
}

const listener = <R>(endpoint: SendEndpoint<R>): Effect.Effect<RequestListener, never, R | KeyRing> =>
  Effect.map(Effect.context<R | KeyRing>(), (context) => {
    const run = Effect.runForkWith(context)
    return (request, response) => {
      const fiber = run(
        Effect.flatMap(traced(endpoint, request), ({ answer, record }) => {
          write(response, answer)
          return record
        })
      )
      // A caller that hangs up stops what is not yet reserved; from there on nothing stops it.
      response.once("close", () => {
        if (!response.writableFinished) fiber.interruptUnsafe()
      })
    }
  })

/** Puts the short way before the router's, which `server` has by now. */
export const takeOver = Effect.fnUntraced(function* (server: Server) {
  const ways: ReadonlyMap<string | undefined, RequestListener> = new Map([
    [sendMessage.endpoint.path, yield* listener(sendMessage.endpoint)],
    [sendDirect.endpoint.path, yield* listener(sendDirect.endpoint)]
  ])
  yield* before(server, (request) => (isOrdinary(request) ? ways.get(request.url) : undefined))
})
