import { Effect, Stream } from "effect"
import { createHash } from "node:crypto"
import { MediaFault } from "../../core/media/MediaSource.ts"

/** `text` in hexadecimal, whether it is that or base64; nothing where it is no SHA-256. */
export const hexOf = (text: string): string | undefined => {
  if (/^[\da-f]{64}$/iu.test(text)) return text.toLowerCase()
  return /^[\w+/-]{43}=?$/u.test(text) ? Buffer.from(text, "base64").toString("hex") : undefined
}

const corrupt = (detail: string) => new MediaFault({ kind: "corrupt", detail })

/**
 * Holds every piece back until the next one comes and the last until all are judged: whoever counts on the size that
 * was told never has the whole of a file that is wrong. Of several hashes one must be right, for there are two places
 * that tell one and no promise that they agree; where none is told, the number of bytes is all that is judged.
 */
export const verified = <E>(
  bytes: Stream.Stream<Uint8Array, E>,
  told: { readonly size: number; readonly sha256: ReadonlyArray<string> }
): Stream.Stream<Uint8Array, E | MediaFault> =>
  Stream.suspend(() => {
    const hash = createHash("sha256")
    let count = 0
    let held: Uint8Array | undefined

    const next = (piece: Uint8Array): Effect.Effect<ReadonlyArray<Uint8Array>, MediaFault> => {
      count += piece.length
      if (count > told.size) return corrupt("more bytes than were told")
      if (piece.length === 0) return Effect.succeed([])
      hash.update(piece)
      const before = held
      held = piece
      return Effect.succeed(before === undefined ? [] : [before])
    }

    const last = Stream.suspend((): Stream.Stream<Uint8Array, MediaFault> => {
      if (count < told.size) return Stream.fail(corrupt("fewer bytes than were told"))
      if (told.sha256.length > 0 && !told.sha256.includes(hash.digest("hex"))) {
        return Stream.fail(corrupt("another hash than was told"))
      }
      return held === undefined ? Stream.empty : Stream.make(held)
    })

    return bytes.pipe(
      Stream.mapEffect((piece) => Effect.suspend(() => next(piece))),
      Stream.flattenIterable,
      Stream.concat(last)
    )
  })
