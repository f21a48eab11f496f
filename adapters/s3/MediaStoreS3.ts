/**
 * Media as objects of a bucket of Amazon S3, or of another server that speaks its protocol: `<bucket>/<key>`.
 *
 * Guarantees: a file is one PUT that says beforehand how long it is, and S3 shows an object only once it has all of it:
 * one that breaks off leaves nothing behind, parts to clean up included. What is away is said, not tried again.
 *
 * Source: Amazon S3, "API Reference" (PutObject, HeadObject, GetObject, DeleteObject), "Path-style requests".
 */
import * as NodeStream from "@effect/platform-node/NodeStream"
import { type Cause, Effect, Layer, Option, type Scope, Stream } from "effect"
import { Agent, type Dispatcher } from "undici"
import type { MediaKey } from "../../core/media/MediaFile.ts"
import { MediaStore, MediaStoreUnavailable } from "../../core/media/MediaStore.ts"
import type { Bucket } from "./Bucket.ts"
import { signer } from "./Signing.ts"

/** For an answer to begin, and for it to go on, each. */
const silence = 30_000

const unavailable = (cause: unknown) => new MediaStoreUnavailable({ cause })

const unexpected = ({ statusCode }: Dispatcher.ResponseData) => unavailable(new Error(`status ${statusCode}`))

export const layer = (options: Bucket): Layer.Layer<MediaStore> =>
  Layer.effect(
    MediaStore,
    Effect.gen(function* () {
      const base = `${options.endpoint.replace(/\/+$/u, "")}/${options.bucket}/`
      const sign = signer(options)
      const agent = yield* Effect.acquireRelease(
        Effect.sync(
          () => new Agent({ allowH2: false, connectTimeout: 5000, headersTimeout: silence, bodyTimeout: silence })
        ),
        (agent) => Effect.promise(() => agent.destroy())
      )

      /** One request, whose answer is let go of with the scope, read or not. */
      const call = (
        method: "PUT" | "HEAD" | "GET" | "DELETE",
        key: MediaKey,
        headers: Readonly<Record<string, string>> = {},
        body?: Dispatcher.RequestOptions["body"]
      ): Effect.Effect<Dispatcher.ResponseData, MediaStoreUnavailable, Scope.Scope> =>
        Effect.acquireRelease(
          Effect.tryPromise({
            try: async (signal) => {
              const url = new URL(`${base}${key}`)
              const signed = await sign(method, url, headers)
              const answer = await agent.request({
                origin: url.origin,
                path: url.pathname,
                method,
                headers: signed,
                body: body ?? null,
                signal
              })
              // Whoever reads it is told; when it is let go of unread, nobody is there to tell.
              answer.body.on("error", () => {})
              return answer
            },
            catch: unavailable
          }),
          ({ body }) => Effect.sync(() => body.destroy()),
          { interruptible: true }
        )

      return MediaStore.of({
        put: Effect.fnUntraced(function* <E, R>(
          key: MediaKey,
          bytes: Stream.Stream<Uint8Array, E, R>,
          { mimeType, size }: { readonly mimeType: string; readonly size: number }
        ) {
          let broken: Cause.Cause<E> | undefined
          const watched = Stream.tapCause(bytes, (cause) => Effect.sync(() => void (broken = cause)))
          const body = yield* Effect.acquireRelease(NodeStream.toReadable(watched), (body) =>
            Effect.sync(() => body.destroy())
          )
          const answer = yield* call(
            "PUT",
            key,
            { "content-length": String(size), "content-type": mimeType },
            body
          ).pipe(
            // The request fails for the stream's reason where it has one.
            Effect.catch((error): Effect.Effect<never, E | MediaStoreUnavailable> =>
              broken === undefined ? error : Effect.failCause(broken)
            )
          )
          if (answer.statusCode !== 200) return yield* unexpected(answer)
        }, Effect.scoped),

        get: Effect.fnUntraced(function* (key) {
          // Asked before it is read: bytes that nobody comes to read would hold their connection.
          const head = yield* call("HEAD", key)
          if (head.statusCode === 404) return Option.none()
          const size = Number(head.headers["content-length"])
          if (head.statusCode !== 200 || !Number.isSafeInteger(size)) return yield* unexpected(head)
          const bytes = Stream.unwrap(
            Effect.flatMap(call("GET", key), (answer) =>
              answer.statusCode === 200
                ? Effect.succeed(
                    NodeStream.fromReadable<Uint8Array, MediaStoreUnavailable>({
                      evaluate: () => answer.body,
                      onError: unavailable
                    })
                  )
                : Effect.fail(unexpected(answer))
            )
          )
          return Option.some({ size, bytes })
        }, Effect.scoped),

        remove: Effect.fnUntraced(function* (key) {
          const answer = yield* call("DELETE", key)
          if (![200, 204, 404].includes(answer.statusCode)) return yield* unexpected(answer)
        }, Effect.scoped)
      })
    })
  )
