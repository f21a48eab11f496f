import { assert, describe, it } from "@effect/vitest"
import { Clock, DateTime, Duration, Effect, Exit, Fiber, Schedule, Schema } from "effect"
import * as MovableClock from "../../apps/standalone/MovableClock.ts"
import * as Sky from "./Sky.ts"

const start = 1_800_000_000_000
const hour = 3_600_000

/** A clock over real time that stands still, and that clock as the one of what runs within. */
const withClock = <A, E>(
  test: (clock: MovableClock.MovableClock, sky: Sky.Sky) => Effect.Effect<A, E>
): Effect.Effect<A, E> =>
  Effect.suspend(() => {
    const sky = Sky.make(start)
    const clock = MovableClock.make(sky)
    return Effect.provideService(test(clock, sky), Clock.Clock, clock)
  })

/** Notes what happened and how long after the start. */
const journal = () => {
  const entries: Array<string> = []
  const note = (event: string) =>
    Effect.map(Clock.currentTimeMillis, (now) => void entries.push(`${event} at ${now - start}`))
  return { entries, note }
}

/** Forks, and lets the fiber get as far as it does by itself. */
const begin = <A, E>(effect: Effect.Effect<A, E>) => Effect.forkChild(effect, { startImmediately: true })

describe("The movable clock", () => {
  it.live("shows real time until it is moved, then real time and what it was moved by", () =>
    withClock((clock, sky) =>
      Effect.gen(function* () {
        assert.strictEqual(yield* Clock.currentTimeMillis, start)
        sky.pass(250)
        assert.strictEqual(yield* Clock.currentTimeMillis, start + 250)
        yield* clock.advance("25 hours")
        assert.strictEqual(yield* Clock.currentTimeMillis, start + 250 + 25 * hour)
        sky.pass(1)
        assert.strictEqual((yield* DateTime.now).epochMilliseconds, start + 251 + 25 * hour)
      })
    )
  )

  it.live("shows the same time in milliseconds, in nanoseconds and on the monotonic clock", () =>
    withClock((clock, sky) =>
      Effect.gen(function* () {
        const before = yield* Clock.monotonicTimeNanos
        sky.pass(7)
        yield* clock.advance("3 seconds")
        assert.strictEqual(yield* Clock.currentTimeNanos, BigInt(start + 3007) * 1_000_000n)
        assert.strictEqual(clock.currentTimeMillisUnsafe(), start + 3007)
        assert.strictEqual((yield* Clock.monotonicTimeNanos) - before, 3_007_000_000n)
      })
    )
  )

  it.live("wakes who sleeps when real time has passed", () =>
    withClock((_, sky) =>
      Effect.gen(function* () {
        const fiber = yield* begin(Effect.sleep("2 seconds"))
        sky.pass(1999)
        assert.isUndefined(fiber.pollUnsafe())
        sky.pass(1)
        yield* Fiber.join(fiber)
      })
    )
  )

  it.live("wakes who is due in the skipped time, in that order, each at its own time", () =>
    withClock((clock) =>
      Effect.gen(function* () {
        const { entries, note } = journal()
        for (const [name, seconds] of [
          ["third", 3],
          ["first", 1],
          ["late", 11],
          ["second", 2],
          ["also second", 2]
        ] as const) {
          yield* begin(Effect.andThen(Effect.sleep(Duration.seconds(seconds)), note(name)))
        }
        yield* clock.advance("10 seconds")
        assert.deepStrictEqual(entries, ["first at 1000", "second at 2000", "also second at 2000", "third at 3000"])
        yield* clock.advance("1 second")
        assert.deepStrictEqual(entries.slice(4), ["late at 11000"])
      })
    )
  )

  it.live("wakes again who falls asleep again and is due again in the skipped time", () =>
    withClock((clock) =>
      Effect.gen(function* () {
        const { entries, note } = journal()
        yield* begin(Effect.repeat(note("tick"), Schedule.spaced("1 minute")))
        yield* begin(Effect.andThen(Effect.sleep("90 seconds"), note("once")))
        yield* clock.advance("3 minutes")
        assert.deepStrictEqual(entries, [
          "tick at 0",
          "tick at 60000",
          "once at 90000",
          "tick at 120000",
          "tick at 180000"
        ])
      })
    )
  )

  it.live("runs retries, timeouts and growing gaps of the skipped time", () =>
    withClock((clock) =>
      Effect.gen(function* () {
        const { entries, note } = journal()
        const failing = Effect.andThen(note("try"), Effect.fail("no"))
        const retried = yield* begin(Effect.retry(failing, { schedule: Schedule.exponential("1 second"), times: 4 }))
        const timedOut = yield* begin(Effect.timeoutOption(Effect.never, "1 hour"))
        yield* clock.advance("1 day")
        assert.deepStrictEqual(entries, ["try at 0", "try at 1000", "try at 3000", "try at 7000", "try at 15000"])
        assert.isTrue(Exit.isFailure(yield* Fiber.await(retried)))
        assert.strictEqual((yield* Fiber.join(timedOut))._tag, "None")
      })
    )
  )

  it.live("lets a fiber that waits for the world fall asleep again as late as that is over", () =>
    withClock((clock) =>
      Effect.gen(function* () {
        const { entries, note } = journal()
        let answer: (() => void) | undefined
        const world = Effect.callback<void>((resume) => {
          answer = () => resume(Effect.void)
        })
        yield* begin(
          Effect.sleep("1 second").pipe(
            Effect.andThen(world),
            Effect.andThen(Effect.sleep("1 second")),
            Effect.andThen(note("done"))
          )
        )
        yield* clock.advance("1 minute")
        answer?.()
        assert.deepStrictEqual(entries, [])
        yield* clock.advance("1 second")
        assert.deepStrictEqual(entries, ["done at 61000"])
      })
    )
  )

  it.live("stays usable where somebody wakes endlessly: it then goes on in steps", () =>
    withClock((clock) =>
      Effect.gen(function* () {
        let ticks = 0
        yield* begin(
          Effect.repeat(
            Effect.sync(() => (ticks += 1)),
            Schedule.spaced("1 millis")
          )
        )
        yield* clock.advance("365 days")
        assert.isAtLeast(ticks, 499)
        assert.isAtMost(ticks, 502)
        assert.strictEqual(yield* Clock.currentTimeMillis, start + 365 * 24 * hour)
      })
    )
  )

  it.live("is moved by one at a time, and by all of them", () =>
    withClock((clock) =>
      Effect.gen(function* () {
        const { entries, note } = journal()
        yield* begin(Effect.andThen(Effect.sleep("90 minutes"), note("woken")))
        yield* Effect.all([clock.advance("1 hour"), clock.advance("1 hour")], { concurrency: "unbounded" })
        assert.strictEqual(yield* Clock.currentTimeMillis, start + 2 * hour)
        assert.deepStrictEqual(entries, [`woken at ${1.5 * hour}`])
      })
    )
  )

  it.live("never runs backward: not by a negative duration, not where the machine's clock is set back", () =>
    withClock((clock, sky) =>
      Effect.gen(function* () {
        yield* clock.advance("-1 hours")
        assert.strictEqual(yield* Clock.currentTimeMillis, start)
        sky.set(start - 5000)
        assert.strictEqual(yield* Clock.currentTimeMillis, start)
        assert.strictEqual(yield* Clock.currentTimeNanos, BigInt(start) * 1_000_000n)
        sky.pass(5001)
        assert.strictEqual(yield* Clock.currentTimeMillis, start + 1)
      })
    )
  )

  it.live("still wakes who is due by real time where the machine's clock is set back", () =>
    withClock((_, sky) =>
      Effect.gen(function* () {
        const fiber = yield* begin(Effect.sleep("1 second"))
        sky.set(start - hour)
        sky.pass(1000)
        yield* Fiber.join(fiber)
      })
    )
  )

  it.live("forgets who is interrupted, and who has been woken", () =>
    withClock((clock, sky) =>
      Effect.gen(function* () {
        const interrupted = yield* begin(Effect.sleep("1 hour"))
        yield* begin(Effect.sleep("1 second"))
        yield* begin(Effect.never)
        assert.strictEqual(sky.waiting(), 2)
        yield* Fiber.interrupt(interrupted)
        yield* clock.advance("1 second")
        assert.strictEqual(sky.waiting(), 0)
      })
    )
  )

  it.live("takes no time for a sleep of no time, and all of it for an endless one", () =>
    withClock((clock, sky) =>
      Effect.gen(function* () {
        yield* Effect.sleep(0)
        const endless = yield* begin(Effect.sleep(Duration.infinity))
        yield* clock.advance("10000 days")
        assert.isUndefined(endless.pollUnsafe())
        assert.strictEqual(sky.waiting(), 0)
        yield* Fiber.interrupt(endless)
      })
    )
  )

  it.live.prop(
    "wakes any sleepers exactly once, in order, however the way is cut into steps",
    {
      sleeps: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 50 }))),
      steps: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 20 })))
    },
    ({ sleeps, steps }) =>
      withClock((clock) =>
        Effect.gen(function* () {
          const woken: Array<readonly [due: number, at: number]> = []
          for (const millis of sleeps) {
            yield* begin(
              Effect.andThen(
                Effect.sleep(millis),
                Effect.map(Clock.currentTimeMillis, (now) => void woken.push([millis, now - start]))
              )
            )
          }
          for (const millis of steps) yield* clock.advance(millis)
          const passed = steps.reduce((sum, millis) => sum + millis, 0)
          const due = sleeps.filter((millis) => millis <= passed).toSorted((left, right) => left - right)
          assert.deepStrictEqual(
            woken,
            due.map((millis) => [millis, millis])
          )
        })
      )
  )
})

describe("The movable clock of the machine", () => {
  it.live("shows the machine's time", () =>
    Effect.gen(function* () {
      const clock = MovableClock.make()
      const [shown, real] = [clock.currentTimeMillisUnsafe(), yield* Clock.currentTimeMillis]
      assert.closeTo(shown, real, 1500)
    })
  )

  it.live("wakes by the machine's timers, and cancels them", () =>
    Effect.gen(function* () {
      const clock = MovableClock.make()
      yield* Effect.provideService(
        Effect.raceFirst(Effect.sleep("5 millis"), Effect.sleep("1 day")),
        Clock.Clock,
        clock
      )
    })
  )

  it.live("wakes at once who would sleep longer than a timer of the machine can run", () =>
    Effect.gen(function* () {
      const clock = MovableClock.make()
      const sleeping = yield* begin(Effect.provideService(Effect.sleep("60 days"), Clock.Clock, clock))
      yield* clock.advance("61 days")
      yield* Fiber.join(sleeping)
    })
  )
})
