/**
 * One HTTP request and what can be known of it: whether it left this machine, and what was answered.
 *
 * Guarantees: a request is written to a connection at most once; the exchange is over within its timeout; what
 * ended before the first byte was written is `NeverLeft`, whatever ended after it without a whole answer is `Lost`.
 *
 * It stands on two facts of undici's HTTP/1.1 client (client-h1.js): `onRequestStart` is called once the connection
 * is established and in the same turn in which the request is written; and a request that was written and whose
 * connection then fails is failed, not queued again, unless undici closed the connection for a reason of its own. The
 * second is not taken on trust: a request that is started again is refused here.
 */
import { Effect, type Scope } from "effect"
import { type Dispatcher, Pool } from "undici"

export type Outcome =
  | { readonly _tag: "Answered"; readonly status: number; readonly body: string }
  /** The reason is a code or a fixed phrase: no address, no number, nothing of the request. */
  | { readonly _tag: "NeverLeft"; readonly reason: string }
  | { readonly _tag: "Lost"; readonly reason: string }

/** Longer than any answer of Meta's, short enough to be held by hundreds of calls at once. */
const largestAnswer = 256 * 1024

/**
 * Connections to one origin, kept while the scope is open; closing waits for the exchanges that run.
 *
 * Each exchange has a connection of its own (no pipelining, no HTTP/2: both can make a written request wait for,
 * or fail with, another). Idle ones are dropped before servers usually do, so that a request seldom meets a
 * connection that has just been closed. Proxies of the environment are not used, redirects not followed.
 */
export const connect = (origin: string, connections: number): Effect.Effect<Pool, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(
      () =>
        new Pool(origin, {
          connections,
          pipelining: 1,
          allowH2: false,
          connectTimeout: 5_000,
          keepAliveTimeout: 4_000,
          // How far a server's own `Keep-Alive: timeout` is followed, less the two seconds undici takes off it.
          keepAliveMaxTimeout: 30_000,
          // The exchange has one timer over everything.
          headersTimeout: 0,
          bodyTimeout: 0,
          maxResponseSize: largestAnswer
        })
    ),
    (pool) => Effect.promise(() => pool.close())
  )

const codeOf = (error: Error): string => ("code" in error && typeof error.code === "string" ? error.code : error.name)

interface Request {
  readonly path: string
  /** Names and values in turn. */
  readonly headers: Array<string>
  readonly body: string
}

/** `timeoutMillis` covers everything: waiting for a connection, connecting, and the last byte of the answer. */
export const post = (connections: Dispatcher, request: Request, timeoutMillis: number): Effect.Effect<Outcome> =>
  Effect.callback<Outcome>((resume) => {
    let written: Dispatcher.DispatchController | undefined
    let over = false
    let status = 0
    const chunks: Array<Buffer> = []

    const end = (outcome: Outcome) => {
      if (over) return
      over = true
      clearTimeout(timer)
      resume(Effect.succeed(outcome))
    }
    const fail = (reason: string) => end({ _tag: written === undefined ? "NeverLeft" : "Lost", reason })
    const giveUp = (reason: string) => {
      if (over) return
      fail(reason)
      written?.abort(new Error(reason))
    }
    const timer = setTimeout(giveUp, timeoutMillis, "timeout")

    connections.dispatch(
      { method: "POST", path: request.path, headers: request.headers, body: request.body, idempotent: false },
      {
        onRequestStart(controller) {
          // Thrown rather than aborted: undici then writes nothing and keeps the connection for the next request.
          if (over || written !== undefined) throw new Error("this request is over or was written before")
          written = controller
        },
        onResponseStart(_, statusCode) {
          status = statusCode
        },
        onResponseData(_, chunk) {
          chunks.push(chunk)
        },
        onResponseEnd() {
          end({ _tag: "Answered", status, body: Buffer.concat(chunks).toString("utf8") })
        },
        onResponseError(_, error) {
          fail(codeOf(error))
        }
      }
    )
    return Effect.sync(() => giveUp("interrupted"))
  })
