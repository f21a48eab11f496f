import { Effect, Layer } from "effect"
import { MediaNotPublic, MediaProbe, MediaUnreachable } from "../../core/media/MediaProbe.ts"
import type { Rules } from "./GuardedAgent.ts"
import { isLiterallyPrivate } from "./PublicAddress.ts"
import * as SafeHttp from "./SafeHttp.ts"

/** `rules` are for those who need other than public addresses, five seconds and DNS. */
export const layerWith = (rules: Partial<Rules>) =>
  Layer.effect(
    MediaProbe,
    Effect.gen(function* () {
      const http = yield* SafeHttp.make(rules)
      return MediaProbe.of({
        isLiterallyPrivate: ({ hostname }) => isLiterallyPrivate(hostname),
        head: Effect.fn("MediaProbe.head")(function* (url: URL) {
          const { contentLength, contentType, status } = yield* http.head(url).pipe(
            Effect.catchTags({
              Blocked: () => new MediaNotPublic(),
              Unreachable: () => new MediaUnreachable()
            })
          )
          if (status < 200 || status > 299) return yield* new MediaUnreachable()
          return { contentLength, contentType }
        })
      })
    })
  )

export const layer = layerWith({})
