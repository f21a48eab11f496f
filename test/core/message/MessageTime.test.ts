import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Schema } from "effect"
import { TestClock } from "effect/testing"
import * as MessageIdsRandom from "../../../adapters/secrets/MessageIdsRandom.ts"
import { MessageIds } from "../../../core/message/MessageIds.ts"
import { firstIdAt, madeAt } from "../../../core/message/MessageTime.ts"

const Millis = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 4_102_444_800_000 }))

const idMadeAt = (millis: number) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(millis)
    return yield* (yield* MessageIds).message
  }).pipe(Effect.provide(MessageIdsRandom.layer))

describe("The time in a message's id", () => {
  it.effect.prop("is the millisecond in which it was made", [Millis], ([millis]) =>
    Effect.map(idMadeAt(millis), (id) => assert.strictEqual(DateTime.toEpochMillis(madeAt(id)), millis))
  )

  it.effect.prop("parts the ids made before from those made at a time or later", [Millis, Millis], ([one, other]) =>
    Effect.map(idMadeAt(one), (id) => assert.strictEqual(id >= firstIdAt(DateTime.makeUnsafe(other)), one >= other))
  )

  it("is taken to the first and last id where a time lies outside of what ids can tell", () => {
    assert.strictEqual(firstIdAt(DateTime.makeUnsafe(-1)), "00000000-0000-7000-8000-000000000000")
    assert.strictEqual(firstIdAt(DateTime.makeUnsafe(8_640_000_000_000_000)), "ffffffff-ffff-7000-8000-000000000000")
  })
})
