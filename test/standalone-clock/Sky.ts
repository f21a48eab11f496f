/** Real time in the hands of a test: it stands still until it is told to pass. */
import type { RealTime } from "../../apps/standalone/MovableClock.ts"

export interface Sky extends RealTime {
  /** So many milliseconds pass, and what is due in them comes to pass. */
  readonly pass: (millis: number) => void
  /** The machine's clock is set, as a person or NTP would; nothing that waits takes notice. */
  readonly set: (millis: number) => void
  /** How many timers run. */
  readonly waiting: () => number
}

const nanos = (millis: number) => BigInt(millis) * 1_000_000n

export const make = (start = 1_800_000_000_000): Sky => {
  const timers = new Set<{ readonly due: bigint; readonly wake: () => void }>()
  let elapsed = 0n
  let difference = nanos(start)

  const pass = (millis: number) => {
    elapsed += nanos(millis)
    for (const timer of [...timers].toSorted((left, right) => Number(left.due - right.due))) {
      if (timer.due <= elapsed && timers.delete(timer)) timer.wake()
    }
  }

  return {
    now: () => difference + elapsed,
    elapsed: () => elapsed,
    after: (millis, wake) => {
      const timer = { due: elapsed + nanos(millis), wake }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    pass,
    set: (millis) => {
      difference = nanos(millis) - elapsed
    },
    waiting: () => timers.size
  }
}
