/** Closed-loop load: `concurrency` callers, each sending its next request when the last one was answered. */
import { connect } from "node:net"
import { messages } from "./http1.ts"

export interface Measured {
  readonly requests: number
  readonly failures: number
  readonly perSecond: number
  /** Milliseconds. */
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

export interface Load {
  readonly port: number
  readonly concurrency: number
  readonly millis: number
  /** Path, headers and body of the n-th request. */
  readonly request: (n: number) => { readonly path: string; readonly headers: string; readonly body: string }
}

let sent = 0

const caller = (load: Load, until: number, latencies: Array<number>, failed: (status: string, body: Buffer) => void) =>
  new Promise<void>((resolve, reject) => {
    const socket = connect({ port: load.port, host: "127.0.0.1", noDelay: true })
    let began = 0
    const next = () => {
      began = performance.now()
      if (began >= until) {
        socket.end()
        return resolve()
      }
      const { body, headers, path } = load.request(sent++)
      socket.write(
        `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n${headers}` +
          `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
      )
    }
    socket.on("connect", next)
    socket.on("error", reject)
    socket.on(
      "data",
      messages((head, body) => {
        latencies.push(performance.now() - began)
        const status = head.slice(9, 12)
        if (status !== "200") failed(status, body)
        next()
      })
    )
  })

export const run = async (load: Load): Promise<Measured> => {
  const latencies: Array<number> = []
  let failures = 0
  const began = performance.now()
  await Promise.all(
    Array.from({ length: load.concurrency }, () =>
      caller(load, began + load.millis, latencies, (status, body) => {
        failures += 1
        if (failures === 1) process.stderr.write(`${status} ${body.toString()}\n`)
      })
    )
  )
  const seconds = (performance.now() - began) / 1000
  const sorted = Float64Array.from(latencies).toSorted()
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return {
    requests: sorted.length,
    failures,
    perSecond: sorted.length / seconds,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99)
  }
}
