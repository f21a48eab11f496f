import { Effect } from "effect"
import { connect, createServer, type Socket } from "node:net"

/** A way to a TCP server that can be cut and be mended. */
interface CuttableProxy {
  readonly port: number
  /** Every connection ends and new ones are refused. */
  readonly cut: Effect.Effect<void>
  /** Connections are taken, and nothing comes of them: as behind a firewall that drops packets. */
  readonly silence: Effect.Effect<void>
  readonly mend: Effect.Effect<void>
}

export const to = Effect.fnUntraced(function* (target: { readonly host: string; readonly port: number }) {
  const sockets = new Set<Socket>()
  let silent = false

  const kept = (socket: Socket): Socket => {
    sockets.add(socket)
    socket.on("close", () => sockets.delete(socket))
    socket.on("error", () => socket.destroy())
    return socket
  }

  const server = createServer((near) => {
    kept(near)
    if (silent) return
    const far = kept(connect(target.port, target.host))
    near.on("data", (bytes) => silent || far.write(bytes))
    far.on("data", (bytes) => silent || near.write(bytes))
    near.on("close", () => far.destroy())
    far.on("close", () => near.destroy())
  })

  const listen = (port: number) =>
    Effect.callback<void>((resume) => {
      server.listen(port, "127.0.0.1", () => resume(Effect.void))
    })
  const hangUp = Effect.sync(() => {
    for (const socket of sockets) socket.destroy()
  })

  yield* Effect.acquireRelease(listen(0), () =>
    Effect.andThen(
      hangUp,
      Effect.sync(() => server.close())
    )
  )
  const address = server.address()
  if (address === null || typeof address === "string") return yield* Effect.die("a TCP server has a port")
  const { port } = address
  const proxy: CuttableProxy = {
    port,
    cut: Effect.suspend(() => {
      server.close()
      return hangUp
    }),
    silence: Effect.sync(() => {
      silent = true
    }),
    mend: Effect.suspend(() => {
      const wasSilent = silent
      silent = false
      return wasSilent ? hangUp : listen(port)
    })
  }
  return proxy
})
