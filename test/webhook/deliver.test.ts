import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Effect, Fiber, Option } from "effect"
import { TestClock } from "effect/testing"
import { MemorySetup } from "../../adapters/memory/MemorySetup.ts"
import { EventFeed } from "../../core/event/EventFeed.ts"
import { Deliveries } from "../../core/webhook/Deliveries.ts"
import { deliver } from "../../core/webhook/deliver.ts"
import { follow } from "../../core/webhook/follow.ts"
import {
  addEndpoint,
  changeEndpoint,
  findEndpoint,
  rotateSecret,
  testEndpoint
} from "../../core/webhook/manageEndpoint.ts"
import { mostAtOnce, replayBetween, replayEvent, replayExhausted } from "../../core/webhook/replay.ts"
import { gaps, lease, patience } from "../../core/webhook/Retry.ts"
import { WebhookUrl } from "../../core/webhook/WebhookEndpoint.ts"
import type { EndpointSettings } from "../../core/webhook/WebhookEndpoints.ts"
import { happens, newEndpointId, settings } from "../contract/webhookSetup.ts"
import * as InMemory from "./InMemory.ts"
import { answered, Receiver, times } from "./Receiver.ts"

const instance = Effect.flatMap(MemorySetup, ({ addInstance }) => addInstance())

const newEndpoint = Effect.fnUntraced(function* (given: Partial<EndpointSettings> = {}) {
  const { id } = yield* instance
  return (yield* addEndpoint(id, { ...settings, ...given })).endpoint
})

/** Takes on and delivers all that is due now. */
const work = Effect.gen(function* () {
  yield* follow
  const claimed = yield* (yield* Deliveries).claim(yield* DateTime.now, lease, 100)
  return yield* Effect.forEach(claimed, deliver)
})

/** Attempt after attempt until the one delivery there is needs no more. */
const untilSettled = Effect.gen(function* () {
  for (;;) {
    const [outcome] = yield* work
    if (outcome?.verdict.fate._tag !== "Later") return outcome
    yield* TestClock.setTime(DateTime.toEpochMillis(outcome.verdict.fate.nextAt))
  }
})

const at = (minute: number) => DateTime.makeUnsafe(minute * 60_000)

