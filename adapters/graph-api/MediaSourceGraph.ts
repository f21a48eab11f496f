/**
 * Files at Meta's, and at the simulator's for simulated instances: first where a file is, then the file.
 *
 * Guarantees: the file of a live instance is asked of Meta and of its media hosts only, over https, and that of a
 * simulated one of the simulator only; an access token goes nowhere else; no redirect is followed.
 *
 * Source: Meta, "Media": `GET /{version}/{media-id}`, then `GET` of the address that it names, both with the token.
 */
import * as NodeStream from "@effect/platform-node/NodeStream"
import { Effect, Layer, Option, Redacted } from "effect"
import { Agent, type Dispatcher, request } from "undici"
import { AccessTokens } from "../../core/instance/AccessTokens.ts"
import type { ClaimedMedia } from "../../core/media/MediaFiles.ts"
import { type Download, largestFile, MediaFault, MediaSource } from "../../core/media/MediaSource.ts"
import * as MediaAnswer from "./MediaAnswer.ts"
import * as MediaHosts from "./MediaHosts.ts"
import { hexOf, verified } from "./Verified.ts"

export interface Options {
  /** Absolute URL, such as `https://graph.facebook.com`; a path in it is kept. */
  readonly graphBaseUrl: string
  /** Who has the files of simulated instances, in the same manner; without it they are not to be had. */
  readonly simulatorUrl: string | undefined
  /** Of the Graph API, pinned. */
  readonly version?: string
  /** Who may hold the files of live instances; Meta's own unless told. */
  readonly mediaHosts?: ReadonlyArray<MediaHosts.MediaHost>
  /**
   * Connects to those hosts: one that looks at the addresses that their names resolve to. It must let answers of
   * `largestFile` through. What it refuses to connect to fails with an error whose `_tag` is `Blocked`.
   */
  readonly mediaDispatcher: Dispatcher
}

/** Metadata is a few hundred bytes. */
const largestAnswer = 64 * 1024

/** For an answer to begin, and for it to go on, each. */
const silence = 30_000

/** Meta's are digits. Anything else would be a path, not an id. */
const isMediaId = (id: string): boolean => /^[\w-]{1,200}$/u.test(id)

const fault = (kind: MediaFault["kind"], detail: string) => new MediaFault({ kind, detail })

const hasTag = (cause: unknown, tag: string): boolean =>
  typeof cause === "object" && cause !== null && "_tag" in cause && cause._tag === tag

const unreachable = (cause: unknown): MediaFault => {
  if (hasTag(cause, "Blocked")) return fault("misdirected", "an address that is not public")
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined
  return fault("away", typeof code === "string" ? code : "no answer")
}

/** A GET whose answer is let go of with the scope, read or not. */
const get = (dispatcher: Dispatcher, url: URL, token: Redacted.Redacted) =>
  Effect.acquireRelease(
    Effect.tryPromise({
      try: async (signal) => {
        const answer = await request(url, {
          dispatcher,
          signal,
          headersTimeout: silence,
          bodyTimeout: silence,
          headers: { authorization: `Bearer ${Redacted.value(token)}`, accept: "*/*", "user-agent": "aidesk" }
        })
        // Whoever reads it is told; when it is let go of unread, nobody is there to tell.
        answer.body.on("error", () => {})
        return answer
      },
      catch: unreachable
    }),
    ({ body }) => Effect.sync(() => body.destroy()),
    { interruptible: true }
  )

/** One of the two places that have files. */
interface Place {
  readonly base: string
  readonly dispatcher: Dispatcher
  /** The address that an answer names, if a request may go to it. */
  readonly admit: (address: string) => URL | undefined
  readonly token: Effect.Effect<Redacted.Redacted, MediaFault>
}

const agent = (options: Agent.Options) =>
  Effect.acquireRelease(
    Effect.sync(() => new Agent({ allowH2: false, connectTimeout: 5000, keepAliveTimeout: 4000, ...options })),
    (agent) => Effect.promise(() => agent.destroy())
  )

const lengthOf = (header: string | Array<string> | undefined): number | undefined =>
  typeof header === "string" && /^\d{1,15}$/u.test(header) ? Number(header) : undefined

/** Dies on a base URL that is none: the application checks its configuration first. */
export const layer = (options: Options): Layer.Layer<MediaSource, never, AccessTokens> =>
  Layer.effect(
    MediaSource,
    Effect.gen(function* () {
      const { graphBaseUrl, mediaDispatcher, mediaHosts = MediaHosts.ofMeta, simulatorUrl, version = "v25.0" } = options
      const tokens = yield* AccessTokens
      const describing = yield* agent({ maxResponseSize: largestAnswer })
      const plain = yield* agent({})

      const placeOf = ({ file, mode }: ClaimedMedia): Effect.Effect<Place, MediaFault> => {
        if (mode === "simulated") {
          if (simulatorUrl === undefined) return fault("locked", "no simulator")
          return Effect.succeed({
            base: simulatorUrl,
            dispatcher: plain,
            admit: (address) => MediaHosts.atOriginOf(address, simulatorUrl),
            // The simulator checks that there is a token, not which.
            token: Effect.succeed(Redacted.make("simulated"))
          })
        }
        return Effect.succeed({
          base: graphBaseUrl,
          dispatcher: mediaDispatcher,
          admit: (address) => MediaHosts.amongHosts(address, mediaHosts),
          token: tokens.find(file.instanceId).pipe(
            Effect.catchTag("Unavailable", () => fault("away", "access token unavailable")),
            Effect.flatMap(Option.match({ onNone: () => fault("locked", "no access token"), onSome: Effect.succeed }))
          )
        })
      }

      const describe = Effect.fnUntraced(function* (place: Place, metaId: string, token: Redacted.Redacted) {
        if (!isMediaId(metaId)) return yield* fault("refused", "an id that is none")
        const url = new URL(`${place.base.replace(/\/+$/u, "")}/${version}/${metaId}`)
        const { body, statusCode } = yield* get(describing, url, token)
        const text = yield* Effect.tryPromise({ try: () => body.text(), catch: unreachable })
        return yield* Effect.fromResult(MediaAnswer.read(statusCode, text))
      }, Effect.scoped)

      return MediaSource.of({
        open: Effect.fnUntraced(function* (claimed) {
          const place = yield* placeOf(claimed)
          const token = yield* place.token
          const told = yield* describe(place, claimed.file.metaId, token)
          const url = place.admit(told.url)
          if (url === undefined) return yield* fault("misdirected", "an address that is not among the media hosts")
          if (told.size !== undefined && told.size > largestFile) return yield* fault("refused", "too large")

          const { body, headers, statusCode } = yield* get(place.dispatcher, url, token)
          if (statusCode !== 200) return yield* fault("away", `status ${statusCode} of the file`)
          const size = told.size ?? lengthOf(headers["content-length"])
          if (size === undefined) return yield* fault("away", "no size")
          if (size > largestFile) return yield* fault("refused", "too large")

          const hashes = [Option.getOrUndefined(claimed.file.sha256), told.sha256].flatMap((text) => {
            const hex = text === undefined ? undefined : hexOf(text)
            return hex === undefined ? [] : [hex]
          })
          const bytes = NodeStream.fromReadable<Uint8Array, MediaFault>({ evaluate: () => body, onError: unreachable })
          return { size, mimeType: told.mimeType, bytes: verified(bytes, { size, sha256: hashes }) } satisfies Download
        })
      })
    })
  )
