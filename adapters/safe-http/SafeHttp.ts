import { Duration, Effect, Option, Schema } from "effect"
import { request } from "undici"
import * as GuardedAgent from "./GuardedAgent.ts"
import { Blocked } from "./GuardedAgent.ts"

/** No answer came: name unknown, refused, broken, too large or late. The cause is for the log, not for the user. */
export class Unreachable extends Schema.TaggedError<Unreachable>()("Unreachable", {
  cause: Schema.Defect()
}) {}

/** What the server said about itself, as far as it is believed: both are its own text, cut to what they may be. */
export interface Head {
  readonly status: number
  /** Lower-case MIME type without parameters. */
  readonly contentType: Option.Option<string>
  /** Bytes. */
  readonly contentLength: Option.Option<number>
}

interface SafeHttp {
  /** HEAD. Redirects are not followed, they are the answer; no body is read; no proxy is used. */
  readonly head: (url: URL) => Effect.Effect<Head, Blocked | Unreachable>
}

/** Large file hosts turn away who does not say what they are. */
const headers = { "user-agent": "aidesk", accept: "*/*" }

type Header = string | Array<string> | undefined

const mimeType = (header: Header): Option.Option<string> =>
  Option.liftPredicate(String(header).split(";", 1)[0]?.trim().toLowerCase() ?? "", (type) =>
    /^[\w!#$&^.+-]{1,127}\/[\w!#$&^.+-]{1,127}$/u.test(type)
  )

const byteCount = (header: Header): Option.Option<number> =>
  typeof header === "string" && /^\d{1,15}$/u.test(header) ? Option.some(Number(header)) : Option.none()

/** `timeout` bounds each request as a whole; five seconds unless told. */
export const make = Effect.fnUntraced(function* (rules: Partial<GuardedAgent.Rules> = {}) {
  const { timeout = Duration.seconds(5), allow = [], resolve = GuardedAgent.askDns } = rules
  const dispatcher = yield* GuardedAgent.make({ timeout, allow, resolve })

  const head = (url: URL): Effect.Effect<Head, Blocked | Unreachable> =>
    Effect.tryPromise({
      try: (signal) => request(url, { method: "HEAD", dispatcher, signal, reset: true, headers }),
      catch: (cause) => (cause instanceof Blocked ? cause : new Unreachable({ cause }))
    }).pipe(
      Effect.timeoutOrElse({
        duration: timeout,
        orElse: () => new Unreachable({ cause: new Error(`no answer within ${Duration.format(timeout)}`) })
      }),
      Effect.map((answer) => ({
        status: answer.statusCode,
        contentType: mimeType(answer.headers["content-type"]),
        contentLength: byteCount(answer.headers["content-length"])
      })),
      Effect.withSpan("SafeHttp.head")
    )

  return { head } satisfies SafeHttp
})