describe("telling an endpoint", () => {
  it.effect("sends what happened since it was added, signed, once for each event it wants", () =>
    Effect.gen(function* () {
      const { id: instanceId } = yield* instance
      yield* happens(instanceId)
      const { endpoint, secret } = yield* addEndpoint(instanceId, { ...settings, eventTypes: ["contact.merged"] })
      yield* happens(instanceId)
      const wanted = yield* happens(instanceId, { type: "contact.merged", data: { contact_id: 7 } })
      yield* work
      yield* work
      const { received } = yield* Receiver
      assert.strictEqual(received.length, 1)
      assert.deepInclude(received[0], { id: wanted.id, url: endpoint.url, secrets: [secret] })
      assert.deepStrictEqual(JSON.parse(received[0]?.body ?? ""), {
        id: wanted.id,
        type: "contact.merged",
        timestamp: DateTime.formatIso(wanted.at),
        instance_id: instanceId,
        data: { contact_id: 7 }
      })
    }).pipe(Effect.provide(InMemory.layer))
  )

  it.effect("sends more than one page of events in one go after another", () =>
    Effect.gen(function* () {
      const endpoint = yield* newEndpoint()
      yield* Effect.forEach(Array.from({ length: 1100 }), () => happens(endpoint.instanceId))
      const steps = [yield* follow, yield* follow, yield* follow, yield* follow]
      assert.deepStrictEqual(steps, [
        { entered: 500, more: true },
        { entered: 500, more: true },
        { entered: 100, more: false },
        { entered: 0, more: false }
      ])
    }).pipe(Effect.provide(InMemory.layer))
  )

  it.effect("goes on with the others where the events of one instance cannot be read", () =>
    Effect.gen(function* () {
      const feed = yield* EventFeed
      const broken = yield* newEndpoint()
      const fine = yield* newEndpoint()
      yield* happens(broken.instanceId)
      const event = yield* happens(fine.instanceId)
      yield* follow.pipe(
        Effect.provideService(EventFeed, {
          ...feed,
          read: (instanceId, ...asked) =>
            instanceId === broken.instanceId ? Effect.die("unreadable") : feed.read(instanceId, ...asked)
        })
      )
      const claimed = yield* (yield* Deliveries).claim(yield* DateTime.now, lease, 10)
      assert.deepStrictEqual(
        claimed.map(({ delivery }) => delivery.eventId),
        [event.id]
      )
    }).pipe(Effect.provide(InMemory.layer))
  )

  it.effect("tries eight times in 28 hours, under one id and with the same bytes, and then gives up", () =>
    Effect.gen(function* () {
      const { answerWith, received } = yield* Receiver
      yield* answerWith(() => Effect.succeed(answered(500)))
      const endpoint = yield* newEndpoint()
      const event = yield* happens(endpoint.instanceId)
      const last = yield* untilSettled
      assert.strictEqual(last?.verdict.fate._tag, "Exhausted")
      assert.strictEqual(received.length, 8)
      assert.deepStrictEqual(new Set(received.map(({ id }) => id)), new Set([event.id]))
      assert.strictEqual(new Set(received.map(({ body }) => body)).size, 1)
      const began = yield* times
      const ratios = gaps.map((gap, index) => ((began[index + 1] ?? 0) - (began[index] ?? 0)) / Duration.toMillis(gap))
      for (const ratio of ratios) {
        assert.isAtLeast(ratio, 0.89)
        assert.isAtMost(ratio, 1.11)
      }
      assert.isAbove(new Set(ratios).size, 1)
      yield* TestClock.adjust("10 days")
      assert.deepStrictEqual(yield* work, [])
    }).pipe(Effect.provide(InMemory.layer))
  )

  it.effect("keeps a log of the attempts, in which each says what came of it and how long it took", () =>
    Effect.gen(function* () {
      const { answerWith } = yield* Receiver
      yield* answerWith(() => Effect.as(Effect.sleep("120 millis"), answered(404)))
      const endpoint = yield* newEndpoint()
      yield* happens(endpoint.instanceId)
      const running = yield* Effect.forkChild(work)
      yield* TestClock.adjust("120 millis")
      yield* Fiber.join(running)
      const deliveries = yield* Deliveries
      const [delivery] = yield* deliveries.list(
        endpoint.instanceId,
        endpoint.id,
        { state: undefined, before: undefined },
        10
      )
      assert.deepStrictEqual(delivery?.log, [
        { at: DateTime.makeUnsafe(0), status: 404, latencyMillis: 120, error: "refused", answer: "status 404" }
      ])
    }).pipe(Effect.provide(InMemory.layer))
  )

  it.effect("waits fifteen seconds for an answer and no longer", () =>
    Effect.gen(function* () {
      yield* (yield* Receiver).answerWith(() => Effect.never)
      const endpoint = yield* newEndpoint()
      yield* happens(endpoint.instanceId)
      const running = yield* Effect.forkChild(work)
      yield* TestClock.adjust(Duration.subtract(patience, Duration.millis(1)))
      assert.isUndefined(running.pollUnsafe())
      yield* TestClock.adjust("1 millis")
      yield* Fiber.join(running)
      const deliveries = yield* Deliveries
      const [delivery] = yield* deliveries.list(
        endpoint.instanceId,
        endpoint.id,
        { state: undefined, before: undefined },
        10
      )
      assert.deepInclude(delivery?.log[0], { status: null, error: "timeout", answer: null, latencyMillis: 15_000 })
    }).pipe(Effect.provide(InMemory.layer))
  )

  it.effect("after five days of nothing but failure leaves the endpoint alone, and tells the others", () =>
    Effect.gen(function* () {
      const { answerWith, received } = yield* Receiver
      yield* answerWith(({ url }) => Effect.succeed(answered(url.includes("morto") ? 500 : 204)))
      const dead = yield* newEndpoint({ url: WebhookUrl.make("https://morto.example.com/") })
      yield* addEndpoint(dead.instanceId, { ...settings, eventTypes: ["webhook_endpoint.disabled"] })
      for (let day = 0; day < 7; day += 1) {
        yield* happens(dead.instanceId)
        for (let hour = 0; hour < 24; hour += 1) {
          yield* work
          yield* TestClock.adjust("1 hour")
        }
      }
      const { disabled } = yield* findEndpoint(dead.instanceId, dead.id)
      const since = Option.getOrThrow(disabled)
      assert.strictEqual(since.reason, "failing")
      assert.isAtLeast(DateTime.toEpochMillis(since.since), Duration.toMillis("5 days"))
      assert.isBelow(DateTime.toEpochMillis(since.since), Duration.toMillis("6 days"))
      const told = received.filter(({ url }) => url === settings.url).map(({ body }) => JSON.parse(body))
      assert.strictEqual(told.length, 1)
      assert.deepInclude(told[0], { type: "webhook_endpoint.disabled" })
      assert.deepInclude(told[0].data, { webhook_endpoint_id: dead.id, reason: "failing" })
      assert.isTrue(
        received.every(({ at, url }) => url === settings.url || DateTime.isLessThanOrEqualTo(at, since.since))
      )

      yield* answerWith(() => Effect.succeed(answered(204)))
      yield* changeEndpoint(dead.instanceId, dead.id, { enabled: true })
      const before = received.length
      for (let turn = 0; turn < 5; turn += 1) yield* work
      // What had waited, what happened meanwhile, and that it was disabled.
      assert.isAtLeast(received.length - before, 3)
    }).pipe(Effect.provide(InMemory.layer))
  )

  it.effect("signs with two secrets until the overlap of a rotation is over", () =>
    Effect.gen(function* () {
      const { received } = yield* Receiver
      const endpoint = yield* newEndpoint()
      yield* rotateSecret(endpoint.instanceId, endpoint.id, Duration.hours(2))
      for (const _ of [0, 1, 2]) {
        yield* happens(endpoint.instanceId)
        yield* work
        yield* TestClock.adjust("1 hour")
      }
      assert.deepStrictEqual(
        received.map(({ secrets }) => secrets.length),
        [2, 2, 1]
      )
    }).pipe(Effect.provide(InMemory.layer))
  )
})

