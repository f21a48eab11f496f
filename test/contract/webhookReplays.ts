import { assert, layer } from "@effect/vitest"
import { DateTime, Duration, Effect, type Layer, Option } from "effect"
import { EventFeed, FeedCursor } from "../../core/event/EventFeed.ts"
import type { StoredEvent } from "../../core/event/StoredEvent.ts"
import { Deliveries } from "../../core/webhook/Deliveries.ts"
import { FeedPlaces } from "../../core/webhook/FeedPlaces.ts"
import type { WebhookEndpoint } from "../../core/webhook/WebhookEndpoint.ts"
import { WebhookEndpoints } from "../../core/webhook/WebhookEndpoints.ts"
import { Fixture } from "./Fixture.ts"
import {
  after,
  answered,
  claimedOne,
  deliveryOf,
  entered,
  eventOf,
  found,
  type Happening,
  happens,
  lease,
  ok,
  oneEndpoint,
  outcomeOf,
  settled,
  start
} from "./webhookSetup.ts"

const exhausted = Effect.fnUntraced(function* (endpoint: WebhookEndpoint, many: number, at: DateTime.Utc) {
  const deliveries = yield* Deliveries
  const made = yield* entered(endpoint, many, at)
  for (let left = many; left > 0;) {
    const claimed = yield* deliveries.claim(at, lease, 100)
    left -= claimed.length
    for (const one of claimed) {
      const { attempt } = outcomeOf(one, answered(500), at)
      const verdict = { fate: { _tag: "Exhausted" }, consequence: { _tag: "None" } } as const
      yield* deliveries.settle(one, { attempt, verdict, at })
    }
  }
  return made
})

const failedTest = Effect.fnUntraced(function* (endpoint: WebhookEndpoint, at: DateTime.Utc) {
  const deliveries = yield* Deliveries
  const made = deliveryOf(eventOf(endpoint.instanceId, { type: "webhook_endpoint.test" }))
  const claimed = Option.getOrThrow(yield* deliveries.enterClaimed(endpoint, made, at, lease))
  const { attempt } = outcomeOf(claimed, answered(500), at)
  const verdict = { fate: { _tag: "Exhausted" }, consequence: { _tag: "None" } } as const
  yield* deliveries.settle(claimed, { attempt, verdict, at })
})

const idsIn = Effect.fnUntraced(function* (
  { instanceId }: Pick<StoredEvent, "instanceId">,
  place: FeedCursor,
  limit: number
) {
  const { events } = yield* (yield* EventFeed).read(instanceId, place, limit)
  return events.map(({ id }) => id)
})

