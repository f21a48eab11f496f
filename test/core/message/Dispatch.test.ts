import { assert, describe } from "@effect/vitest"
import { DateTime, Deferred, Duration, Effect, Fiber, Option } from "effect"
import { TestClock } from "effect/testing"
import { MemoryGateway } from "../../../adapters/memory/MemoryGateway.ts"
import { World } from "../../../adapters/memory/World.ts"
import { ContactId } from "../../../core/contact/Contact.ts"
import { dispatch } from "../../../core/message/Dispatch.ts"
import type { GatewayAnswer } from "../../../core/message/GatewayAnswer.ts"
import { keyed } from "../../contract/sends/Example.ts"
import { furnished, outcomeOf, stored, test, told } from "./Desk.ts"
import { accepted, ana, lost, neverLeft, planIn, planned, refusedWith, within } from "./Plans.ts"

/** Milliseconds from the first call to each, and the seconds each was given. */
const callTimes = Effect.gen(function* () {
  const calls = yield* (yield* MemoryGateway).calls
  const [first] = calls
  return calls.map(({ at, timeout }) => [
    first === undefined ? 0 : DateTime.toEpochMillis(at) - DateTime.toEpochMillis(first.at),
    Duration.toSeconds(timeout)
  ])
})

describe("a send", () => {
  test("is reserved, handed over once and settled", () =>
    Effect.gen(function* () {
      const plan = yield* planned()
      const report = yield* dispatch(plan)
      assert.deepStrictEqual(report, {
        requestId: "request",
        replayed: false,
        messageId: plan.reservation.messageId,
        contactId: ContactId.make(53),
        result: { _tag: "Sent", wamid: "wamid.MEMORY1", kind: "text" }
      })
      const calls = yield* (yield* MemoryGateway).calls
      assert.deepStrictEqual(
        calls.map(({ attemptId, instance, message }) => ({ attemptId, instance, message })),
        [{ attemptId: plan.reservation.attemptId, instance: plan.instance, message: plan.message }]
      )
      assert.deepStrictEqual((yield* stored(report.messageId))?.settled, {
        outcome: { _tag: "Accepted", wamid: "wamid.MEMORY1", waId: ana, held: false },
        calls: 1,
        at: yield* DateTime.now
      })
    }))

  test("is handed over only when its reservation is kept", () =>
    Effect.gen(function* () {
      const plan = yield* planned()
      const kept = yield* Deferred.make<boolean>()
      yield* (yield* MemoryGateway).script(
        Effect.gen(function* () {
          const world = yield* World
          yield* Deferred.succeed(kept, world.attempts.has(plan.reservation.attemptId))
          return lost
        }).pipe(Effect.provideService(World, yield* World))
      )
      yield* dispatch(plan)
      assert.isTrue(yield* Deferred.await(kept))
    }))

  test("that is refused for good is answered so, and kept as failed", () =>
    Effect.gen(function* () {
      yield* (yield* MemoryGateway).script(refusedWith(131026))
      const report = yield* dispatch(yield* planned())
      assert.strictEqual(told(report), "meta_rejected")
      assert.strictEqual((yield* outcomeOf(report.messageId))?._tag, "Failed")
    }))

  test("that is throttled is repeated and, once accepted, sent", () =>
    Effect.gen(function* () {
      yield* (yield* MemoryGateway).script(refusedWith(131056), refusedWith(131056))
      const report = yield* within(5000, yield* planned())
      assert.strictEqual(told(report), "sent")
      assert.deepStrictEqual(yield* callTimes, [
        [0, 15],
        [1000, 14],
        [5000, 10]
      ])
      assert.strictEqual((yield* stored(report.messageId))?.settled?.calls, 3)
    }))

  test("that is throttled to the end says when to come back, and frees its key", () =>
    Effect.gen(function* () {
      const gateway = yield* MemoryGateway
      yield* gateway.script(...Array.from({ length: 9 }, () => refusedWith(4)))
      const report = yield* within(15_000, yield* planned({ idempotency: keyed("k") }))
      assert.strictEqual(told(report), "meta_throttled")
      assert.deepInclude(report.result._tag === "NotSent" ? report.result.failure : {}, { retryAfter: 8 })
      assert.strictEqual((yield* gateway.calls).length, 5)
      assert.strictEqual((yield* World).claims.size, 0)
    }))

  test("that never left is repeated within the deadline, then given up: nothing was sent", () =>
    Effect.gen(function* () {
      const gateway = yield* MemoryGateway
      yield* gateway.script(...Array.from({ length: 9 }, () => neverLeft))
      const report = yield* within(15_000, yield* planned({ idempotency: keyed("k") }))
      assert.strictEqual(told(report), "meta_unavailable")
      assert.deepStrictEqual(
        (yield* callTimes).map(([at]) => at),
        [0, 500, 1500, 3500, 7500]
      )
      assert.strictEqual((yield* World).claims.size, 0)
    }))

  test("that takes long is not repeated past the deadline", () =>
    Effect.gen(function* () {
      const gateway = yield* MemoryGateway
      yield* gateway.script(Effect.delay(Effect.succeed(refusedWith(4)), "14 seconds"))
      const report = yield* within(14_000, yield* planned())
      assert.strictEqual(told(report), "meta_throttled")
      assert.strictEqual((yield* gateway.calls).length, 1)
    }))

  test("whose answer was lost may have gone: unknown, and never repeated", () =>
    Effect.gen(function* () {
      const gateway = yield* MemoryGateway
      yield* gateway.script(lost)
      const report = yield* within(60_000, yield* planned({ idempotency: keyed("k") }))
      assert.strictEqual(told(report), "outcome_unknown")
      assert.strictEqual((yield* gateway.calls).length, 1)
      assert.deepStrictEqual(yield* outcomeOf(report.messageId), { _tag: "Unknown", reason: "socket hang up" })
      assert.strictEqual((yield* World).claims.size, 1)
    }))

  test("whose answer was lost after it had been throttled is not repeated either", () =>
    Effect.gen(function* () {
      const gateway = yield* MemoryGateway
      yield* gateway.script(refusedWith(4), lost)
      const report = yield* within(60_000, yield* planned())
      assert.strictEqual(told(report), "outcome_unknown")
      assert.strictEqual((yield* gateway.calls).length, 2)
    }))

  test("in which the gateway breaks may have gone: unknown", () =>
    Effect.gen(function* () {
      const gateway = yield* MemoryGateway
      yield* gateway.script(Effect.die(new Error("out of sockets")))
      const report = yield* dispatch(yield* planned())
      assert.strictEqual(told(report), "outcome_unknown")
      assert.deepStrictEqual(yield* outcomeOf(report.messageId), {
        _tag: "Unknown",
        reason: "defect: Error: out of sockets"
      })
    }))

  test("is carried to its end when its caller hangs up in the middle", () =>
    Effect.gen(function* () {
      const called = yield* Deferred.make<void>()
      const answer = yield* Deferred.make<GatewayAnswer>()
      const plan = yield* planned()
      yield* (yield* MemoryGateway).script(Effect.andThen(Deferred.succeed(called, undefined), Deferred.await(answer)))
      const caller = yield* Effect.forkChild(dispatch(plan))
      yield* Deferred.await(called)
      const hangingUp = yield* Effect.forkChild(Fiber.interrupt(caller), { startImmediately: true })
      assert.isUndefined(yield* outcomeOf(plan.reservation.messageId))
      yield* Deferred.succeed(answer, accepted)
      yield* Fiber.join(hangingUp)
      assert.deepInclude(yield* outcomeOf(plan.reservation.messageId), { _tag: "Accepted", wamid: "wamid.A" })
    }))

  test("is repeated although its caller hung up while it waited", () =>
    Effect.gen(function* () {
      const plan = yield* planned()
      yield* (yield* MemoryGateway).script(refusedWith(4))
      const caller = yield* Effect.forkChild(dispatch(plan), { startImmediately: true })
      const hangingUp = yield* Effect.forkChild(Fiber.interrupt(caller), { startImmediately: true })
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(hangingUp)
      assert.deepInclude(yield* outcomeOf(plan.reservation.messageId), { _tag: "Accepted" })
    }))

  test("names the contact and moves its conversation when it may have gone, and not when it failed", () =>
    Effect.gen(function* () {
      const { instance, queue, status, support } = yield* furnished
      const gateway = yield* MemoryGateway
      const world = yield* World
      const place = () => {
        const name = world.contacts.get(ContactId.make(53))?.contact.name
        const queueId = [...world.conversations.values()][0]?.queueId
        return [name?.pipe(Option.getOrUndefined), queueId]
      }
      yield* dispatch(yield* planIn(instance, {}, { queueId: queue.id, statusId: status.id }))
      assert.deepStrictEqual(place(), ["Ana", queue.id])

      const effects = { contactName: "Ana Lima", queueId: support.id, statusId: status.id }
      for (const failing of [refusedWith(100), refusedWith(2), { _tag: "NoToken" } as const]) {
        yield* gateway.script(failing)
        yield* dispatch(yield* planIn(instance, {}, effects))
        assert.deepStrictEqual(place(), ["Ana", queue.id])
      }
      yield* gateway.script(lost)
      yield* dispatch(yield* planIn(instance, {}, effects))
      assert.deepStrictEqual(place(), ["Ana Lima", support.id])
      yield* dispatch(yield* planIn(instance, {}, { contactName: "Ana", queueId: queue.id, statusId: status.id }))
      assert.deepStrictEqual(place(), ["Ana", queue.id])
    }))
})

describe("a send that cannot be reserved", () => {
  test("for the directory changed, is handed over to nobody", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(dispatch(yield* planned({ revision: 0 })))
      assert.strictEqual(error._tag, "DirectoryChanged")
      assert.deepStrictEqual(yield* (yield* MemoryGateway).calls, [])
    }))

  test("for the contact is gone, is handed over to nobody", () =>
    Effect.gen(function* () {
      const recipient = { _tag: "Known", contactId: ContactId.make(54) } as const
      const error = yield* Effect.flip(dispatch(yield* planned({ recipient })))
      assert.strictEqual(error._tag, "ContactGone")
      assert.deepStrictEqual(yield* (yield* MemoryGateway).calls, [])
    }))

  test("for its key is taken, is handed over to nobody", () =>
    Effect.gen(function* () {
      const { instance } = yield* furnished
      yield* dispatch(yield* planIn(instance, { idempotency: keyed("k") }))
      const error = yield* Effect.flip(dispatch(yield* planIn(instance, { idempotency: keyed("k") })))
      assert.strictEqual(error._tag, "KeyTaken")
      assert.strictEqual((yield* (yield* MemoryGateway).calls).length, 1)
    }))
})
