import { readFileSync, writeFileSync } from "node:fs"

/**
 * Numbers from 0 on of which none comes twice, not even after a restart: the file holds the first that is still free,
 * and is written once for a thousand. An ordinary end and a crash alike leave a gap.
 */
export interface Counter {
  readonly next: () => number
}

const reserved = 1000

const read = (path: string): number => {
  try {
    const count = Number(readFileSync(path, "utf8"))
    return Number.isSafeInteger(count) && count > 0 ? count : 0
  } catch {
    return 0
  }
}

/** The folder of the file exists. */
export const make = (path: string): Counter => {
  let next = read(path)
  let free = next
  return {
    next: () => {
      const number = next
      next += 1
      if (next > free) {
        free += reserved
        writeFileSync(path, String(free), { mode: 0o600 })
      }
      return number
    }
  }
}
