import { assert, layer } from "@effect/vitest"
import { DateTime, Duration, Effect, type Layer, Option } from "effect"
import { EventFeed } from "../../core/event/EventFeed.ts"
import { Deliveries } from "../../core/webhook/Deliveries.ts"
import { mostAttempts } from "../../core/webhook/Delivery.ts"
import { inFlight } from "../../core/webhook/Retry.ts"
import { WebhookEndpoints } from "../../core/webhook/WebhookEndpoints.ts"
import { Fixture } from "./Fixture.ts"
import {
  added,
  after,
  again,
  answered,
  claimedOne,
  deliveryOf,
  DeliveryPeer,
  entered,
  found,
  Happening,
  happens,
  lease,
  newDeliveryId,
  ok,
  oneEndpoint,
  outcomeOf,
  settled,
  start
} from "./webhookSetup.ts"

/** The followers among `behind` that are of one instance. */
const behindOf = Effect.fnUntraced(function* (instanceId: number) {
  const followers = yield* (yield* Deliveries).behind(1000)
  return followers.filter(({ endpoint }) => endpoint.instanceId === instanceId)
})

const eventually = 20

/** Until every transaction of other tests is over, what has just happened may not be readable yet. */
const follower = Effect.fnUntraced(function* (instanceId: number) {
  for (let turn = 0; turn < eventually; turn += 1) {
    const [one] = yield* behindOf(instanceId)
    if (one !== undefined) return one
  }
  return yield* Effect.die("nobody is behind")
})

