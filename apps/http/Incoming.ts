import { ByteSize, Effect } from "effect"
import { HttpIncomingMessage, type HttpServerRequest } from "effect/http"
import { failure, type Failure } from "../../core/failure/Failure.ts"

/** A request to a sending endpoint, whichever way it came in. */
export interface Incoming {
  /** By its lower-case name. */
  readonly header: (name: string) => string | undefined
  /** The body, once; fails when it passes `maxBytes` or breaks off. */
  readonly bytes: Effect.Effect<Uint8Array, Failure>
}

/** The published endpoints carry texts of a few kilobytes; files travel by link. */
export const maxBytes = 64 * 1024

const limit = ByteSize.fromInputUnsafe(`${maxBytes} B`)

/** One that came through the router. */
export const fromRouter = (request: HttpServerRequest.HttpServerRequest): Incoming => ({
  header: (name) => request.headers[name],
  bytes: request.arrayBuffer.pipe(
    Effect.map((buffer) => new Uint8Array(buffer)),
    Effect.provideService(HttpIncomingMessage.MaxBodySize, limit),
    // Too long without having said so, or broken off: the caller is still there only in the first case.
    Effect.catch(({ reason }) =>
      failure(
        reason._tag === "RequestParseError" && reason.reason === "BodyTooLarge" ? "body_too_large" : "invalid_json"
      )
    )
  )
})
