import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, type Layer, Option, Redacted } from "effect"
import type { EventFeed } from "../../core/event/EventFeed.ts"
import type { Deliveries } from "../../core/webhook/Deliveries.ts"
import { mostEndpoints, WebhookEndpoint, WebhookUrl } from "../../core/webhook/WebhookEndpoint.ts"
import { WebhookEndpoints } from "../../core/webhook/WebhookEndpoints.ts"
import { Fixture } from "./Fixture.ts"
import {
  added,
  after,
  again,
  answered,
  claimedOne,
  entered,
  newEndpoint,
  newEndpointId,
  oneEndpoint,
  secret,
  settings,
  settled,
  start
} from "./webhookSetup.ts"

const values = (...letters: ReadonlyArray<string>) => letters.map((letter) => Redacted.value(secret(letter)))

/** The laws of the `WebhookEndpoints` port. */
export const webhookEndpointsContract = <E>(
  adapter: string,
  live: Layer.Layer<WebhookEndpoints | Deliveries | EventFeed | Fixture, E>
) =>
  layer(live, { timeout: "60 seconds" })(`WebhookEndpoints on ${adapter}`, (it) => {
    it.effect("an endpoint is found by its instance, with all that was said of it", () =>
      Effect.gen(function* () {
        const endpoints = yield* WebhookEndpoints
        const { id: instanceId } = yield* (yield* Fixture).instance
        const { id: other } = yield* (yield* Fixture).instance
        const given = { eventTypes: ["message.read", "message.failed"], description: `Ação "👋"` } as const
        const made = yield* added(instanceId, given)
        assert.deepInclude(made, { instanceId, ...given, url: settings.url, holds: 0, createdAt: start })
        const off = yield* added(instanceId, { enabled: false, at: after("1 second") })
        assert.deepStrictEqual(off.disabled, Option.some({ reason: "requested", since: after("1 second") } as const))
        assert.deepStrictEqual(yield* endpoints.find(instanceId, made.id), Option.some(made))
        assert.deepStrictEqual(yield* endpoints.list(instanceId), [made, off])
        assert.deepStrictEqual(yield* endpoints.list(other), [])
      })
    )

    it.effect("another instance's endpoint answers as one that never existed, whatever is asked of it", () =>
      Effect.gen(function* () {
        const endpoints = yield* WebhookEndpoints
        const { id: other } = yield* (yield* Fixture).instance
        const made = yield* oneEndpoint()
        assert.deepStrictEqual(yield* endpoints.find(other, made.id), Option.none())
        assert.deepStrictEqual(yield* endpoints.find(made.instanceId, newEndpointId()), Option.none())
        assert.deepStrictEqual(yield* endpoints.change(other, made.id, { enabled: false }, start), Option.none())
        assert.deepStrictEqual(yield* endpoints.rotate(other, made.id, secret("b"), start), Option.none())
        assert.isFalse(yield* endpoints.remove(other, made.id, start))
        assert.deepStrictEqual(yield* again(made), made)
      })
    )

    it.effect("what is changed is changed, and nothing else", () =>
      Effect.gen(function* () {
        const endpoints = yield* WebhookEndpoints
        const made = yield* oneEndpoint()
        const change = (changes: Parameters<typeof endpoints.change>[2]) =>
          Effect.map(endpoints.change(made.instanceId, made.id, changes, after("1 hour")), Option.getOrThrow)
        const like = (changes: Partial<WebhookEndpoint>) => new WebhookEndpoint(Object.assign({}, made, changes))
        const url = WebhookUrl.make("http://10.0.0.8:8080/")
        assert.deepStrictEqual(yield* change({ url }), like({ url }))
        assert.deepStrictEqual(yield* change({ description: "" }), like({ url, description: "" }))
        const eventTypes = ["contact.merged"] as const
        const { description } = made
        assert.deepStrictEqual(yield* change({ eventTypes, url: made.url, description }), like({ eventTypes }))
        assert.deepStrictEqual(yield* change({}), like({ eventTypes }))
      })
    )

    it.effect("one that is disabled says since when and keeps its reason; enabled, it starts anew", () =>
      Effect.gen(function* () {
        const endpoints = yield* WebhookEndpoints
        const made = yield* oneEndpoint()
        const enable = (enabled: boolean, at: typeof start) =>
          Effect.map(endpoints.change(made.instanceId, made.id, { enabled }, at), Option.getOrThrow)
        const off = yield* enable(false, after("1 hour"))
        assert.deepStrictEqual(off.disabled, Option.some({ reason: "requested", since: after("1 hour") } as const))
        assert.deepStrictEqual(yield* enable(false, after("2 hours")), off)
        assert.deepStrictEqual(yield* enable(true, after("3 hours")), made)
        assert.deepStrictEqual(yield* enable(true, after("4 hours")), made)
      })
    )

    it.effect("after a rotation both secrets sign, the new one first, until the overlap is over; never three", () =>
      Effect.gen(function* () {
        const endpoints = yield* WebhookEndpoints
        const made = yield* oneEndpoint()
        yield* entered(made, 1)
        /** Claimed again and again: each claim is let go of at once. */
        const signing = (at: typeof start) =>
          Effect.gen(function* () {
            const claimed = yield* claimedOne(at)
            yield* settled(claimed, answered(500), DateTime.subtractDuration(at, "1 day"))
            yield* endpoints.change(made.instanceId, made.id, { enabled: true }, at)
            return claimed.secrets.map(Redacted.value)
          })
        const rotate = (letter: string, until: typeof start) =>
          Effect.map(endpoints.rotate(made.instanceId, made.id, secret(letter), until), Option.getOrThrow)

        assert.deepStrictEqual(yield* signing(start), values("a"))
        const rotated = yield* rotate("b", after("24 hours"))
        assert.deepStrictEqual(rotated.previousSecretUntil, Option.some(after("24 hours")))
        assert.deepStrictEqual(yield* signing(after("1 second")), values("b", "a"))
        yield* rotate("c", after("24 hours"))
        assert.deepStrictEqual(yield* signing(after("2 seconds")), values("c", "b"))
        assert.deepStrictEqual(yield* signing(after("24 hours")), values("c"))
        yield* rotate("d", after("25 hours"))
        yield* rotate("e", after("25 hours"))
        assert.deepStrictEqual(yield* signing(after("25 hours")), values("e"))
      })
    )

    it.effect("one that is removed is gone, and nothing is sent to it", () =>
      Effect.gen(function* () {
        const endpoints = yield* WebhookEndpoints
        const made = yield* oneEndpoint()
        yield* entered(made, 1)
        assert.isTrue(yield* endpoints.remove(made.instanceId, made.id, start))
        assert.isFalse(yield* endpoints.remove(made.instanceId, made.id, start))
        assert.deepStrictEqual(yield* endpoints.find(made.instanceId, made.id), Option.none())
        assert.deepStrictEqual(yield* endpoints.list(made.instanceId), [])
        assert.deepStrictEqual(yield* endpoints.change(made.instanceId, made.id, {}, start), Option.none())
      })
    )

    it.effect("an instance has so many and no more, however many are added at once; a removed one makes room", () =>
      Effect.gen(function* () {
        const endpoints = yield* WebhookEndpoints
        const { id: instanceId } = yield* (yield* Fixture).instance
        const wanted = yield* Effect.forEach(Array.from({ length: mostEndpoints + 5 }), () => newEndpoint(instanceId))
        const tries = yield* Effect.forEach(wanted, (one) => Effect.result(endpoints.add(one)), {
          concurrency: "unbounded"
        })
        assert.strictEqual(tries.filter(({ _tag }) => _tag === "Success").length, mostEndpoints)
        const [first] = yield* endpoints.list(instanceId)
        assert.isDefined(first)
        yield* endpoints.remove(instanceId, first.id, start)
        yield* added(instanceId)
        const error = yield* Effect.flip(added(instanceId))
        assert.strictEqual(error._tag, "TooManyEndpoints")
      })
    )
  })
