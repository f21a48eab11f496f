/**
 * `POST /webhooks/whatsapp`: what Meta tells us. The signature is checked over the bytes as they came; then they are
 * committed as they are; then 200 is answered, whatever they say: reading them is somebody else's work. Whatever is not
 * kept is answered otherwise, and Meta posts it again.
 *
 * Up to three times as many of these come as messages go out, so they do not go through the router, whose way costs
 * more than the rest of the work.
 */
import { DateTime, Effect, Tracer } from "effect"
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http"
import { type Failure, failure, statusOf } from "../../../core/failure/Failure.ts"
import { Inbox } from "../../../core/inbound/Inbox.ts"
import { PublicUrl } from "../PublicUrl.ts"
import { problemForm } from "../Rendering.ts"
import * as RequestId from "../RequestId.ts"
import { before, headerOf } from "../ShortWay.ts"
import { path } from "./path.ts"
import * as PostTelemetry from "./PostTelemetry.ts"
import * as RawBody from "./RawBody.ts"
import * as Signature from "./Signature.ts"
import { WebhookSecrets } from "./WebhookSecrets.ts"

type Result = PostTelemetry.Result

interface Outcome {
  readonly result: Result
  readonly bytes: number
  /** Whether some of the body was left unread: then the connection can serve no other request. */
  readonly unread: boolean
}

const faults: { readonly [result in Exclude<Result, "kept">]: Failure } = {
  invalid_signature: failure("invalid_signature"),
  too_large: failure("body_too_large", { message: "O corpo da requisição passa de 3 MB." }),
  encoded: failure("unsupported_media_type", { message: "O corpo deve vir sem compressão." }),
  unavailable: failure("database_unavailable", {
    message: "O webhook não pôde ser guardado agora. Nada dele foi aplicado.",
    retryAfter: 5
  }),
  broken_off: failure("invalid_json"),
  internal_error: failure("internal_error", { message: "Erro interno do servidor. O webhook não foi guardado." })
}

/** A caller that sends on gets this long to read that nobody listens. */
const lingerMillis = 500

const write = (response: ServerResponse, requestId: string, { result, unread }: Outcome, publicUrl: string): void => {
  if (response.destroyed) return
  response.setHeader("request-id", requestId)
  if (result === "kept") {
    response.writeHead(200, { "content-type": "text/plain", "content-length": 14 }).end("EVENT_RECEIVED")
    return
  }
  const fault = faults[result]
  const body = JSON.stringify(problemForm.failure(fault, { requestId, messageId: undefined, publicUrl }))
  response.writeHead(statusOf(fault), {
    "content-type": problemForm.contentType,
    "content-length": Buffer.byteLength(body),
    ...(fault.retryAfter === undefined ? {} : { "retry-after": String(fault.retryAfter) }),
    ...(unread ? { connection: "close" } : {})
  })
  if (!unread) return void response.end(body)
  // A connection that is closed under a caller's writing is reset, and takes the answer with it.
  response.write(body)
  const ending = setTimeout(() => response.end(), lingerMillis)
  response.once("close", () => clearTimeout(ending))
}

/** What is known without the body. */
const refusalByHead = ({ headers }: IncomingMessage, signature: Uint8Array | undefined): Result | undefined => {
  if (signature === undefined) return "invalid_signature"
  if ((headers["content-encoding"] ?? "identity") !== "identity") return "encoded"
  return Number(headers["content-length"] ?? 0) > RawBody.maxBytes ? "too_large" : undefined
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0

const unreadOutcomes = { TooLarge: "too_large", TooMuch: "unavailable" } as const

/** From the head of a request to what became of it. */
const receiver = Effect.gen(function* () {
  const inbox = yield* Inbox
  const { secrets } = yield* WebhookSecrets
  const verify = Signature.verifier(secrets)
  const bodies = RawBody.make()

  const keep = Effect.fnUntraced(function* (bytes: Buffer, signature: Uint8Array) {
    const source = verify(signature, bytes)
    if (source === undefined) return "invalid_signature"
    yield* inbox.keep({ source, body: bytes, receivedAt: yield* DateTime.now })
    return "kept"
  })

  const receive = Effect.fnUntraced(function* (request: IncomingMessage): Effect.fn.Return<Outcome> {
    const signature = Signature.read(request.headers["x-hub-signature-256"])
    const refusal = refusalByHead(request, signature)
    if (refusal !== undefined || signature === undefined) {
      return { result: refusal ?? "invalid_signature", bytes: 0, unread: hasBody(request) }
    }
    const reading = yield* Effect.callback<RawBody.Reading>((resume) =>
      bodies.read(request, (reading) => resume(Effect.succeed(reading)))
    )
    if (reading._tag === "BrokenOff") return { result: "broken_off", bytes: 0, unread: false }
    if (reading._tag !== "Whole") return { result: unreadOutcomes[reading._tag], bytes: 0, unread: true }
    const result = yield* keep(reading.bytes, signature).pipe(
      Effect.catchTag("Unavailable", () => Effect.succeed<Result>("unavailable")),
      Effect.catchDefect((defect) =>
        Effect.as(Effect.logError("webhook not kept", { defect }), "internal_error" as const)
      )
    )
    return { result, bytes: reading.bytes.length, unread: false }
  })

  return { receive, release: bodies.release }
})

type Receive = (request: IncomingMessage) => Effect.Effect<Outcome>

/** As the router's spans are named; without a collector none is made. */
const traced = Effect.fnUntraced(function* (receive: Receive): Effect.fn.Return<Receive> {
  if ((yield* Effect.tracer) === Tracer.nativeTracer) return receive
  return (request) =>
    Effect.withSpan(
      Effect.tap(receive(request), ({ result }) => Effect.annotateCurrentSpan("aidesk.webhook.result", result)),
      "http.server POST",
      { kind: "server", root: true, attributes: { "http.request.method": "POST", "http.route": path } }
    )
})

const listener = Effect.gen(function* () {
  const { receive, release } = yield* receiver
  const receiveTraced = yield* traced(receive)
  const record = PostTelemetry.make()
  const publicUrl = yield* PublicUrl
  const run = Effect.runForkWith(yield* Effect.context())
  const listen: RequestListener = (request, response) => {
    const started = performance.now()
    const requestId = RequestId.of(headerOf(request, "x-request-id"))
    response.once("close", () => release(request))
    run(
      Effect.flatMap(receiveTraced(request), (outcome) => {
        write(response, requestId, outcome, publicUrl)
        return record(outcome.result, outcome.bytes, performance.now() - started)
      })
    )
  }
  return listen
})

const isOurs = ({ method, url }: IncomingMessage): boolean =>
  method === "POST" &&
  url !== undefined &&
  url.startsWith(path) &&
  (url.length === path.length || url[path.length] === "?")

/** Puts this way before the others, which `server` has by now. */
export const takeOver = Effect.fnUntraced(function* (server: Server) {
  const ours = yield* listener
  yield* before(server, (request) => (isOurs(request) ? ours : undefined))
})