describe("trying an endpoint out", () => {
  it.effect("sends a test once and tells what came of it, and leaves the endpoint as it was", () =>
    Effect.gen(function* () {
      const { answerWith, received } = yield* Receiver
      const endpoint = yield* newEndpoint({ eventTypes: ["contact.merged"], enabled: false })
      const { instanceId } = endpoint
      const good = yield* testEndpoint(instanceId, endpoint.id)
      assert.deepInclude(good.outcome.attempt, { status: 204, error: null })
      assert.deepInclude(JSON.parse(received[0]?.body ?? ""), {
        id: good.eventId,
        type: "webhook_endpoint.test",
        data: { webhook_endpoint_id: endpoint.id }
      })
      yield* answerWith(() => Effect.succeed(answered(410, "60")))
      const bad = yield* testEndpoint(instanceId, endpoint.id)
      assert.deepInclude(bad.outcome.attempt, { status: 410, error: "gone" })
      const states = yield* Effect.forEach([good, bad], ({ deliveryId }) =>
        Effect.map(
          Effect.flatMap(Deliveries, ({ find }) => find(instanceId, deliveryId)),
          Option.map(({ state }) => state)
        )
      )
      assert.deepStrictEqual(states, [Option.some("succeeded"), Option.some("exhausted")])
      assert.deepStrictEqual(yield* findEndpoint(instanceId, endpoint.id), endpoint)
      assert.strictEqual((yield* Effect.flip(testEndpoint(instanceId, newEndpointId())))._tag, "EndpointNotFound")
    }).pipe(Effect.provide(InMemory.layer))
  )

  it.effect("a URL that can be seen to lead nowhere is refused when it is given", () =>
    Effect.gen(function* () {
      const { id: instanceId } = yield* instance
      const url = WebhookUrl.make("https://10.0.0.1/")
      assert.strictEqual((yield* Effect.flip(addEndpoint(instanceId, { ...settings, url })))._tag, "UrlNotAllowed")
      const { endpoint } = yield* addEndpoint(instanceId, settings)
      const error = yield* Effect.flip(changeEndpoint(instanceId, endpoint.id, { url }))
      assert.strictEqual(error._tag, "UrlNotAllowed")
      assert.deepStrictEqual(yield* findEndpoint(instanceId, endpoint.id), endpoint)
    }).pipe(Effect.provide(InMemory.layer))
  )
})

