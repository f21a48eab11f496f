/**
 * The files that links lead to, played by a list; nothing goes over a network.
 *
 * What is a private address is only hinted at here: `localhost` and the usual IPv4 ranges, as one writes them.
 */
import { Context, Effect, Layer, Option } from "effect"
import { type MediaHead, MediaNotPublic, MediaProbe, MediaUnreachable } from "../../core/media/MediaProbe.ts"

export interface PublishedFile {
  /** Lower-case MIME type; left out, the server names none. */
  readonly contentType?: string
  readonly contentLength?: number
}

export class MemoryFiles extends Context.Service<
  MemoryFiles,
  {
    /** From now on a request for exactly this URL is answered with these headers; for any other no answer comes. */
    readonly publish: (url: string, file: PublishedFile) => Effect.Effect<void>
    /** From now on the name in this URL resolves to an address inside somebody's network. */
    readonly hide: (url: string) => Effect.Effect<void>
    /** The URLs that were asked about so far, oldest first. */
    readonly asked: Effect.Effect<ReadonlyArray<string>>
  }
>()("aidesk/adapters/memory/MemoryFiles") {}

const privateHost = /^(?:localhost|127\.[\d.]+|10\.[\d.]+|192\.168\.[\d.]+|169\.254\.[\d.]+|\[::1\])$/u

/** Gives `MediaProbe` and the `MemoryFiles` it finds. */
export const layer = Layer.effectContext(
  Effect.sync(() => {
    const files = new Map<string, Effect.Effect<MediaHead, MediaNotPublic>>()
    const asked: Array<string> = []

    return Context.make(
      MediaProbe,
      MediaProbe.of({
        isLiterallyPrivate: (url) => privateHost.test(url.hostname),
        head: (url) =>
          Effect.suspend((): Effect.Effect<MediaHead, MediaNotPublic | MediaUnreachable> => {
            asked.push(url.href)
            return files.get(url.href) ?? Effect.fail(new MediaUnreachable())
          })
      })
    ).pipe(
      Context.add(
        MemoryFiles,
        MemoryFiles.of({
          publish: (url, { contentLength, contentType }) =>
            Effect.sync(() => {
              files.set(
                new URL(url).href,
                Effect.succeed({
                  contentType: Option.fromUndefinedOr(contentType),
                  contentLength: Option.fromUndefinedOr(contentLength)
                })
              )
            }),
          hide: (url) =>
            Effect.sync(() => {
              files.set(new URL(url).href, Effect.fail(new MediaNotPublic()))
            }),
          asked: Effect.sync(() => [...asked])
        })
      )
    )
  })
)
