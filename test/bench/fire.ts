/** Requests that are ready, written to plain sockets: as fast as they are answered, or at a rate of their own. */
import { connect, type Socket } from "node:net"
import { messages } from "./http1.ts"
import type { Measured } from "./load.ts"

export interface Fired extends Measured {
  /** Of the answers, which took longer than a second. */
  readonly slowShare: number
}

const summary = (latencies: ReadonlyArray<number>, failures: number, millis: number): Fired => {
  const sorted = Float64Array.from(latencies).toSorted()
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return {
    requests: sorted.length,
    failures,
    perSecond: (sorted.length * 1000) / millis,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    slowShare: sorted.filter((latency) => latency > 1000).length / Math.max(1, sorted.length)
  }
}

interface Caller {
  readonly fire: (request: Buffer, done: (ok: boolean) => void) => void
  readonly end: () => void
}

const caller = (port: number): Promise<Caller> =>
  new Promise((resolve, reject) => {
    let answered: ((ok: boolean) => void) | undefined
    const socket: Socket = connect({ port, host: "127.0.0.1", noDelay: true })
    socket.on("error", reject)
    socket.on(
      "data",
      messages((head) => answered?.(head.startsWith("HTTP/1.1 200")))
    )
    socket.on("connect", () =>
      resolve({
        fire: (request, done) => {
          answered = done
          socket.write(request)
        },
        end: () => socket.end()
      })
    )
  })

const callers = (port: number, count: number) => Promise.all(Array.from({ length: count }, () => caller(port)))

export interface Closed {
  readonly port: number
  readonly concurrency: number
  readonly millis: number
  readonly next: () => Buffer
}

/** `concurrency` callers, each of which fires when its last request was answered. */
export const closedLoop = async ({ concurrency, millis, next, port }: Closed): Promise<Fired> => {
  const all = await callers(port, concurrency)
  const latencies: Array<number> = []
  let failures = 0
  const began = performance.now()
  await Promise.all(
    all.map(
      ({ end, fire }) =>
        new Promise<void>((resolve) => {
          const turn = () => {
            const fired = performance.now()
            if (fired - began >= millis) {
              end()
              return resolve()
            }
            fire(next(), (ok) => {
              latencies.push(performance.now() - fired)
              if (!ok) failures += 1
              turn()
            })
          }
          turn()
        })
    )
  )
  return summary(latencies, failures, performance.now() - began)
}

/** How often what is due is fired. */
const tickMillis = 4

/**
 * Fires each request when it is due, whether the others were answered or not: `perSecond` of them, in even steps. Its
 * time counts from then on, also while it waits for a connection.
 */
export const openLoop = async (
  port: number,
  perSecond: number,
  requests: ReadonlyArray<Buffer>,
  connections = 512
): Promise<Fired> => {
  const all = await callers(port, connections)
  const idle = [...all]
  const latencies: Array<number> = []
  let failures = 0
  let fired = 0
  const began = performance.now()
  const due = () => Math.min(requests.length, Math.floor(((performance.now() - began) * perSecond) / 1000))
  await new Promise<void>((resolve) => {
    const pump = () => {
      const upTo = due()
      while (fired < upTo) {
        const free = idle.pop()
        const request = requests[fired]
        if (free === undefined || request === undefined) return
        const dueAt = began + (fired * 1000) / perSecond
        fired += 1
        free.fire(request, (ok) => {
          latencies.push(performance.now() - dueAt)
          if (!ok) failures += 1
          idle.push(free)
          if (latencies.length === requests.length) {
            clearInterval(timer)
            resolve()
          } else pump()
        })
      }
    }
    const timer = setInterval(pump, tickMillis)
  })
  const millis = performance.now() - began
  for (const { end } of all) end()
  return summary(latencies, failures, millis)
}
