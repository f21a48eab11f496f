/** What goes past the router, for the router's way costs more than the rest of the work: the pieces of such a way. */
import { Effect } from "effect"
import { Buffer } from "node:buffer"
import type { IncomingMessage, RequestListener, Server } from "node:http"

/** A header that is given once. */
export const headerOf = ({ headers }: IncomingMessage, name: string): string | undefined => {
  const value = headers[name]
  return typeof value === "string" ? value : undefined
}

/** Mostly there is one chunk, which need not be copied. */
export const joined = (chunks: ReadonlyArray<Buffer>): Buffer => {
  const [only] = chunks
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks)
}

/** Puts `way` before whatever answers the requests of `server` by now, which still answers those that it has no way for. */
export const before = (server: Server, way: (request: IncomingMessage) => RequestListener | undefined) =>
  Effect.suspend(() => {
    const [others] = server.listeners("request").slice(-1)
    if (others === undefined) return Effect.die("a server without a router")
    server.removeAllListeners("request")
    server.on("request", (request, response) => {
      Reflect.apply(way(request) ?? others, server, [request, response])
    })
    return Effect.void
  })
