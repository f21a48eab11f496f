import { DateTime, Effect, Layer, Option, Order, Struct } from "effect"
import { MediaFile } from "../../core/media/MediaFile.ts"
import { MediaFiles } from "../../core/media/MediaFiles.ts"
import { type StoredMediaFile, World } from "./World.ts"

const byTurn = Order.mapInput(DateTime.Order, ({ file }: StoredMediaFile) => file.nextAt)

export const layer = Layer.effect(
  MediaFiles,
  Effect.map(World, ({ instances, mediaFiles }) => {
    const keep = (file: MediaFile) => void mediaFiles.set(file.messageId, { file, leasedUntil: undefined })

    /** The file as it is now, if the claim that `file` came from is the latest and undecided. */
    const held = ({ attempts, messageId }: MediaFile) => {
      const now = mediaFiles.get(messageId)?.file
      return now?.state === "pending" && now.attempts === attempts ? now : undefined
    }

    return MediaFiles.of({
      find: (instanceId, messageId) =>
        Effect.sync(() =>
          Option.filter(
            Option.fromUndefinedOr(mediaFiles.get(messageId)?.file),
            (file) => file.instanceId === instanceId
          )
        ),

      claim: (now, lease, limit) =>
        Effect.sync(() => {
          const due = [...mediaFiles.values()].filter(
            ({ file, leasedUntil }) =>
              file.state === "pending" &&
              DateTime.isLessThanOrEqualTo(file.nextAt, now) &&
              (leasedUntil === undefined || DateTime.isLessThanOrEqualTo(leasedUntil, now))
          )
          return due
            .toSorted(byTurn)
            .slice(0, limit)
            .flatMap(({ file: before }) => {
              const mode = instances.get(before.instanceId)?.instance.mode
              if (mode === undefined) return []
              const file = new MediaFile(Struct.assign(before, { attempts: before.attempts + 1 }))
              mediaFiles.set(file.messageId, { file, leasedUntil: DateTime.addDuration(now, lease) })
              return [{ file, mode }]
            })
        }),

      stored: ({ messageId }, { key, mimeType, size }) =>
        Effect.sync(() => {
          const file = mediaFiles.get(messageId)?.file
          if (file === undefined || file.state === "stored") return
          const here = {
            state: "stored",
            stored: Option.some({ key, size }),
            mimeType: Option.orElse(file.mimeType, () => Option.fromUndefinedOr(mimeType)),
            reason: Option.none()
          } as const
          keep(new MediaFile(Struct.assign(file, here)))
        }),

      postpone: (claimed, nextAt, reason) =>
        Effect.sync(() => {
          const file = held(claimed)
          if (file !== undefined) keep(new MediaFile(Struct.assign(file, { nextAt, reason: Option.some(reason) })))
        }),

      gaveUp: (claimed, state, reason) =>
        Effect.sync(() => {
          const file = held(claimed)
          if (file !== undefined) keep(new MediaFile(Struct.assign(file, { state, reason: Option.some(reason) })))
        })
    })
  })
)
