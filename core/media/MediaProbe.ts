import type { Effect, Option } from "effect"
import { Context, Schema } from "effect"

/** What a server said of a file, without handing it over. */
export interface MediaHead {
  /** Lower-case MIME type without its parameters. */
  readonly contentType: Option.Option<string>
  readonly contentLength: Option.Option<number>
}

/** The address is none that a request of ours may go to. */
export class MediaNotPublic extends Schema.TaggedError<MediaNotPublic>()("MediaNotPublic", {}) {}

/** No usable answer came: name unknown, refused, late, redirected or an error status. */
export class MediaUnreachable extends Schema.TaggedError<MediaUnreachable>()("MediaUnreachable", {}) {}

/**
 * Port: asks a user-given address about a file. Every address the name resolves to is checked against
 * all non-public ranges when the connection is made, redirects are not followed, and nothing of the
 * answer but these two headers is read.
 */
export class MediaProbe extends Context.Service<
  MediaProbe,
  {
    /** Whether the host is a literal address (in any spelling) or a name that can only be private. No request is made. */
    readonly isLiterallyPrivate: (url: URL) => boolean
    readonly head: (url: URL) => Effect.Effect<MediaHead, MediaNotPublic | MediaUnreachable>
  }
>()("aidesk/core/media/MediaProbe") {}
