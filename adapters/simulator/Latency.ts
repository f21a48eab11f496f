import { Duration, Effect } from "effect"

/** How long every answer of the Graph API takes at least. */
export interface Latency {
  readonly current: () => Duration.Duration
  readonly set: (latency: Duration.Duration) => void
  readonly wait: Effect.Effect<void>
}

export const make = (initial: Duration.Input): Latency => {
  let latency = Duration.fromInputUnsafe(initial)
  return {
    current: () => latency,
    set: (next) => {
      latency = next
    },
    wait: Effect.suspend(() => (Duration.isZero(latency) ? Effect.void : pause(latency)))
  }
}

/**
 * Waits, unless the caller hangs up meanwhile: what follows is then done at once, for Meta acts on what it has read
 * whether or not anybody still listens. Meant for a region that is uninterruptible.
 */
export const pause = (duration: Duration.Input): Effect.Effect<void> =>
  Effect.asVoid(Effect.exit(Effect.interruptible(Effect.sleep(duration))))
