import { Effect, Layer } from "effect"
import { World } from "../../adapters/memory/World.ts"
import { MediaEntry } from "../contract/mediaFiles.ts"

export const layer = Layer.effect(
  MediaEntry,
  Effect.map(World, ({ mediaFiles }) =>
    MediaEntry.of({
      enter: (file) => Effect.sync(() => void mediaFiles.set(file.messageId, { file, leasedUntil: undefined }))
    })
  )
)