describe("sending again", () => {
  it.effect("one event goes again under its id, whatever became of it and whether or not it was asked for", () =>
    Effect.gen(function* () {
      const { received } = yield* Receiver
      const endpoint = yield* newEndpoint()
      const event = yield* happens(endpoint.instanceId)
      yield* work
      assert.deepStrictEqual(yield* replayEvent(endpoint, event.id), { queued: 1 })
      yield* work
      assert.deepStrictEqual(
        received.map(({ id }) => id),
        [event.id, event.id]
      )
      assert.strictEqual(received[0]?.body, received[1]?.body)
      const other = yield* addEndpoint(endpoint.instanceId, { ...settings, eventTypes: ["contact.merged"] })
      yield* replayEvent(other.endpoint, event.id)
      yield* work
      assert.strictEqual(received.length, 3)
      assert.strictEqual((yield* Effect.flip(replayEvent(endpoint, "evt_none")))._tag, "EventNotFound")
    }).pipe(Effect.provide(InMemory.layer))
  )

  it.effect("all that was given up since a time goes again, with all its attempts before it", () =>
    Effect.gen(function* () {
      const { answerWith, received } = yield* Receiver
      yield* answerWith(() => Effect.succeed(answered(500)))
      const endpoint = yield* newEndpoint()
      yield* happens(endpoint.instanceId)
      yield* untilSettled
      yield* answerWith(() => Effect.succeed(answered(204)))
      const since = yield* DateTime.now
      const { queued } = yield* replayExhausted(endpoint, since, undefined)
      assert.strictEqual(queued, 1)
      const [outcome] = yield* work
      assert.strictEqual(outcome?.verdict.fate._tag, "Succeeded")
      assert.strictEqual(received.length, 9)
      assert.deepStrictEqual(yield* replayExhausted(endpoint, since, undefined), { queued: 0, next: undefined })
    }).pipe(Effect.provide(InMemory.layer))
  )

  it.effect("a stretch of time goes again, of the types that the endpoint wants, many thousands at a time", () =>
    Effect.gen(function* () {
      const { id: instanceId } = yield* instance
      yield* Effect.forEach(Array.from({ length: mostAtOnce + 10 }), (_, index) =>
        happens(instanceId, { at: at(10), type: index % 2 === 0 ? "template.updated" : "contact.merged" })
      )
      yield* happens(instanceId, { at: at(20) })
      const { endpoint } = yield* addEndpoint(instanceId, { ...settings, eventTypes: ["contact.merged"] })
      const span = { from: at(5), to: at(15) }
      const first = yield* replayBetween(endpoint, span, undefined)
      assert.strictEqual(first.queued, mostAtOnce / 2)
      const rest = yield* replayBetween(endpoint, span, first.next)
      assert.deepStrictEqual(rest, { queued: 5, next: undefined })
      const none = yield* replayBetween(endpoint, { from: at(30), to: at(40) }, undefined)
      assert.deepStrictEqual(none, { queued: 0, next: undefined })
    }).pipe(Effect.provide(InMemory.layer))
  )
})
