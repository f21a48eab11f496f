import { Effect } from "effect"
import { createServer, type AddressInfo, type Server, type Socket } from "node:net"

/** One HTTP request as it came over the wire. */
interface Received {
  /** From 1, over all connections. */
  readonly nth: number
  readonly head: string
  readonly body: string
}

interface RawServer {
  readonly port: number
  readonly url: string
  readonly received: ReadonlyArray<Received>
  readonly connections: () => number
  /** Closes every connection; the server goes on listening. */
  readonly hangUp: () => void
}

/** The request at the front of `bytes` and what follows it, once it is whole. */
const split = (bytes: string): readonly [head: string, body: string, rest: string] | undefined => {
  const end = bytes.indexOf("\r\n\r\n")
  if (end < 0) return undefined
  const head = bytes.slice(0, end)
  const length = Number(/content-length: (\d+)/iu.exec(head)?.[1] ?? 0)
  const body = bytes.slice(end + 4)
  return body.length < length ? undefined : [head, body.slice(0, length), body.slice(length)]
}

const listen = (server: Server) =>
  Effect.callback<AddressInfo>((resume) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      if (address === null || typeof address === "string") throw new Error("not a TCP server")
      resume(Effect.succeed(address))
    })
  })

/**
 * A server that records what reaches it and answers with whatever bytes, or lack of them, the test wants: what a
 * well-behaved HTTP server cannot do is the point. `greet` is called with each connection before anything is read.
 */
export const make = Effect.fnUntraced(function* (
  answer: (socket: Socket, request: Received) => void,
  greet: (socket: Socket) => void = () => {}
) {
  const received: Array<Received> = []
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer((socket) => {
    connections += 1
    sockets.add(socket)
    let pending = ""
    socket.on("error", () => {})
    socket.on("close", () => sockets.delete(socket))
    socket.on("data", (chunk) => {
      pending += chunk.toString("latin1")
      for (let parts = split(pending); parts !== undefined; parts = split(pending)) {
        const [head, body, rest] = parts
        pending = rest
        const request = { nth: received.length + 1, head, body: Buffer.from(body, "latin1").toString("utf8") }
        received.push(request)
        answer(socket, request)
      }
    })
    greet(socket)
  })
  const hangUp = () => {
    for (const socket of sockets) socket.destroy()
  }
  const { port } = yield* Effect.acquireRelease(listen(server), () =>
    Effect.sync(() => {
      server.close()
      hangUp()
    })
  )
  const made: RawServer = { port, url: `http://127.0.0.1:${port}`, received, connections: () => connections, hangUp }
  return made
})

/** A whole HTTP answer. `headers` are further lines. */
export const http = (status: number, body: string, ...headers: ReadonlyArray<string>): string =>
  [
    `HTTP/1.1 ${status} Whatever`,
    `content-type: application/json`,
    `content-length: ${Buffer.byteLength(body)}`,
    ...headers,
    "",
    body
  ].join("\r\n")

export const accepted = (wamid: string, waId = "5511978049825"): string =>
  JSON.stringify({
    messaging_product: "whatsapp",
    contacts: [{ input: `+${waId}`, wa_id: waId }],
    messages: [{ id: wamid }]
  })

export const refused = (code: number): string =>
  JSON.stringify({ error: { message: `(#${code}) No`, type: "OAuthException", code, fbtrace_id: "Az8or2yhqkZ" } })
