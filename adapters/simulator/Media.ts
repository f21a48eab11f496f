import { Duration, Option, Record, Result } from "effect"
import { hash } from "node:crypto"
import { graphError } from "./GraphError.ts"
import type { GraphError } from "./GraphError.ts"
import type { Ids } from "./Ids.ts"

/** A file, uploaded or sent by a customer. */
export interface MediaObject {
  readonly id: string
  readonly mimeType: string
  /** Hexadecimal. */
  readonly sha256: string
  /** Bytes. */
  readonly size: number
  readonly bytes: Uint8Array
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/**
 * Files, in memory: of all together the latest 256 MiB, and each until it is deleted or its time is over: 30 days if it
 * was uploaded, 7 if a customer sent it (*Media*). `now` is in milliseconds since 1970.
 */
export interface Media {
  readonly upload: (mimeType: string, bytes: Uint8Array, now: number) => Result.Result<MediaObject, GraphError>
  /** What a customer sends may be of any type and size. */
  readonly receive: (mimeType: string, bytes: Uint8Array, now: number) => MediaObject
  readonly find: (id: string, now: number) => MediaObject | undefined
  /** Whether there was one. */
  readonly remove: (id: string) => boolean
}

const mebibyte = 1024 * 1024

/** The types that Meta takes and the largest file of each, in bytes (*Media*). */
const largest: Record.ReadonlyRecord<string, number> = {
  "audio/aac": 16 * mebibyte,
  "audio/amr": 16 * mebibyte,
  "audio/mpeg": 16 * mebibyte,
  "audio/mp4": 16 * mebibyte,
  "audio/ogg": 16 * mebibyte,
  "text/plain": 100 * mebibyte,
  "application/pdf": 100 * mebibyte,
  "application/msword": 100 * mebibyte,
  "application/vnd.ms-excel": 100 * mebibyte,
  "application/vnd.ms-powerpoint": 100 * mebibyte,
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": 100 * mebibyte,
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": 100 * mebibyte,
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": 100 * mebibyte,
  "image/jpeg": 5 * mebibyte,
  "image/png": 5 * mebibyte,
  "image/webp": mebibyte / 2,
  "video/3gpp": 16 * mebibyte,
  "video/mp4": 16 * mebibyte
}

/** The largest upload of all: what the server reads of a request at most, with room for the form around it. */
export const largestUpload = 101 * mebibyte

const kept = 256 * mebibyte
const uploadedFor = Duration.toMillis("30 days")
const receivedFor = Duration.toMillis("7 days")

export const make = (ids: Ids): Media => {
  const byId = new Map<string, MediaObject>()
  let held = 0

  const remove = (id: string): boolean => {
    held -= byId.get(id)?.size ?? 0
    return byId.delete(id)
  }

  const keep = (mimeType: string, bytes: Uint8Array, expiresAt: number): MediaObject => {
    const media = { id: ids.object(), mimeType, sha256: hash("sha256", bytes), size: bytes.length, bytes, expiresAt }
    byId.set(media.id, media)
    held += media.size
    for (const oldest of byId.keys()) {
      if (held <= kept) break
      remove(oldest)
    }
    return media
  }

  return {
    upload: (declared, bytes, now) => {
      const [mimeType = ""] = declared.toLowerCase().split(";")
      const limit = Option.getOrUndefined(Record.get(largest, mimeType))
      if (limit === undefined) {
        const allowed = Object.keys(largest).join(", ")
        return Result.fail(
          graphError(100, {
            title: `Param file must be a file with one of the following types: ${allowed}. Received file of type '${mimeType}'.`
          })
        )
      }
      if (bytes.length > limit) {
        return Result.fail(
          graphError(131053, { details: `Media file size too big. Max: ${limit} bytes for ${mimeType}` })
        )
      }
      return Result.succeed(keep(mimeType, bytes, now + uploadedFor))
    },
    receive: (mimeType, bytes, now) => keep(mimeType, bytes, now + receivedFor),
    find: (id, now) => {
      const media = byId.get(id)
      if (media === undefined || now < media.expiresAt) return media
      remove(id)
      return undefined
    },
    remove
  }
}
