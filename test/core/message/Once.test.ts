import { assert, describe } from "@effect/vitest"
import { DateTime, Deferred, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { MemoryGateway } from "../../../adapters/memory/MemoryGateway.ts"
import { World } from "../../../adapters/memory/World.ts"
import { failure } from "../../../core/failure/Failure.ts"
import type { GatewayAnswer } from "../../../core/message/GatewayAnswer.ts"
import * as Idempotency from "../../../core/message/Idempotency.ts"
import { Sends } from "../../../core/message/Sends.ts"
import { sendTemplate, type TemplateRequest } from "../../../core/message/SendTemplate.ts"
import { reservationIn, settlementOf } from "../../contract/sends/Example.ts"
import { furnished, outcomeOf, Outage, test, told } from "./Desk.ts"
import { accepted, refusedWith } from "./Plans.ts"

const underKey = (request: TemplateRequest, requestId: string, bodyHash = "b0d1"): TemplateRequest => ({
  ...request,
  requestId,
  idempotency: { path: "/send-message", key: "order-1", bodyHash }
})

const callCount = Effect.gen(function* () {
  return (yield* (yield* MemoryGateway).calls).length
})

/** A send that is under way until it is answered. */
const underWay = Effect.fnUntraced(function* (request: TemplateRequest) {
  const called = yield* Deferred.make<void>()
  const answer = yield* Deferred.make<GatewayAnswer>()
  yield* (yield* MemoryGateway).script(Effect.andThen(Deferred.succeed(called, undefined), Deferred.await(answer)))
  const fiber = yield* Effect.forkChild(sendTemplate(request))
  yield* Deferred.await(called)
  return { fiber, answer }
})

/** What a process that died between its reservation and its settlement leaves behind. */
const crashed = Effect.fnUntraced(function* (request: TemplateRequest) {
  const claim = request.idempotency ?? { path: "/send-message", key: "none", bodyHash: "none" }
  const idempotency = { ...claim, requestId: request.requestId }
  const reservation = yield* reservationIn(request.instance.id, { idempotency })
  yield* (yield* Sends).reserve(reservation)
  return reservation
})

describe("a request that is repeated under its key", () => {
  test("is answered as the original was, by the original's name, and sent once", () =>
    Effect.gen(function* () {
      const { request } = yield* furnished
      const original = yield* sendTemplate(underKey(request, "original"))
      const repeated = yield* sendTemplate(underKey(request, "repetition"))
      assert.deepStrictEqual(original.replayed, false)
      assert.deepStrictEqual(repeated, { ...original, replayed: true })
      assert.strictEqual(repeated.requestId, "original")
      assert.strictEqual(yield* callCount, 1)
    }))

  test("is answered as the original was although what it asks for is gone by now", () =>
    Effect.gen(function* () {
      const { request, setup, template } = yield* furnished
      const original = yield* sendTemplate(underKey(request, "original"))
      yield* setup.setTemplateStatus(template.id, "DISABLED")
      assert.deepStrictEqual(yield* sendTemplate(underKey(request, "repetition")), { ...original, replayed: true })
    }))

  test("is refused for good as the original was", () =>
    Effect.gen(function* () {
      const { request } = yield* furnished
      yield* (yield* MemoryGateway).script(refusedWith(131026))
      const original = yield* sendTemplate(underKey(request, "original"))
      assert.strictEqual(told(original), "meta_rejected")
      assert.deepStrictEqual(yield* sendTemplate(underKey(request, "repetition")), { ...original, replayed: true })
      assert.strictEqual(yield* callCount, 1)
    }))

  test("is sent where the original provably was not and may pass now", () =>
    Effect.gen(function* () {
      const { request } = yield* furnished
      for (const code of [2, 190, 131048, 131049]) {
        yield* (yield* MemoryGateway).script(refusedWith(code))
        const original = yield* sendTemplate(underKey(request, "original"))
        assert.strictEqual(original.result._tag, "NotSent")
      }
      const repeated = yield* sendTemplate(underKey(request, "repetition"))
      assert.deepStrictEqual([told(repeated), repeated.replayed, repeated.requestId], ["sent", false, "repetition"])
    }))

  test("is sent where the original was refused before anything was kept: a mistake takes no key", () =>
    Effect.gen(function* () {
      const { request } = yield* furnished
      const wrong = yield* sendTemplate({ ...underKey(request, "original", "wr0ng"), variables: {} })
      assert.strictEqual(told(wrong), "missing_variables")
      assert.strictEqual(told(yield* sendTemplate(underKey(request, "repetition"))), "sent")
    }))

  test("while the original runs, is told how long to wait, and sends nothing", () =>
    Effect.gen(function* () {
      const { request } = yield* furnished
      const { answer, fiber } = yield* underWay(underKey(request, "original"))
      yield* TestClock.adjust("3500 millis")
      const running = yield* sendTemplate(underKey(request, "repetition"))
      assert.strictEqual(told(running), "idempotency_key_running")
      assert.deepInclude(running.result._tag === "NotSent" ? running.result.failure : {}, { retryAfter: 27 })
      yield* Deferred.succeed(answer, accepted)
      const original = yield* Fiber.join(fiber)
      assert.deepStrictEqual([running.messageId, running.contactId], [original.messageId, original.contactId])
      assert.deepStrictEqual(yield* sendTemplate(underKey(request, "again")), { ...original, replayed: true })
      assert.strictEqual(yield* callCount, 1)
    }))

  test("with another body is refused, whatever became of the original", () =>
    Effect.gen(function* () {
      const { request } = yield* furnished
      const { answer, fiber } = yield* underWay(underKey(request, "original"))
      const other = underKey(request, "another", "0ther")
      assert.strictEqual(told(yield* sendTemplate(other)), "idempotency_key_reused")
      yield* Deferred.succeed(answer, accepted)
      yield* Fiber.join(fiber)
      const report = yield* sendTemplate(other)
      assert.strictEqual(told(report), "idempotency_key_reused")
      assert.deepStrictEqual([report.messageId, report.contactId], [undefined, undefined])
      assert.strictEqual(yield* callCount, 1)
    }))

  test("fifty times at once is sent once", () =>
    Effect.gen(function* () {
      const { request } = yield* furnished
      const reports = yield* Effect.forEach(
        Array.from({ length: 50 }, (_, index) => String(index)),
        (id) => sendTemplate(underKey(request, id)),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(yield* callCount, 1)
      assert.strictEqual(new Set(reports.map(({ messageId }) => messageId)).size, 1)
      for (const report of reports) assert.include(["sent", "idempotency_key_running"], told(report))
    }))

  test("in another instance or on another path is another request", () =>
    Effect.gen(function* () {
      const { request, setup } = yield* furnished
      yield* sendTemplate(underKey(request, "original"))
      const elsewhere = underKey(request, "elsewhere")
      const claim = { path: "/sendmessage", key: "order-1", bodyHash: "b0d1" }
      assert.isFalse((yield* sendTemplate({ ...elsewhere, idempotency: claim })).replayed)
      const other = yield* setup.addInstance()
      const report = yield* sendTemplate({ ...elsewhere, instance: other })
      assert.deepStrictEqual([told(report), report.replayed], ["queue_not_found", false])
    }))

  test("after 72 hours is a new one", () =>
    Effect.gen(function* () {
      const { request } = yield* furnished
      yield* sendTemplate(underKey(request, "original"))
      yield* TestClock.adjust(Idempotency.keptFor)
      assert.isTrue((yield* sendTemplate(underKey(request, "repetition"))).replayed)
      yield* TestClock.adjust("1 millis")
      assert.isFalse((yield* sendTemplate(underKey(request, "new"))).replayed)
      assert.strictEqual(yield* callCount, 2)
    }))
})

describe("a request whose original's process died", () => {
  test("is told to wait, then that the outcome is unknown, and is never sent by itself", () =>
    Effect.gen(function* () {
      const { request } = yield* furnished
      const { messageId } = yield* crashed(underKey(request, "original"))
      const repeat = sendTemplate(underKey(request, "repetition"))
      assert.strictEqual(told(yield* repeat), "idempotency_key_running")
      yield* TestClock.adjust(Idempotency.abandonedAfter)
      const unknown = yield* repeat
      assert.deepStrictEqual(
        [told(unknown), unknown.replayed, unknown.requestId, unknown.messageId],
        ["outcome_unknown", true, "original", messageId]
      )
      const now = yield* DateTime.now
      assert.strictEqual(yield* (yield* Sends).abandon(now, now), 1)
      assert.deepStrictEqual(yield* repeat, unknown)
      assert.strictEqual(yield* callCount, 0)
    }))

  test("is told the outcome as soon as it is settled after all", () =>
    Effect.gen(function* () {
      const { request } = yield* furnished
      const reservation = yield* crashed(underKey(request, "original"))
      yield* TestClock.adjust("1 hour")
      const repeat = sendTemplate(underKey(request, "repetition"))
      assert.strictEqual(told(yield* repeat), "outcome_unknown")
      yield* (yield* Sends).settle(yield* settlementOf(reservation, accepted))
      assert.deepStrictEqual((yield* repeat).result, { _tag: "Sent", wamid: "wamid.A", kind: "text" })
    }))
})

describe("a request whose outcome was not recorded", () => {
  test("is answered as unknown, and as it was once that is recorded", () =>
    Effect.gen(function* () {
      const { request } = yield* furnished
      const outage = yield* Outage
      outage.settle = Infinity
      const fiber = yield* Effect.forkChild(sendTemplate(underKey(request, "original")), { startImmediately: true })
      yield* TestClock.adjust("4 seconds")
      const original = yield* Fiber.join(fiber)
      assert.strictEqual(told(original), "outcome_unknown")
      outage.settle = 0
      yield* TestClock.adjust("2 seconds")
      const repeated = yield* sendTemplate(underKey(request, "repetition"))
      assert.deepStrictEqual([told(repeated), repeated.replayed], ["sent", true])
      assert.strictEqual((yield* outcomeOf(original.messageId))?._tag, "Accepted")
      assert.strictEqual(yield* callCount, 1)
    }))
})

describe("a request without a key", () => {
  test("is sent as often as it is made", () =>
    Effect.gen(function* () {
      const { request } = yield* furnished
      yield* Effect.all([sendTemplate(request), sendTemplate(request)], { concurrency: "unbounded" })
      assert.strictEqual(yield* callCount, 2)
    }))
})

describe("while the database is away", () => {
  test("a request is refused before anything is sent, and told when to come back", () =>
    Effect.gen(function* () {
      const { request } = yield* furnished
      const outage = yield* Outage
      outage.earlier = Infinity
      const report = yield* sendTemplate(underKey(request, "request"))
      assert.deepStrictEqual(report, {
        requestId: "request",
        replayed: false,
        messageId: undefined,
        contactId: undefined,
        result: { _tag: "NotSent", failure: failure("database_unavailable", { retryAfter: 5 }) }
      })
      assert.strictEqual(yield* callCount, 0)
    }))

  test("a request that cannot be reserved is refused, and may be made again", () =>
    Effect.gen(function* () {
      const { request } = yield* furnished
      const outage = yield* Outage
      outage.reserve = Infinity
      const fiber = yield* Effect.forkChild(sendTemplate(underKey(request, "request")), { startImmediately: true })
      yield* TestClock.adjust("4 seconds")
      assert.strictEqual(told(yield* Fiber.join(fiber)), "database_unavailable")
      outage.reserve = 0
      assert.strictEqual(told(yield* sendTemplate(underKey(request, "repetition"))), "sent")
      assert.strictEqual(yield* callCount, 1)
    }))
})

describe("what changed while a request was judged", () => {
  test("is judged anew, and refused by the state that is true now", () =>
    Effect.gen(function* () {
      const { request, setup, template } = yield* furnished
      yield* sendTemplate(request)
      yield* setup.setTemplateStatus(template.id, "PAUSED")
      const report = yield* sendTemplate(request)
      assert.strictEqual(told(report), "template_not_approved")
      assert.include(report.result._tag === "NotSent" ? report.result.failure.message : "", "PAUSED")
      assert.strictEqual(yield* callCount, 1)
      assert.strictEqual((yield* World).messages.size, 1)
    }))

  test("is judged anew, and sent where it changes nothing for this request", () =>
    Effect.gen(function* () {
      const { instance, request, setup } = yield* furnished
      yield* sendTemplate(request)
      yield* setup.addQueue({ instanceId: instance.id, name: "Outra" })
      assert.strictEqual(told(yield* sendTemplate(request)), "sent")
      assert.strictEqual(yield* callCount, 2)
    }))

  test("does not refuse what has become possible since it was last looked at", () =>
    Effect.gen(function* () {
      const { request, setup, template } = yield* furnished
      yield* setup.setTemplateStatus(template.id, "PENDING")
      assert.strictEqual(told(yield* sendTemplate(request)), "template_not_approved")
      yield* setup.setTemplateStatus(template.id, "APPROVED")
      assert.strictEqual(told(yield* sendTemplate(request)), "sent")
    }))
})
