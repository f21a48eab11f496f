/**
 * What Node leaves undone when a server closes: a connection on which no request has come yet, or one that a client
 * keeps after its answer, would hold the process for as long as the client likes. Here each ends as soon as nothing is
 * under way on it, and an answer given meanwhile says so (`Connection: close`).
 */
import { Effect, type Scope } from "effect"
import type { Server, ServerResponse } from "node:http"
import type { Socket } from "node:net"

const announceEnd = (response: ServerResponse): void => {
  if (!response.headersSent) response.setHeader("connection", "close")
}

/** Begins when the scope ends; the server is to be closed after that. */
export const atEnd = (server: Server): Effect.Effect<void, never, Scope.Scope> =>
  Effect.suspend(() => {
    const unused = new Set<Socket>()
    const answering = new Set<ServerResponse>()
    let draining = false

    server.on("connection", (socket) => {
      unused.add(socket)
      socket.once("close", () => unused.delete(socket))
    })
    server.prependListener("request", (request, response) => {
      unused.delete(request.socket)
      answering.add(response)
      response.once("close", () => answering.delete(response))
      if (draining) announceEnd(response)
    })

    return Effect.addFinalizer(() =>
      Effect.sync(() => {
        draining = true
        for (const response of answering) announceEnd(response)
        for (const socket of unused) socket.destroy()
      })
    )
  })
