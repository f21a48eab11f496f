import type { Effect, Option, Stream } from "effect"
import { Context, Schema } from "effect"
import type { MediaKey } from "./MediaFile.ts"

/** The store is away, full, or broke off. Nothing was changed. */
export class MediaStoreUnavailable extends Schema.TaggedError<MediaStoreUnavailable>()("MediaStoreUnavailable", {
  cause: Schema.Defect()
}) {}

export interface MediaContent {
  /** Read from the store as it is run; may be run again, or not at all. */
  readonly bytes: Stream.Stream<Uint8Array, MediaStoreUnavailable>
  readonly size: number
}

/**
 * Port: the bytes of media. A key holds a whole file or none: a file is there once `put` has succeeded, and a `put`
 * that fails, is interrupted or gets another number of bytes than `size` leaves the key as it was.
 */
export class MediaStore extends Context.Service<
  MediaStore,
  {
    /** Replaces what is there. No more of the file is held in memory than is on its way. */
    readonly put: <E, R>(
      key: MediaKey,
      bytes: Stream.Stream<Uint8Array, E, R>,
      about: { readonly mimeType: string; readonly size: number }
    ) => Effect.Effect<void, E | MediaStoreUnavailable, R>
    readonly get: (key: MediaKey) => Effect.Effect<Option.Option<MediaContent>, MediaStoreUnavailable>
    /** Where nothing is, nothing is left to do. */
    readonly remove: (key: MediaKey) => Effect.Effect<void, MediaStoreUnavailable>
  }
>()("aidesk/core/media/MediaStore") {}
