/**
 * A clock that a person can move forward: real time and an offset, which `advance` makes larger. Provided to a whole
 * process, it lets the process live through a day in a second, its windows, retries and timers with it.
 *
 * Guarantees: it never runs backward, not even where the machine's clock is set back (it then stands until real time
 * has caught up); time read and time slept are the same time; the monotonic time moves along.
 */
import { Clock, Duration, Effect, Semaphore } from "effect"

export interface MovableClock extends Clock.Clock {
  /**
   * Moves the clock forward and wakes all whose sleep falls into the skipped time, in the order in which it ends, each
   * at the time at which it ends. Who then falls asleep again and is due again within the skipped time wakes again.
   *
   * Who has something else to wait for in between, such as a database, falls asleep again at the time at which that
   * is over by this clock, which may be the end of the skipped time. After 250 times at which somebody woke, the
   * clock goes on in up to 250 even steps, and wakes at the end of each all whose sleep has ended in it, so that no loop
   * that looks around ten times a second makes a skipped day last. One at a time; cannot be interrupted. A negative duration is none.
   */
  readonly advance: (duration: Duration.Input) => Effect.Effect<void>
}

/** What the clock stands on. */
export interface RealTime {
  /** Nanoseconds since 1970. */
  readonly now: () => bigint
  /** Nanoseconds since some moment, by a clock that nobody sets. */
  readonly elapsed: () => bigint
  /** Calls `wake` in so many milliseconds, unless it is cancelled before. */
  readonly after: (millis: number, wake: () => void) => () => void
}

interface Sleeper {
  readonly due: bigint
  readonly wake: () => void
}

const nanosInMilli = 1_000_000n
const longestTimer = 2 ** 31 - 1
const mostStops = 250

const system = Clock.Clock.defaultValue()

/** The machine's clocks and timers. */
const machine: RealTime = {
  now: () => system.currentTimeNanosUnsafe(),
  elapsed: () => system.monotonicTimeNanosUnsafe(),
  after: (millis, wake) => {
    let timer: NodeJS.Timeout
    const arm = (left: number) => {
      timer = setTimeout(() => (left > longestTimer ? arm(left - longestTimer) : wake()), Math.min(left, longestTimer))
    }
    arm(millis)
    return () => clearTimeout(timer)
  }
}

/** Whoever has just been woken gets to where it falls asleep again, and what answers at once gets to answer. */
const turn = Effect.callback<void>((resume) => {
  setImmediate(() => resume(Effect.void))
})
const settled = Effect.andThen(turn, Effect.andThen(turn, turn))

/** Its offset is 0 at first. */
export const make = (real: RealTime = machine): MovableClock => {
  /** In the order in which they are due, those due at the same time in the order in which they fell asleep. */
  const sleepers: Array<Sleeper> = []
  const advancing = Semaphore.makeUnsafe(1)
  let offset = 0n
  let latest = real.now()

  const now = (): bigint => {
    const moved = real.now() + offset
    if (moved > latest) latest = moved
    return latest
  }

  const add = (sleeper: Sleeper) => {
    const later = sleepers.findLastIndex(({ due }) => due <= sleeper.due) + 1
    sleepers.splice(later, 0, sleeper)
  }

  const remove = (sleeper: Sleeper) => {
    const index = sleepers.indexOf(sleeper)
    if (index >= 0) sleepers.splice(index, 1)
  }

  const wakeDue = () => {
    const time = now()
    for (let [first] = sleepers; first !== undefined && first.due <= time; [first] = sleepers) {
      sleepers.shift()
      first.wake()
    }
  }

  /** Stops where somebody is due, up to `target`. */
  const walkTo = (target: bigint) =>
    Effect.gen(function* () {
      let step = 0n
      for (let stops = 0; ; stops += 1) {
        yield* settled
        if (stops === mostStops) step = (target - offset) / BigInt(mostStops)
        const [next] = sleepers
        const due = next === undefined ? target : next.due - real.now()
        const needed = due > offset + step ? due : offset + step
        if (needed >= target) break
        if (needed > offset) offset = needed
        wakeDue()
      }
      offset = target
      wakeDue()
      yield* settled
    })

  const sleepMillis = (millis: number): Effect.Effect<void> =>
    Effect.callback((resume) => {
      let cancel: (() => void) | undefined
      const sleeper: Sleeper = {
        due: now() + BigInt(Math.round(millis * Number(nanosInMilli))),
        wake: () => {
          cancel?.()
          resume(Effect.void)
        }
      }
      add(sleeper)
      cancel = real.after(millis, () => {
        remove(sleeper)
        resume(Effect.void)
      })
      return Effect.sync(() => {
        cancel?.()
        remove(sleeper)
      })
    })

  const currentTimeMillisUnsafe = () => Number(now() / nanosInMilli)
  const monotonicTimeNanosUnsafe = () => real.elapsed() + offset

  return {
    currentTimeMillisUnsafe,
    currentTimeMillis: Effect.sync(currentTimeMillisUnsafe),
    currentTimeNanosUnsafe: now,
    currentTimeNanos: Effect.sync(now),
    monotonicTimeNanosUnsafe,
    monotonicTimeNanos: Effect.sync(monotonicTimeNanosUnsafe),
    sleep: (duration) => {
      const millis = Duration.toMillis(duration)
      if (millis <= 0) return Effect.yieldNow
      return Number.isFinite(millis) ? sleepMillis(millis) : Effect.never
    },
    advance: (duration) =>
      Effect.suspend(() => {
        const nanos = Duration.toNanosUnsafe(Duration.fromInputUnsafe(duration))
        return nanos <= 0n ? Effect.void : walkTo(offset + nanos)
      }).pipe(Effect.uninterruptible, advancing.withPermits(1))
  }
}