/** The laws of the `Deliveries` port: what is to be sent, once for each, by many. */
export const webhookDeliveriesContract = <E>(
  adapter: string,
  live: Layer.Layer<Deliveries | DeliveryPeer | WebhookEndpoints | EventFeed | Happening | Fixture, E>
) =>
  layer(live, { timeout: "60 seconds" })(`Deliveries on ${adapter}`, (it) => {
    it.effect("an endpoint is behind from when something happens to its instance until it has passed it", () =>
      Effect.gen(function* () {
        const deliveries = yield* Deliveries
        const feed = yield* EventFeed
        const { id: other } = yield* (yield* Fixture).instance
        const endpoint = yield* oneEndpoint({ eventTypes: ["template.updated"] })
        const { instanceId } = endpoint
        yield* happens(other)
        assert.deepStrictEqual(yield* behindOf(instanceId), [])
        const event = yield* happens(instanceId)
        const behind = yield* follower(instanceId)
        assert.deepInclude(behind.endpoint, { id: endpoint.id, instanceId, eventTypes: ["template.updated"] })
        const { events, next } = yield* feed.read(instanceId, behind.cursor, 10)
        assert.deepStrictEqual(
          events.map(({ id }) => id),
          [event.id]
        )
        assert.isTrue(yield* deliveries.enter(behind, next, [deliveryOf(event)], start))
        assert.deepStrictEqual(yield* behindOf(instanceId), [])
      })
    )

    it.effect("what it passes is entered once, however many enter it", () =>
      Effect.gen(function* () {
        const deliveries = yield* Deliveries
        const peer = yield* DeliveryPeer
        const endpoint = yield* oneEndpoint()
        const event = yield* happens(endpoint.instanceId)
        const behind = yield* follower(endpoint.instanceId)
        const { next } = yield* (yield* EventFeed).read(endpoint.instanceId, behind.cursor, 10)
        const moved = yield* Effect.forEach(
          Array.from({ length: 6 }, (_, index) => (index % 2 === 0 ? deliveries : peer)),
          (by) => by.enter(behind, next, [deliveryOf(event)], start),
          { concurrency: "unbounded" }
        )
        assert.deepStrictEqual(moved.filter(Boolean), [true])
        const { body, delivery } = yield* claimedOne(start)
        assert.strictEqual(delivery.eventId, event.id)
        assert.deepStrictEqual(JSON.parse(body), {
          id: event.id,
          type: event.type,
          timestamp: DateTime.formatIso(event.at),
          instance_id: endpoint.instanceId,
          data: event.data
        })
      })
    )

    it.effect("a disabled endpoint stays where it is and is sent nothing; enabled, it has missed nothing", () =>
      Effect.gen(function* () {
        const deliveries = yield* Deliveries
        const endpoints = yield* WebhookEndpoints
        const endpoint = yield* oneEndpoint()
        const { id, instanceId } = endpoint
        yield* happens(instanceId)
        const behind = yield* follower(instanceId)
        yield* entered(endpoint, 1)
        yield* endpoints.change(instanceId, id, { enabled: false }, start)
        assert.deepStrictEqual(yield* behindOf(instanceId), [])
        assert.isFalse(yield* deliveries.enter(behind, behind.cursor, [], start))
        assert.deepStrictEqual(yield* deliveries.claim(after("1 hour"), lease, 10), [])
        yield* endpoints.change(instanceId, id, { enabled: true }, after("1 hour"))
        assert.deepStrictEqual(yield* follower(instanceId), behind)
        yield* claimedOne(after("1 hour"))
      })
    )

    it.effect("a delivery is claimed by one at a time, and counts its attempts", () =>
      Effect.gen(function* () {
        const deliveries = yield* Deliveries
        const endpoint = yield* oneEndpoint()
        const [made] = yield* entered(endpoint, 1)
        assert.isDefined(made)
        const first = yield* claimedOne(start)
        assert.deepInclude(first.delivery, { id: made.id, attempts: 1, state: "pending", nextAt: Option.none() })
        assert.deepStrictEqual(first.endpoint, endpoint)
        assert.deepStrictEqual(yield* found(first), first.delivery)
        assert.deepStrictEqual(yield* deliveries.claim(start, lease, 10), [])
        yield* settled(first, answered(500), start)
        const nextAt = Option.getOrThrow((yield* found(first)).nextAt)
        const early = DateTime.subtractDuration(nextAt, "1 millis")
        assert.deepStrictEqual(yield* deliveries.claim(early, lease, 10), [])
        const second = yield* claimedOne(nextAt)
        assert.strictEqual(second.delivery.attempts, 2)
        yield* settled(second, ok, nextAt)
        const { log, settledAt, state } = yield* found(second)
        assert.strictEqual(state, "succeeded")
        assert.deepStrictEqual(settledAt, Option.some(nextAt))
        assert.deepStrictEqual(
          log.map(({ at, status }) => [at, status]),
          [
            [start, 500],
            [nextAt, 204]
          ]
        )
        assert.deepStrictEqual(yield* deliveries.claim(after("30 days"), lease, 10), [])
      })
    )

    it.effect("whose claimer is not heard of comes back when its lease is over; what that one then says is void", () =>
      Effect.gen(function* () {
        const deliveries = yield* Deliveries
        const peer = yield* DeliveryPeer
        yield* entered(yield* oneEndpoint(), 1)
        const dead = yield* claimedOne(start)
        const end = DateTime.addDuration(start, lease)
        assert.deepStrictEqual(yield* deliveries.claim(DateTime.subtractDuration(end, "1 millis"), lease, 10), [])
        const alive = yield* claimedOne(end, peer)
        assert.deepStrictEqual([alive.delivery.id, alive.delivery.attempts], [dead.delivery.id, 2])
        yield* settled(dead, answered(500), end)
        assert.deepStrictEqual((yield* found(alive)).log, [])
        yield* peer.settle(alive, outcomeOf(alive, ok, end))
        yield* settled(dead, answered(500), end)
        const { log, state } = yield* found(alive)
        assert.deepStrictEqual([state, log.length], ["succeeded", 1])
        assert.deepStrictEqual((yield* again(alive.endpoint)).failingSince, Option.none())
      })
    )

    it.effect(
      "many workers at once take each delivery once, and of one endpoint never more than may be under way",
      () =>
        Effect.gen(function* () {
          const deliveries = yield* Deliveries
          const peer = yield* DeliveryPeer
          const slow = yield* oneEndpoint()
          const quick = yield* added(slow.instanceId)
          yield* entered(slow, 30)
          yield* entered(quick, 30)
          const taken = new Map<string, number>()
          const underWay = new Map<string, number>()
          const work = (by: typeof deliveries) =>
            Effect.gen(function* () {
              for (let idle = 0; idle < 5;) {
                const claimed = yield* by.claim(start, lease, 5)
                idle = claimed.length === 0 ? idle + 1 : 0
                for (const { delivery, endpoint } of claimed) {
                  taken.set(delivery.id, (taken.get(delivery.id) ?? 0) + 1)
                  const count = (underWay.get(endpoint.id) ?? 0) + 1
                  underWay.set(endpoint.id, count)
                  assert.isAtMost(count, inFlight.usually)
                }
                yield* Effect.yieldNow
                for (const one of claimed.filter(({ endpoint }) => endpoint.id === quick.id)) {
                  underWay.set(quick.id, (underWay.get(quick.id) ?? 0) - 1)
                  yield* by.settle(one, outcomeOf(one, ok, start))
                }
              }
            })
          yield* Effect.all([work(deliveries), work(peer), work(deliveries), work(peer)], { concurrency: "unbounded" })
          assert.isTrue([...taken.values()].every((times) => times === 1))
          assert.strictEqual(underWay.get(slow.id), inFlight.usually)
          assert.strictEqual(taken.size, 30 + inFlight.usually)
        })
    )

    it.effect("a failing endpoint gets one request at a time, a held one none, and others never wait for them", () =>
      Effect.gen(function* () {
        const deliveries = yield* Deliveries
        const failing = yield* oneEndpoint()
        const healthy = yield* added(failing.instanceId)
        const [first] = yield* entered(failing, 1)
        assert.isDefined(first)
        yield* settled(yield* claimedOne(start), answered(500), start)
        yield* entered(failing, 12)
        yield* entered(healthy, 12)
        const claimed = yield* deliveries.claim(start, lease, 100)
        const of = (id: string) => claimed.filter(({ endpoint }) => endpoint.id === id)
        assert.deepStrictEqual([of(failing.id).length, of(healthy.id).length], [inFlight.failing, inFlight.usually])
        for (const one of of(failing.id)) yield* settled(one, answered(503, "3600"), start)
        for (const one of of(healthy.id)) yield* settled(one, ok, start)
        const later = yield* deliveries.claim(after("59 minutes"), lease, 100)
        assert.deepStrictEqual(new Set(later.map(({ endpoint }) => endpoint.id)), new Set([healthy.id]))
        const [one, ...others] = (yield* deliveries.claim(after("1 hour"), lease, 100)).filter(
          ({ endpoint }) => endpoint.id === failing.id
        )
        assert.isDefined(one)
        assert.deepStrictEqual(others, [])
        yield* settled(one, ok, after("1 hour"))
        assert.strictEqual((yield* deliveries.claim(after("1 hour"), lease, 100)).length, inFlight.usually)
      })
    )

    it.effect("where not all can be taken on, every endpoint has some", () =>
      Effect.gen(function* () {
        const deliveries = yield* Deliveries
        const one = yield* oneEndpoint()
        const other = yield* added(one.instanceId)
        yield* entered(one, 8)
        yield* entered(other, 8)
        const claimed = yield* deliveries.claim(start, lease, 8)
        assert.strictEqual(claimed.length, 8)
        assert.strictEqual(claimed.filter(({ endpoint }) => endpoint.id === one.id).length, 4)
      })
    )

    it.effect("what holds or fails an endpoint is remembered of it, and forgotten when something arrives", () =>
      Effect.gen(function* () {
        const endpoint = yield* oneEndpoint()
        yield* entered(endpoint, 2)
        const claimed = yield* (yield* Deliveries).claim(start, lease, 10)
        const [one, other] = claimed
        assert.isDefined(one)
        assert.isDefined(other)
        yield* settled(one, answered(429), after("1 second"))
        const held = yield* again(endpoint)
        assert.deepStrictEqual(held.failingSince, Option.some(after("1 second")))
        assert.deepStrictEqual(held.heldUntil, Option.some(after("6 seconds")))
        assert.strictEqual(held.holds, 1)
        yield* settled(other, answered(500), after("2 seconds"))
        assert.deepStrictEqual(yield* again(endpoint), held)
        yield* settled(yield* claimedOne(after("10 seconds")), ok, after("10 seconds"))
        const well = yield* again(endpoint)
        assert.deepStrictEqual([well.failingSince, well.holds], [Option.none(), 0])
      })
    )

    it.effect("410 disables the endpoint at once, and the event that says so is there, once", () =>
      Effect.gen(function* () {
        const { events } = yield* Happening
        const endpoint = yield* oneEndpoint()
        yield* entered(endpoint, 2)
        const claimed = yield* (yield* Deliveries).claim(start, lease, 10)
        for (const one of claimed) yield* settled(one, answered(410), after("1 second"))
        const gone = yield* again(endpoint)
        assert.deepStrictEqual(gone.disabled, Option.some({ reason: "gone", since: after("1 second") } as const))
        const [event, ...others] = yield* events(endpoint.instanceId)
        assert.deepStrictEqual(others, [])
        assert.isDefined(event)
        assert.deepStrictEqual([event.type, event.at], ["webhook_endpoint.disabled", after("1 second")])
        assert.deepStrictEqual(event.data, {
          webhook_endpoint_id: endpoint.id,
          description: endpoint.description,
          reason: "gone",
          failing_since: DateTime.formatIso(after("1 second"))
        })
        const waiting = yield* (yield* Deliveries).list(
          endpoint.instanceId,
          endpoint.id,
          { state: "pending", before: undefined },
          10
        )
        assert.strictEqual(waiting.length, 2)
      })
    )

    it.effect("five days of failure disable the endpoint, unless it has recovered in the meantime", () =>
      Effect.gen(function* () {
        const { events } = yield* Happening
        const endpoint = yield* oneEndpoint()
        yield* entered(endpoint, 1)
        yield* settled(yield* claimedOne(start), answered(500), start)
        const late = after("5 days")
        const stale = yield* claimedOne(late)
        yield* entered(endpoint, 1, late)
        // The lease of the first is over, and the second arrives.
        const later = DateTime.addDuration(late, "2 minutes")
        const fresh = yield* claimedOne(later)
        yield* settled(fresh, ok, later)
        assert.deepStrictEqual((yield* again(endpoint)).failingSince, Option.none())
        yield* (yield* Deliveries).settle(stale, outcomeOf(stale, answered(500), later))
        assert.deepStrictEqual((yield* again(endpoint)).disabled, Option.none())
        assert.deepStrictEqual(yield* events(endpoint.instanceId), [])

        const other = yield* oneEndpoint()
        yield* entered(other, 1)
        yield* settled(yield* claimedOne(start), answered(500), start)
        yield* settled(yield* claimedOne(late), answered(500), late)
        const off = yield* again(other)
        assert.deepStrictEqual(off.disabled, Option.some({ reason: "failing", since: late } as const))
        assert.deepStrictEqual(
          (yield* events(other.instanceId)).map(({ data, type }) => [type, data?.["reason"]]),
          [["webhook_endpoint.disabled", "failing"]]
        )
      })
    )

    it.effect("of a disabled endpoint that is enabled again the failures are forgotten", () =>
      Effect.gen(function* () {
        const endpoint = yield* oneEndpoint()
        yield* entered(endpoint, 1)
        yield* settled(yield* claimedOne(start), answered(410, "3600"), start)
        const { id, instanceId } = endpoint
        const enabled = yield* (yield* WebhookEndpoints).change(instanceId, id, { enabled: true }, after("1 minute"))
        assert.deepStrictEqual(enabled, Option.some(endpoint))
      })
    )

    it.effect("a test is entered and claimed in one, whatever state its endpoint is in", () =>
      Effect.gen(function* () {
        const deliveries = yield* Deliveries
        const endpoint = yield* oneEndpoint({ enabled: false })
        const { instanceId } = endpoint
        const made = { ...deliveryOf(yield* happens(instanceId)), id: newDeliveryId() }
        const claimed = Option.getOrThrow(yield* deliveries.enterClaimed(endpoint, made, start, lease))
        assert.deepInclude(claimed, { body: made.body, endpoint })
        assert.deepInclude(claimed.delivery, { id: made.id, attempts: 1, state: "pending" })
        assert.strictEqual(claimed.secrets.length, 1)
        yield* settled(claimed, ok, start)
        assert.strictEqual((yield* found(claimed)).state, "succeeded")
        yield* (yield* WebhookEndpoints).remove(instanceId, endpoint.id, start)
        const none = yield* deliveries.enterClaimed(endpoint, { ...made, id: newDeliveryId() }, start, lease)
        assert.deepStrictEqual(none, Option.none())
      })
    )

    it.effect("only the latest attempts are kept", () =>
      Effect.gen(function* () {
        const endpoint = yield* oneEndpoint()
        const [made] = yield* entered(endpoint, 1)
        assert.isDefined(made)
        for (let nth = 0; nth < mostAttempts + 3; nth += 1) {
          const now = after(Duration.hours(nth))
          yield* settled(yield* claimedOne(now), answered(500 + nth), now)
          yield* (yield* Deliveries).requeue(endpoint, [made], now)
          yield* (yield* WebhookEndpoints).change(endpoint.instanceId, endpoint.id, { enabled: true }, now)
        }
        const one = yield* claimedOne(after("30 days"))
        assert.deepStrictEqual(
          one.delivery.log.map(({ status }) => status),
          Array.from({ length: mostAttempts }, (_, index) => 503 + index)
        )
      })
    )

    it.effect("deliveries are found by their own instance only, and listed latest first, page by page, by state", () =>
      Effect.gen(function* () {
        const deliveries = yield* Deliveries
        const { id: other } = yield* (yield* Fixture).instance
        const endpoint = yield* oneEndpoint()
        const { id, instanceId } = endpoint
        const made = (yield* entered(endpoint, 5)).map((one) => one.id).toReversed()
        const claimed = yield* deliveries.claim(start, lease, 2)
        for (const one of claimed) yield* settled(one, ok, start)
        const ids = (
          state: "pending" | "succeeded" | undefined,
          before: (typeof made)[number] | undefined,
          limit: number
        ) => Effect.map(deliveries.list(instanceId, id, { state, before }, limit), (all) => all.map((one) => one.id))
        assert.deepStrictEqual(yield* ids(undefined, undefined, 10), made)
        assert.deepStrictEqual(yield* ids(undefined, undefined, 2), made.slice(0, 2))
        assert.deepStrictEqual(yield* ids(undefined, made[1], 2), made.slice(2, 4))
        const done = claimed
          .map(({ delivery }) => delivery.id)
          .toSorted()
          .toReversed()
        assert.deepStrictEqual(yield* ids("succeeded", undefined, 10), done)
        assert.strictEqual((yield* ids("pending", undefined, 10)).length, 3)
        assert.deepStrictEqual(yield* deliveries.list(other, id, { state: undefined, before: undefined }, 10), [])
        const [first] = made
        assert.isDefined(first)
        assert.deepStrictEqual(yield* deliveries.find(other, first), Option.none())
        assert.deepStrictEqual(yield* deliveries.find(instanceId, newDeliveryId()), Option.none())
      })
    )
  })
