import { Effect, Layer, Option, Stream } from "effect"
import type { MediaKey } from "../../core/media/MediaFile.ts"
import { MediaStore, MediaStoreUnavailable } from "../../core/media/MediaStore.ts"

/** Files held in memory, whole. They end with the process. */
export const layer = Layer.sync(MediaStore, () => {
  const files = new Map<MediaKey, Uint8Array>()
  return MediaStore.of({
    put: Effect.fnUntraced(function* (key, bytes, { size }) {
      const file = Buffer.concat(yield* Stream.runCollect(bytes))
      if (file.length !== size) {
        return yield* new MediaStoreUnavailable({ cause: new Error(`${file.length} bytes of ${size}`) })
      }
      files.set(key, file)
    }),

    get: (key) =>
      Effect.sync(() =>
        Option.map(Option.fromUndefinedOr(files.get(key)), (file) => ({
          bytes: Stream.make(file),
          size: file.length
        }))
      ),

    remove: (key) => Effect.sync(() => void files.delete(key))
  })
})
