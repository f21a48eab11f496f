/** The bytes of a request as they came, and no more of them than are wanted. */
import type { Readable } from "node:stream"
import { joined } from "../ShortWay.ts"

/** Meta posts up to 3 MB. */
export const maxBytes = 3 * 1024 * 1024

/** Of all bodies that one process holds at a time, so that nobody fills its memory with them. */
const memory = 192 * 1024 * 1024

export type Reading =
  | { readonly _tag: "Whole"; readonly bytes: Buffer }
  /** Longer than `maxBytes`. The rest is left unread. */
  | { readonly _tag: "TooLarge" }
  /** Too much is being read at once. The rest is left unread. */
  | { readonly _tag: "TooMuch" }
  /** The caller is gone. */
  | { readonly _tag: "BrokenOff" }

export interface Bodies {
  /** `done` is called once. What was read counts as held until `release`. */
  readonly read: (request: Readable, done: (reading: Reading) => void) => void
  readonly release: (request: Readable) => void
}

export const make = (mostHeld = memory): Bodies => {
  const sizes = new WeakMap<Readable, number>()
  let held = 0

  return {
    read: (request, done) => {
      if (request.destroyed) return done({ _tag: "BrokenOff" })
      const chunks: Array<Buffer> = []
      let size = 0
      const finish = (reading: Reading) => {
        request.off("data", take).off("end", end).off("close", close)
        done(reading)
      }
      const take = (chunk: Buffer) => {
        size += chunk.length
        held += chunk.length
        sizes.set(request, size)
        chunks.push(chunk)
        if (size > maxBytes || held > mostHeld) {
          request.pause()
          finish({ _tag: size > maxBytes ? "TooLarge" : "TooMuch" })
        }
      }
      const end = () => finish({ _tag: "Whole", bytes: joined(chunks) })
      const close = () => finish({ _tag: "BrokenOff" })
      request.on("data", take).on("end", end).on("close", close)
    },

    release: (request) => {
      held -= sizes.get(request) ?? 0
      sizes.delete(request)
    }
  }
}
