import { assert, it, layer } from "@effect/vitest"
import { Clock, Effect } from "effect"
import * as MovableClock from "../../apps/standalone/MovableClock.ts"
import { takeMany, telling } from "./Receiver.ts"
import { refusalOf, request, running, send } from "./RunningSimulator.ts"

const advance = (by: unknown) => request("POST", "/_simulator/clock", { advance: by })

layer(running())("Where nothing lets the simulator move time", (it) => {
  it.effect("there is no such route", () =>
    Effect.gen(function* () {
      assert.strictEqual(refusalOf(yield* request("GET", "/_simulator/clock")).code, 2500)
      assert.strictEqual(refusalOf(yield* advance("1 hour")).code, 2500)
    })
  )
})

it.live("The clock that the simulator shares with its process is shown, and moved in words and in seconds", () =>
  Effect.gen(function* () {
    const real = { now: 1_800_000_000_000_000_000n }
    const clock = MovableClock.make({ now: () => real.now, elapsed: () => real.now, after: () => () => {} })
    yield* Effect.gen(function* () {
      assert.deepStrictEqual((yield* request("GET", "/_simulator/clock")).json, { now: "2027-01-15T08:00:00.000Z" })
      assert.deepStrictEqual((yield* advance("25 hours")).json, { now: "2027-01-16T09:00:00.000Z" })
      assert.deepStrictEqual((yield* advance(90)).json, { now: "2027-01-16T09:01:30.000Z" })
      for (const wrong of ["amanhã", -1, "-1 hours", "Infinity", null, "4000 days"]) {
        assert.strictEqual((yield* advance(wrong)).status, 400)
      }
      assert.deepStrictEqual((yield* request("GET", "/_simulator/clock")).json, { now: "2027-01-16T09:01:30.000Z" })
    }).pipe(Effect.provide(running({ clock })), Effect.provideService(Clock.Clock, clock))
  })
)

it.live("Statuses of the skipped time come when the clock is moved, each with its own time", () =>
  Effect.gen(function* () {
    const clock = MovableClock.make({ now: () => 0n, elapsed: () => 0n, after: () => () => {} })
    yield* Effect.gen(function* () {
      yield* send()
      yield* advance(8)
      const times = (yield* takeMany(3)).flatMap(({ updates }) =>
        updates.map((update) => (update._tag === "Status" ? `${update.status} ${update.at.epochMilliseconds}` : ""))
      )
      assert.deepStrictEqual(times, ["sent 0", "delivered 1000", "read 3000"])
    }).pipe(Effect.provide(telling({}, { clock })), Effect.provideService(Clock.Clock, clock))
  })
)
