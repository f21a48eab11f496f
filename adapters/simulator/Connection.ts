import { NodeHttpServerRequest } from "@effect/platform-node"
import { Effect } from "effect"
import type { HttpServerRequest } from "effect/http"
import { HttpServerResponse } from "effect/http"
import { ServerResponse } from "node:http"

/**
 * Ends of a connection that no HTTP answer can express. Each yields a response that goes nowhere, for by then the
 * connection is gone.
 */
const nothing = HttpServerResponse.empty()

/** The connection is reset (RST). */
export const reset = (request: HttpServerRequest.HttpServerRequest) =>
  Effect.sync(() => {
    const response = NodeHttpServerRequest.toServerResponse(request)
    response.socket?.resetAndDestroy()
    response.destroy()
    return nothing
  })

/** The connection is closed (FIN) where an answer was due. */
export const hangUp = (request: HttpServerRequest.HttpServerRequest) =>
  Effect.sync(() => {
    NodeHttpServerRequest.toServerResponse(request).destroy()
    return nothing
  })

/** Half of the JSON body goes out under headers that promise the whole, then the connection is closed. */
export const breakOff = (request: HttpServerRequest.HttpServerRequest, body: string) =>
  Effect.callback<HttpServerResponse.HttpServerResponse>((resume) => {
    const response = NodeHttpServerRequest.toServerResponse(request)
    const done = () => {
      response.destroy()
      resume(Effect.succeed(nothing))
    }
    if (!(response instanceof ServerResponse)) return done()
    const bytes = Buffer.from(body)
    response.writeHead(200, { "content-type": "application/json; charset=UTF-8", "content-length": bytes.length })
    response.once("close", done)
    response.write(bytes.subarray(0, bytes.length >> 1), done)
  })
