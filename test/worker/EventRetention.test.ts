import { assert, it } from "@effect/vitest"
import { DateTime, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import * as EventFeedMemory from "../../adapters/memory/EventFeedMemory.ts"
import { World } from "../../adapters/memory/World.ts"
import * as EventRetention from "../../apps/worker/EventRetention.ts"
import { InstanceId } from "../../core/instance/Instance.ts"

const live = EventRetention.layer.pipe(Layer.provideMerge(EventFeedMemory.layer), Layer.provideMerge(World.layer))

const happens = Effect.fnUntraced(function* (id: string) {
  const { events } = yield* World
  events.push({
    id,
    instanceId: InstanceId.make(4),
    type: "template.updated",
    at: yield* DateTime.now,
    messageId: undefined,
    contactId: undefined,
    data: {}
  })
})

it.effect("an event is kept for thirty days and those that news may be late, and then forgotten", () =>
  Effect.gen(function* () {
    const { events } = yield* World
    yield* happens("evt_1")
    yield* TestClock.adjust("10 days")
    yield* happens("evt_2")
    yield* TestClock.adjust("26 days")
    assert.lengthOf(events, 2)
    yield* TestClock.adjust("2 days")
    assert.deepStrictEqual(
      events.map(({ id }) => id),
      ["evt_2"]
    )
  }).pipe(Effect.provide(live))
)
