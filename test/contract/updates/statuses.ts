import { assert } from "@effect/vitest"
import { DateTime, Effect, Option } from "effect"
import { failure } from "../../../core/failure/Failure.ts"
import { Sends } from "../../../core/message/Sends.ts"
import { Traces } from "../Traces.ts"
import { Fixture } from "../Fixture.ts"
import { keyed, unknown } from "../sends/Example.ts"
import {
  acceptedAs,
  after,
  bareStatusOf,
  entryOf,
  eventsOf,
  eventTypes,
  itIs,
  sending,
  sent,
  settle,
  statusOf,
  tell,
  tellStatuses,
  type UpdatesIt
} from "./Desk.ts"

const undeliverable = { errors: [{ code: 131026, title: "Message undeliverable", error_data: { details: "Why." } }] }

const pricing = { billable: true, pricing_model: "PMP", type: "regular", category: "utility" }

const journey = ["sent", "delivered", "read"] as const

const orders = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0]
] as const

/** What Meta tells of messages. */
export const statuses = (it: UpdatesIt) => {
  it.effect(
    "statuses come to the same in whatever order, one by one or at once, before and after our own call is over",
    () =>
      Effect.gen(function* () {
        yield* itIs(0)
        const traces = yield* Traces
        const instance = yield* (yield* Fixture).instance
        for (const order of orders) {
          for (const settledAt of [0, 1, 2, 3]) {
            const send = yield* sending(instance.id)
            const told = order.map((place) => statusOf(send, journey[place], place + 1))
            for (const [index, status] of told.entries()) {
              if (index === settledAt) yield* settle(send)
              yield* tellStatuses(instance, status)
            }
            if (settledAt === 3) yield* settle(send)
            const { state, statuses } = yield* traces.heard(send.messageId)
            assert.deepStrictEqual(state, { status: "read", wamid: send.wamid, at: after(3) })
            assert.deepStrictEqual(
              statuses.map(({ at, status }) => [status, at]),
              journey.map((status, place) => [status, after(place + 1)])
            )
          }
          const send = yield* sending(instance.id)
          yield* tellStatuses(instance, ...order.map((place) => statusOf(send, journey[place], place + 1)))
          assert.strictEqual((yield* traces.heard(send.messageId)).state?.status, "read")
        }
        const events = yield* eventsOf(instance.id)
        assert.strictEqual(new Set(events.map(String)).size, events.length)
        assert.strictEqual(events.length, 6 * 4 * 4 + 6 * 3)
      })
  )

  it.effect("a status counts once, however often it comes, within one payload and in many", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const instance = yield* (yield* Fixture).instance
      const send = yield* sent(instance.id)
      const once = statusOf(send, "delivered", 1, { pricing })
      yield* tellStatuses(instance, once, once, once)
      yield* itIs(60)
      yield* tellStatuses(instance, once)
      yield* tell(entryOf(instance, { statuses: [once] }), entryOf(instance, { statuses: [once] }))
      const { statuses } = yield* (yield* Traces).heard(send.messageId)
      assert.deepStrictEqual(statuses, [
        {
          _tag: "Status",
          status: "delivered",
          at: after(1),
          receivedAt: after(0),
          errors: [],
          pricing: { billable: true, model: "PMP", type: "regular", category: "utility" },
          wamid: send.wamid
        }
      ])
      assert.deepStrictEqual(yield* eventTypes(instance.id), ["message.accepted", "message.delivered"])
    })
  )

  it.effect("a status that comes again with a later time is kept and told of once", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const instance = yield* (yield* Fixture).instance
      const send = yield* sent(instance.id)
      yield* tellStatuses(instance, statusOf(send, "delivered", 5))
      yield* tellStatuses(instance, statusOf(send, "delivered", 9), statusOf(send, "delivered", 2))
      const { state, statuses } = yield* (yield* Traces).heard(send.messageId)
      assert.deepStrictEqual(
        statuses.map(({ at }) => at),
        [after(2), after(5), after(9)]
      )
      assert.deepStrictEqual(state?.at, after(2))
      assert.deepStrictEqual(yield* eventTypes(instance.id), ["message.accepted", "message.delivered"])
    })
  )

  it.effect("a message is found by its attempt, by Meta's id, and never in another instance", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const traces = yield* Traces
      const fixture = yield* Fixture
      const [one, other] = [yield* fixture.instance, yield* fixture.instance]
      const send = yield* sent(one.id)
      const twin = yield* sending(other.id)
      // Another instance's message went out under the same id of Meta's.
      yield* settle(twin, acceptedAs(send.wamid))
      yield* tellStatuses(one, bareStatusOf(send, "sent", 1))
      yield* tellStatuses(other, statusOf(send, "delivered", 2))
      const heard = (id: typeof send.messageId) =>
        Effect.map(traces.heard(id), ({ statuses }) => statuses.map(({ status }) => status))
      assert.deepStrictEqual(yield* heard(send.messageId), ["sent"])
      assert.deepStrictEqual(yield* heard(twin.messageId), ["delivered"])
      const alone = yield* sent(one.id)
      yield* tellStatuses(other, statusOf(alone, "read", 3))
      assert.deepStrictEqual(yield* heard(alone.messageId), [])
      assert.strictEqual(yield* traces.parked(other.id), 1)
    })
  )

  it.effect("a message accepted weeks ago is still found by Meta's id", () =>
    Effect.gen(function* () {
      yield* itIs(-30 * 86_400)
      const instance = yield* (yield* Fixture).instance
      const send = yield* sent(instance.id)
      yield* itIs(0)
      yield* tellStatuses(instance, bareStatusOf(send, "read", 0))
      assert.strictEqual((yield* (yield* Traces).heard(send.messageId)).state?.status, "read")
    })
  )

  it.effect("a status without an attempt that comes before its message is known waits for it", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const traces = yield* Traces
      const instance = yield* (yield* Fixture).instance
      const send = yield* sending(instance.id)
      yield* tellStatuses(instance, bareStatusOf(send, "delivered", 1, { pricing, ...undeliverable }))
      assert.strictEqual(yield* traces.parked(instance.id), 1)
      yield* tellStatuses(instance)
      yield* itIs(5)
      yield* settle(send)
      for (const seconds of [6, 60, 3600, 7300]) {
        yield* itIs(seconds)
        yield* tellStatuses(instance)
      }
      const { state, statuses } = yield* traces.heard(send.messageId)
      assert.deepStrictEqual(state, { status: "delivered", wamid: send.wamid, at: after(1) })
      assert.deepStrictEqual(statuses[0]?.receivedAt, after(0))
      assert.strictEqual(statuses[0]?.pricing?.category, "utility")
      assert.strictEqual(statuses[0]?.errors[0]?.code, 131026)
      assert.strictEqual(yield* traces.parked(instance.id), 0)
      assert.deepStrictEqual(yield* eventTypes(instance.id), ["message.accepted", "message.delivered"])
    })
  )

  it.effect("of an outcome that nobody knew the webhook tells, and so does whoever asks again under its key", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const sends = yield* Sends
      const instance = yield* (yield* Fixture).instance
      const earlier = (key: string) =>
        Effect.flatMap(DateTime.now, (now) => sends.earlier(instance.id, "/send-message", key, now)).pipe(
          Effect.map(Option.getOrThrow)
        )
      const arrived = yield* sending(instance.id, { idempotency: keyed("arrived") })
      const lost = yield* sending(instance.id, { idempotency: keyed("lost") })
      for (const send of [arrived, lost]) yield* settle(send, unknown)
      assert.strictEqual((yield* earlier("arrived")).wamid, undefined)
      yield* tellStatuses(instance, statusOf(arrived, "sent", 1), statusOf(lost, "failed", 2, undeliverable))
      assert.strictEqual((yield* earlier("arrived")).wamid, arrived.wamid)
      assert.strictEqual((yield* earlier("arrived")).failure, undefined)
      assert.strictEqual((yield* earlier("lost")).failure?.meta?.code, 131026)
      const { state } = yield* (yield* Traces).heard(arrived.messageId)
      assert.strictEqual(state?.status, "sent")
      assert.deepStrictEqual(yield* eventsOf(instance.id), [
        ["message.unknown", arrived.messageId],
        ["message.unknown", lost.messageId],
        ["message.sent", arrived.messageId],
        ["message.failed", lost.messageId]
      ])
    })
  )

  it.effect("what Meta told of before our call was given up is not unknown any more", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const sends = yield* Sends
      const instance = yield* (yield* Fixture).instance
      const heard = yield* sending(instance.id)
      const unheard = yield* sending(instance.id)
      const timedOut = yield* sending(instance.id)
      yield* tellStatuses(instance, statusOf(heard, "sent", 1), statusOf(timedOut, "delivered", 1))
      yield* settle(timedOut, unknown)
      yield* itIs(600)
      assert.isAtLeast(yield* sends.abandon(after(300), after(600)), 2)
      assert.deepStrictEqual(yield* eventsOf(instance.id), [
        ["message.sent", heard.messageId],
        ["message.delivered", timedOut.messageId],
        ["message.accepted", heard.messageId],
        ["message.unknown", unheard.messageId]
      ])
      yield* tellStatuses(instance, statusOf(unheard, "read", 700))
      assert.strictEqual((yield* (yield* Traces).heard(unheard.messageId)).state?.status, "read")
    })
  )

  it.effect("a failure beside a delivery is kept, and the delivery stands", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const instance = yield* (yield* Fixture).instance
      const send = yield* sent(instance.id)
      yield* tellStatuses(instance, statusOf(send, "failed", 1, undeliverable))
      assert.strictEqual((yield* (yield* Traces).heard(send.messageId)).state?.status, "failed")
      yield* tellStatuses(instance, statusOf(send, "delivered", 2))
      const { state, statuses } = yield* (yield* Traces).heard(send.messageId)
      assert.strictEqual(state?.status, "delivered")
      assert.deepStrictEqual(
        statuses.map(({ errors, status }) => [status, errors.map(({ code }) => code)]),
        [
          ["failed", [131026]],
          ["delivered", []]
        ]
      )
      assert.deepStrictEqual(yield* eventTypes(instance.id), [
        "message.accepted",
        "message.failed",
        "message.delivered"
      ])
    })
  )

  it.effect("a failure is told of once, by our own call or by Meta, whoever comes first", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const instance = yield* (yield* Fixture).instance
      const refused = { _tag: "Failed", failure: failure("meta_rejected"), final: true } as const
      const first = yield* sending(instance.id)
      yield* settle(first, refused)
      yield* tellStatuses(instance, statusOf(first, "failed", 1, undeliverable))
      const last = yield* sending(instance.id)
      yield* tellStatuses(instance, statusOf(last, "failed", 1, undeliverable))
      yield* settle(last, refused)
      assert.deepStrictEqual(yield* eventsOf(instance.id), [
        ["message.failed", first.messageId],
        ["message.failed", last.messageId]
      ])
    })
  )

  it.effect("a failure of our own call outweighs that the message was sent, whoever comes first", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const traces = yield* Traces
      const instance = yield* (yield* Fixture).instance
      const refused = { _tag: "Failed", failure: failure("meta_rejected"), final: true } as const
      for (const isFirst of [true, false]) {
        const send = yield* sending(instance.id)
        if (isFirst) yield* settle(send, refused)
        yield* tellStatuses(instance, statusOf(send, "sent", 1))
        if (!isFirst) yield* settle(send, refused)
        assert.strictEqual((yield* traces.heard(send.messageId)).state?.status, "failed")
        yield* tellStatuses(instance, statusOf(send, "delivered", 2))
        assert.strictEqual((yield* traces.heard(send.messageId)).state?.status, "delivered")
      }
    })
  )

  it.effect("a thousand statuses of one payload are applied, each to its message", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const traces = yield* Traces
      const instance = yield* (yield* Fixture).instance
      const sends = yield* Effect.forEach(Array.from({ length: 334 }), () => sent(instance.id), {
        concurrency: "unbounded"
      })
      const told = sends.flatMap((send) => journey.map((status, place) => statusOf(send, status, place)))
      assert.deepStrictEqual(yield* tellStatuses(instance, ...told), { applied: 1002, setAside: 0 })
      const states = yield* Effect.forEach(sends, ({ messageId }) => traces.heard(messageId))
      assert.isTrue(states.every(({ state }) => state?.status === "read"))
    })
  )
}
