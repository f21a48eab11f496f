import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { Updates } from "../../../core/inbound/Updates.ts"
import { Traces } from "../Traces.ts"
import { Fixture } from "../Fixture.ts"
import { reservationIn, unknown } from "../sends/Example.ts"
import {
  acceptedAs,
  after,
  bareStatusOf,
  eventsOf,
  itIs,
  managementOf,
  sending,
  settle,
  statusOf,
  tell,
  tellStatuses,
  type UpdatesIt
} from "./Desk.ts"

/** What time brings. */
export const keeping = (it: UpdatesIt) => {
  it.effect("a message whose outcome nobody knows for long is told of once, and not where Meta has told", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const updates = yield* Updates
      const fixture = yield* Fixture
      yield* updates.tellUnresolved(after(0), after(0))
      const instance = yield* fixture.instance
      const [lost, found, known] = [
        yield* sending(instance.id),
        yield* sending(instance.id),
        yield* sending(instance.id)
      ]
      for (const send of [lost, found]) yield* settle(send, unknown)
      yield* settle(known, acceptedAs(known.wamid))
      yield* tellStatuses(instance, statusOf(found, "sent", 1))
      yield* itIs(1800)
      const fresh = yield* sending(instance.id)
      yield* settle(fresh, unknown)
      yield* itIs(3601)
      assert.strictEqual(yield* updates.tellUnresolved(after(1), after(3601)), 1)
      assert.strictEqual(yield* updates.tellUnresolved(after(1), after(3602)), 0)
      const told = (yield* eventsOf(instance.id)).filter(([type]) => type === "message.unresolved")
      assert.deepStrictEqual(told, [["message.unresolved", lost.messageId]])
      // What Meta tells of it later counts.
      yield* tellStatuses(instance, statusOf(lost, "delivered", 3700))
      assert.strictEqual((yield* (yield* Traces).heard(lost.messageId)).state?.status, "delivered")
    })
  )

  it.effect("of two who look at once one tells", () =>
    Effect.gen(function* () {
      yield* itIs(0)
      const updates = yield* Updates
      yield* updates.tellUnresolved(after(0), after(0))
      const instance = yield* (yield* Fixture).instance
      const sends = yield* Effect.forEach(Array.from({ length: 20 }), () => sending(instance.id))
      for (const send of sends) yield* settle(send, unknown)
      const counts = yield* Effect.all(
        Array.from({ length: 4 }, () => updates.tellUnresolved(after(10), after(10))),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(
        counts.reduce((sum, count) => sum + count),
        20
      )
      const told = (yield* eventsOf(instance.id)).filter(([type]) => type === "message.unresolved")
      assert.strictEqual(told.length, 20)
    })
  )

  it.effect("what was heard long ago is forgotten, and statuses whose message never turned up", () =>
    Effect.gen(function* () {
      // Long before anything of the other tests.
      const long = -39 * 86_400
      yield* itIs(long)
      const updates = yield* Updates
      const traces = yield* Traces
      const instance = yield* (yield* Fixture).instance
      const say = (seconds: number) => tell(managementOf(instance, "account_update", { event: "E" }, seconds))
      yield* say(1)
      const stranger = { ...(yield* reservationIn(instance.id)), wamid: "wamid.nobody" }
      yield* tellStatuses(instance, bareStatusOf(stranger, "sent", 1))
      yield* itIs(long + 100)
      yield* say(2)
      assert.strictEqual(yield* updates.forget(after(long + 50)), 2)
      assert.strictEqual(yield* updates.forget(after(long + 50)), 0)
      assert.strictEqual(yield* traces.parked(instance.id), 0)
      // What is remembered changes nothing when it comes again.
      const before = (yield* eventsOf(instance.id)).length
      yield* say(2)
      assert.strictEqual((yield* eventsOf(instance.id)).length, before)
    })
  )
}
