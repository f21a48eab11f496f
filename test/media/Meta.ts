import { Effect, Layer, Option, Redacted, Stream } from "effect"
import { createHash } from "node:crypto"
import { type AddressInfo, type Socket } from "node:net"
import { createServer } from "node:tls"
import { Agent, type Dispatcher } from "undici"
import { MediaHost } from "../../adapters/graph-api/MediaHosts.ts"
import * as MediaSourceGraph from "../../adapters/graph-api/MediaSourceGraph.ts"
import { AccessTokens } from "../../core/instance/AccessTokens.ts"
import { InstanceId, type Mode } from "../../core/instance/Instance.ts"
import type { MediaFile } from "../../core/media/MediaFile.ts"
import type { ClaimedMedia } from "../../core/media/MediaFiles.ts"
import { MediaSource } from "../../core/media/MediaSource.ts"
import { pendingFile } from "../contract/mediaFiles.ts"
import { selfSigned } from "../graph-api/Certificate.ts"
import * as RawServer from "../graph-api/RawServer.ts"

export const token = "EAAJB-a-token-of-meta"

export const bytes = Buffer.from("%PDF-1.7 a file of ours")
export const sha256 = createHash("sha256").update(bytes).digest()

/** Every instance has the token. */
const tokens = Layer.succeed(
  AccessTokens,
  AccessTokens.of({ find: () => Effect.succeed(Option.some(Redacted.make(token))) })
)

/** A claim of a file whose hash no webhook has told. */
export const claim = (mode: Mode, given: Partial<MediaFile> = {}): ClaimedMedia => ({
  mode,
  file: pendingFile(InstanceId.make(4), { sha256: Option.none(), ...given })
})

/** What Meta says of the file at `url`. */
export const told = (url: string, given: object = {}): string =>
  JSON.stringify({
    messaging_product: "whatsapp",
    url,
    mime_type: "application/pdf",
    sha256: sha256.toString("hex"),
    file_size: String(bytes.length),
    id: "1908647269898587",
    ...given
  })

/** A whole answer that carries a file. */
export const file = (content: Buffer = bytes, status = 200): string =>
  `HTTP/1.1 ${status} OK\r\ncontent-type: application/pdf\r\ncontent-length: ${content.length}\r\n\r\n${content.toString("latin1")}`

/** Meta's media host, which speaks TLS as `localhost`; it answers with what the test wants and counts who comes. */
export const mediaHost = Effect.fnUntraced(function* (answer: (socket: Socket, head: string) => void) {
  const heads: Array<string> = []
  const sockets = new Set<Socket>()
  const server = createServer(selfSigned(), (socket) => {
    socket.on("error", () => {})
    socket.on("data", (chunk) => {
      heads.push(chunk.toString("latin1"))
      answer(socket, chunk.toString("latin1"))
    })
  })
  let connections = 0
  server.on("connection", (socket: Socket) => {
    connections += 1
    sockets.add(socket)
  })
  const port = yield* Effect.acquireRelease(
    Effect.callback<number>((resume) => {
      server.listen(0, "localhost", () => {
        const address: string | AddressInfo | null = server.address()
        if (address === null || typeof address === "string") throw new Error("not a TCP server")
        resume(Effect.succeed(address.port))
      })
    }),
    () =>
      Effect.sync(() => {
        server.close()
        for (const socket of sockets) socket.destroy()
      })
  )
  return {
    url: `https://localhost:${port}/whatsapp_business/attachments/?mid=1`,
    port,
    heads,
    connections: () => connections
  }
})

/** Takes a certificate that nobody vouches for. */
const trusting = new Agent({ connect: { rejectUnauthorized: false } })

interface Places {
  readonly graph: string
  readonly simulator?: string
  readonly hosts?: ReadonlyArray<string>
  readonly dispatcher?: Dispatcher
  readonly version?: string
  readonly tokens?: typeof tokens
}

export const source = ({ dispatcher = trusting, graph, hosts, simulator, tokens: own = tokens, version }: Places) =>
  MediaSourceGraph.layer({
    graphBaseUrl: graph,
    simulatorUrl: simulator,
    mediaDispatcher: dispatcher,
    ...(hosts === undefined ? {} : { mediaHosts: hosts.map((host) => MediaHost.make(host)) }),
    ...(version === undefined ? {} : { version })
  }).pipe(Layer.provide(own))

/** The file, read to its end. */
export const read = (claimed: ClaimedMedia) =>
  Effect.gen(function* () {
    const { bytes, ...about } = yield* (yield* MediaSource).open(claimed)
    return { ...about, bytes: Buffer.concat(yield* Stream.runCollect(bytes)) }
  }).pipe(Effect.scoped)

/** A Meta that says `body` of every file. */
export const saying = (body: string | ((head: string) => string), status = 200) =>
  RawServer.make((socket, { head }) =>
    socket.write(RawServer.http(status, typeof body === "string" ? body : body(head)))
  )

/** A simulator whose files are served as `serve` says, and which tells of them as `tell` says. */
export const simulator = Effect.fnUntraced(function* (
  serve: (socket: Socket) => void,
  tell: (url: string) => string = told
) {
  const server: { url: string } = { url: "" }
  const made = yield* RawServer.make((socket, { head }) => {
    if (head.startsWith("GET /v25.0/")) socket.write(RawServer.http(200, tell(`${server.url}/_simulator/media/1`)))
    else serve(socket)
  })
  server.url = made.url
  return made
})