/** What is sent again, and what is forgotten. */
export const webhookReplaysContract = <E>(
  adapter: string,
  live: Layer.Layer<Deliveries | WebhookEndpoints | FeedPlaces | EventFeed | Happening | Fixture, E>
) =>
  layer(live, { timeout: "60 seconds" })(`Replays on ${adapter}`, (it) => {
    it.effect("what is called for again is due at once with all its attempts before it, new or not", () =>
      Effect.gen(function* () {
        const deliveries = yield* Deliveries
        const endpoint = yield* oneEndpoint()
        const [arrived] = yield* entered(endpoint, 1)
        assert.isDefined(arrived)
        const claimed = yield* claimedOne(start)
        yield* settled(claimed, ok, start)
        const fresh = deliveryOf(yield* happens(endpoint.instanceId))
        assert.strictEqual(yield* deliveries.requeue(endpoint, [arrived, fresh], after("1 hour")), 2)
        const due = yield* found(claimed)
        assert.deepInclude(due, { state: "pending", attempts: 0, nextAt: Option.some(after("1 hour")) })
        assert.deepStrictEqual([due.settledAt, due.log.length], [Option.none(), 1])
        const both = yield* deliveries.claim(after("1 hour"), lease, 10)
        assert.deepStrictEqual(
          new Map(both.map(({ body, delivery }) => [delivery.eventId, body])),
          new Map([arrived, fresh].map(({ body, eventId }) => [eventId, body]))
        )
      })
    )

    it.effect("one that is under way is left alone", () =>
      Effect.gen(function* () {
        const deliveries = yield* Deliveries
        const endpoint = yield* oneEndpoint()
        const made = yield* entered(endpoint, 1)
        const claimed = yield* claimedOne(start)
        assert.strictEqual(yield* deliveries.requeue(endpoint, made, start), 0)
        yield* settled(claimed, ok, start)
        assert.strictEqual((yield* found(claimed)).state, "succeeded")
        assert.strictEqual(yield* deliveries.requeue(endpoint, made, start), 1)
      })
    )

    it.effect("what a replay has entered is not entered again when the feed comes to it", () =>
      Effect.gen(function* () {
        const deliveries = yield* Deliveries
        const endpoint = yield* oneEndpoint()
        const cursor = yield* (yield* EventFeed).end(endpoint.instanceId)
        const made = deliveryOf(yield* happens(endpoint.instanceId))
        yield* deliveries.requeue(endpoint, [made], start)
        const behind = (yield* deliveries.behind(1000)).find((one) => one.endpoint.id === endpoint.id)
        if (behind !== undefined) {
          yield* deliveries.enter(
            behind,
            cursor,
            [{ ...deliveryOf(yield* happens(endpoint.instanceId)), eventId: made.eventId }],
            start
          )
        }
        yield* settled(yield* claimedOne(start), ok, start)
        assert.deepStrictEqual(yield* deliveries.claim(after("1 day"), lease, 10), [])
      })
    )

    it.effect("what was given up since a time is called for again, step by step, and nothing else", () =>
      Effect.gen(function* () {
        const deliveries = yield* Deliveries
        const endpoint = yield* oneEndpoint()
        yield* exhausted(endpoint, 2, start)
        yield* failedTest(endpoint, after("1 hour"))
        const wanted = yield* exhausted(endpoint, 3, after("1 hour"))
        const other = yield* oneEndpoint()
        yield* exhausted(other, 1, after("1 hour"))
        const step = (next: Parameters<typeof deliveries.requeueExhausted>[2]) =>
          deliveries.requeueExhausted(endpoint, after("1 hour"), next, 2, after("2 hours"))
        const first = yield* step(undefined)
        assert.deepStrictEqual(first, { queued: 2, next: wanted[1]?.id })
        const second = yield* step(first.next)
        assert.deepStrictEqual(second, { queued: 1, next: undefined })
        const due = yield* deliveries.claim(after("2 hours"), lease, 10)
        assert.deepStrictEqual(
          new Map(due.map(({ delivery }) => [delivery.id, delivery.attempts])),
          new Map(wanted.map(({ id }) => [id, 1]))
        )
      })
    )

    it.effect("an event's place is right before it, in its own instance's feed", () =>
      Effect.gen(function* () {
        const places = yield* FeedPlaces
        const { id: instanceId } = yield* (yield* Fixture).instance
        const { id: other } = yield* (yield* Fixture).instance
        const [, second, third] = [yield* happens(instanceId), yield* happens(instanceId), yield* happens(instanceId)]
        const place = Option.getOrThrow(yield* places.before(instanceId, second.id))
        assert.deepStrictEqual(yield* idsIn(second, place, 10), [second.id, third.id])
        assert.deepStrictEqual(yield* places.before(other, second.id), Option.none())
        assert.deepStrictEqual(yield* places.before(instanceId, "evt_none"), Option.none())
      })
    )

    it.effect("a stretch of time goes from the first event in it to the last, whatever lies between", () =>
      Effect.gen(function* () {
        const places = yield* FeedPlaces
        const { id: instanceId } = yield* (yield* Fixture).instance
        const { id: other } = yield* (yield* Fixture).instance
        const at = (minutes: number, of = instanceId) => happens(of, { at: after(Duration.minutes(minutes)) })
        yield* at(0)
        const second = yield* at(10)
        const between = yield* at(90)
        yield* at(15, other)
        const fourth = yield* at(20)
        yield* at(30)
        const span = { from: after("10 minutes"), to: after("20 minutes"), after: undefined }
        const stretch = Option.getOrThrow(yield* places.between(instanceId, span, 100))
        assert.strictEqual(stretch.count, 3)
        assert.deepStrictEqual(yield* idsIn(second, stretch.after, stretch.count), [second.id, between.id, fourth.id])
        assert.strictEqual(Option.getOrThrow(yield* places.between(instanceId, span, 2)).count, 2)

        const { next } = yield* (yield* EventFeed).read(instanceId, stretch.after, 2)
        const rest = Option.getOrThrow(yield* places.between(instanceId, { ...span, after: next }, 100))
        assert.deepStrictEqual(yield* idsIn(fourth, rest.after, rest.count), [fourth.id])
        const empty = { from: after("40 minutes"), to: after("50 minutes"), after: undefined }
        assert.deepStrictEqual(yield* places.between(instanceId, empty, 100), Option.none())
      })
    )

    it.effect("a place that nobody gave out is refused", () =>
      Effect.gen(function* () {
        const { id: instanceId } = yield* (yield* Fixture).instance
        for (const text of ["x", "1.2", "-1", "MS4", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5Ljk5OTk5OTk5OTk5OTk5OTk5OTk5OTk"]) {
          const span = { from: start, to: start, after: FeedCursor.make(text) }
          const error = yield* Effect.flip((yield* FeedPlaces).between(instanceId, span, 10))
          assert.strictEqual(error._tag, "InvalidCursor", text)
        }
      })
    )

    it.effect("what arrived is forgotten before what was given up, and what waits is not", () =>
      Effect.gen(function* () {
        const deliveries = yield* Deliveries
        const endpoint = yield* oneEndpoint()
        const { id, instanceId } = endpoint
        const given = yield* exhausted(endpoint, 1, start)
        yield* entered(endpoint, 1)
        yield* settled(yield* claimedOne(start), ok, start)
        const waiting = yield* entered(endpoint, 1)
        const left = Effect.map(deliveries.list(instanceId, id, { state: undefined, before: undefined }, 10), (all) =>
          all.map((one) => one.id).toSorted()
        )
        const forget = (succeeded: DateTime.Utc, gone: DateTime.Utc) =>
          deliveries.forget({ succeeded, exhausted: gone })
        yield* forget(start, start)
        assert.strictEqual((yield* left).length, 3)
        yield* forget(after("1 second"), start)
        assert.deepStrictEqual(yield* left, [...given, ...waiting].map((one) => one.id).toSorted())
        yield* forget(after("1 second"), after("1 second"))
        assert.deepStrictEqual(
          yield* left,
          waiting.map((one) => one.id)
        )
        const endpoints = yield* WebhookEndpoints
        yield* endpoints.change(instanceId, id, { enabled: false }, after("1 second"))
        yield* forget(after("1 second"), after("1 second"))
        assert.strictEqual((yield* left).length, 1)
        yield* forget(after("1 second"), after("2 seconds"))
        assert.deepStrictEqual(yield* left, [])
      })
    )

    it.effect("what removed endpoints left is swept up", () =>
      Effect.gen(function* () {
        const deliveries = yield* Deliveries
        const endpoint = yield* oneEndpoint()
        const { id, instanceId } = endpoint
        const [made] = yield* entered(endpoint, 1)
        assert.isDefined(made)
        yield* (yield* WebhookEndpoints).remove(instanceId, id, start)
        assert.deepStrictEqual(yield* deliveries.find(instanceId, made.id), Option.none())
        const long = { succeeded: DateTime.makeUnsafe(0), exhausted: DateTime.makeUnsafe(0) }
        while ((yield* deliveries.forget(long)) > 0) yield* Effect.yieldNow
        assert.deepStrictEqual(yield* deliveries.list(instanceId, id, { state: undefined, before: undefined }, 10), [])
      })
    )
  })
