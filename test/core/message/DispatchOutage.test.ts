import { assert, describe } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { MemoryGateway } from "../../../adapters/memory/MemoryGateway.ts"
import { World } from "../../../adapters/memory/World.ts"
import { dispatch } from "../../../core/message/Dispatch.ts"
import { abandonedAfter } from "../../../core/message/Idempotency.ts"
import { keyed } from "../../contract/sends/Example.ts"
import { outcomeOf, Outage, stored, test, told } from "./Desk.ts"
import { lost, planned, refusedWith, within } from "./Plans.ts"

describe("while the database is away", () => {
  test("for a moment, a reservation is tried again and sent once", () =>
    Effect.gen(function* () {
      const outage = yield* Outage
      outage.reserve = 3
      assert.strictEqual(told(yield* within(1000, yield* planned())), "sent")
      assert.strictEqual(outage.reserve, 0)
      assert.strictEqual((yield* (yield* MemoryGateway).calls).length, 1)
    }))

  test("for a moment, a reservation whose answer was lost is one reservation, and sent once", () =>
    Effect.gen(function* () {
      Object.assign(yield* Outage, { reserve: 3, reservesAllTheSame: true })
      assert.strictEqual(told(yield* within(1000, yield* planned({ idempotency: keyed("k") }))), "sent")
      assert.strictEqual((yield* (yield* MemoryGateway).calls).length, 1)
      assert.strictEqual((yield* World).messages.size, 1)
    }))

  test("for longer, nothing is sent", () =>
    Effect.gen(function* () {
      const outage = yield* Outage
      outage.reserve = Infinity
      const plan = yield* planned()
      const fiber = yield* Effect.forkChild(Effect.flip(dispatch(plan)), { startImmediately: true })
      yield* TestClock.adjust("4 seconds")
      assert.strictEqual((yield* Fiber.join(fiber))._tag, "Unavailable")
      assert.deepStrictEqual(yield* (yield* MemoryGateway).calls, [])
      assert.isUndefined(yield* stored(plan.reservation.messageId))
    }))

  test("for longer, a reservation that was kept all the same is given back when the database returns", () =>
    Effect.gen(function* () {
      const outage = yield* Outage
      Object.assign(outage, { reserve: Infinity, settle: Infinity, reservesAllTheSame: true })
      const plan = yield* planned({ idempotency: keyed("k") })
      const fiber = yield* Effect.forkChild(Effect.flip(dispatch(plan)), { startImmediately: true })
      yield* TestClock.adjust("4 seconds")
      assert.strictEqual((yield* Fiber.join(fiber))._tag, "Unavailable")
      assert.isTrue((yield* World).attempts.has(plan.reservation.attemptId))
      yield* TestClock.adjust("1 minute")
      outage.settle = 0
      yield* TestClock.adjust("2 seconds")
      const outcome = yield* outcomeOf(plan.reservation.messageId)
      assert.strictEqual(outcome?._tag === "Failed" ? outcome.failure.code : outcome?._tag, "database_unavailable")
      assert.strictEqual((yield* World).claims.size, 0)
      assert.deepStrictEqual(yield* (yield* MemoryGateway).calls, [])
    }))

  test("for a moment, an outcome is recorded a moment later and the success told", () =>
    Effect.gen(function* () {
      const outage = yield* Outage
      outage.settle = 3
      const report = yield* within(1000, yield* planned())
      assert.strictEqual(told(report), "sent")
      assert.strictEqual((yield* outcomeOf(report.messageId))?._tag, "Accepted")
    }))

  test("however long a reservation took, the send is over before it can be taken for dead", () =>
    Effect.gen(function* () {
      Object.assign(yield* Outage, { reserve: 7, settle: 7 })
      yield* (yield* MemoryGateway).script(({ timeout }) => Effect.delay(Effect.succeed(lost), timeout))
      const plan = yield* planned()
      const fiber = yield* Effect.forkChild(dispatch(plan), { startImmediately: true })
      yield* TestClock.adjust(abandonedAfter)
      assert.isDefined(fiber.pollUnsafe())
      assert.strictEqual((yield* outcomeOf(plan.reservation.messageId))?._tag, "Unknown")
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(fiber)
    }))

  test("for longer, a success that is not recorded is not told, and recorded when the database returns", () =>
    Effect.gen(function* () {
      const outage = yield* Outage
      outage.settle = Infinity
      const report = yield* within(4000, yield* planned())
      assert.strictEqual(told(report), "outcome_unknown")
      yield* TestClock.adjust("5 minutes")
      assert.isUndefined(yield* outcomeOf(report.messageId))
      outage.settle = 0
      yield* TestClock.adjust("2 seconds")
      assert.deepInclude(yield* outcomeOf(report.messageId), { _tag: "Accepted", wamid: "wamid.MEMORY1" })
      assert.strictEqual((yield* (yield* MemoryGateway).calls).length, 1)
    }))

  test("for longer, a refusal is told as it is: nothing was sent, recorded or not", () =>
    Effect.gen(function* () {
      const outage = yield* Outage
      outage.settle = Infinity
      yield* (yield* MemoryGateway).script(refusedWith(131026))
      const report = yield* within(4000, yield* planned())
      assert.strictEqual(told(report), "meta_rejected")
      outage.settle = 0
      yield* TestClock.adjust("2 seconds")
      assert.strictEqual((yield* outcomeOf(report.messageId))?._tag, "Failed")
    }))

  test("or rather broken, an outcome that cannot be recorded is not told as if nothing had happened", () =>
    Effect.gen(function* () {
      Object.assign(yield* Outage, { settle: 1, settlementBreaks: true })
      const report = yield* within(4000, yield* planned())
      assert.strictEqual(told(report), "outcome_unknown")
      assert.strictEqual((yield* outcomeOf(report.messageId))?._tag, "Accepted")
    }))
})
