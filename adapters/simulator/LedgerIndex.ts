import { Hash } from "effect"

/** What a send is looked up by. */
export interface SendKeys {
  readonly to: string
  readonly attempt_id: string | null
}

/**
 * Where each send stands in the ledger's file, and fingerprints of what it is looked up by: 16 bytes a send, so that
 * millions of sends cost the process next to nothing. A fingerprint only narrows a search down; the line decides.
 */
export interface LedgerIndex {
  readonly count: () => number
  /** Bytes of file that are accounted for: where the next line begins. */
  readonly size: () => number
  readonly add: (length: number, keys: SendKeys) => void
  /** Where the line at this position (from 0) stands, its newline included. */
  readonly line: (position: number) => { readonly offset: number; readonly length: number }
  /** The next position, from `from` on, whose fingerprints fit; `count()` if there is none. */
  readonly nextCandidate: (from: number, keys: Partial<SendKeys>) => number
  readonly clear: () => void
}

const initialCapacity = 1024
const fingerprint = (key: string | null | undefined): number | undefined =>
  typeof key === "string" ? Hash.string(key) : undefined

export const make = (): LedgerIndex => {
  let count = 0
  let size = 0
  let offsets = new Float64Array(initialCapacity)
  let recipients = new Int32Array(initialCapacity)
  let attempts = new Int32Array(initialCapacity)

  const grow = () => {
    const larger = {
      offsets: new Float64Array(2 * count),
      recipients: new Int32Array(2 * count),
      attempts: new Int32Array(2 * count)
    }
    larger.offsets.set(offsets)
    larger.recipients.set(recipients)
    larger.attempts.set(attempts)
    offsets = larger.offsets
    recipients = larger.recipients
    attempts = larger.attempts
  }

  return {
    count: () => count,
    size: () => size,

    add: (length, { attempt_id, to }) => {
      if (count === offsets.length) grow()
      offsets[count] = size
      recipients[count] = Hash.string(to)
      attempts[count] = fingerprint(attempt_id) ?? 0
      count += 1
      size += length
    },

    line: (position) => {
      const offset = offsets[position] ?? size
      const next = position + 1 < count ? offsets[position + 1] : size
      return { offset, length: (next ?? size) - offset }
    },

    nextCandidate: (from, keys) => {
      const to = fingerprint(keys.to)
      const attempt = fingerprint(keys.attempt_id)
      for (let position = from; position < count; position += 1) {
        if (
          (to ?? recipients[position]) === recipients[position] &&
          (attempt ?? attempts[position]) === attempts[position]
        ) {
          return position
        }
      }
      return count
    },

    clear: () => {
      count = 0
      size = 0
    }
  }
}
