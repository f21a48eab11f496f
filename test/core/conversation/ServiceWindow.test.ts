import { assert, describe, it } from "@effect/vitest"
import { DateTime, Option, Schema } from "effect"
import * as ServiceWindow from "../../../core/conversation/ServiceWindow.ts"

const inbound = DateTime.makeUnsafe("2026-01-01T00:00:00Z")
const openAt = (now: string) => ServiceWindow.isOpen(Option.some(inbound), DateTime.makeUnsafe(now))

const day = 24 * 60 * 60 * 1000

describe("the customer service window", () => {
  it("opens with the contact's message, in the same millisecond", () => {
    assert.isTrue(openAt("2026-01-01T00:00:00.000Z"))
  })

  it("closes at the 24th hour, to the millisecond", () => {
    assert.isTrue(openAt("2026-01-01T23:59:59.999Z"))
    assert.isFalse(openAt("2026-01-02T00:00:00.000Z"))
  })

  it("says how it stands, until when, and why", () => {
    const windowAt = (now: string) => ServiceWindow.windowOf(Option.some(inbound), DateTime.makeUnsafe(now))
    const closesAt = DateTime.add(inbound, { hours: 24 })
    assert.deepStrictEqual(windowAt("2026-01-01T23:59:59.999Z"), { open: true, closesAt, reason: "customer_wrote" })
    assert.deepStrictEqual(windowAt("2026-01-02T00:00:00Z"), { open: false, closesAt, reason: "expired" })
    assert.deepStrictEqual(ServiceWindow.windowOf(Option.none(), inbound), {
      open: false,
      closesAt: undefined,
      reason: "never_wrote"
    })
  })

  it("says when it closes", () => {
    assert.strictEqual(DateTime.formatIso(ServiceWindow.closesAt(inbound)), "2026-01-02T00:00:00.000Z")
  })

  it("is closed to a contact who never wrote", () => {
    assert.isFalse(ServiceWindow.isOpen(Option.none(), inbound))
  })

  it("is open to a contact whose message comes from a clock ahead of ours", () => {
    assert.isTrue(openAt("2025-12-31T23:59:59Z"))
  })

  it.prop(
    "is open for exactly 24 hours after the latest message, whatever the day",
    [
      Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 4_000_000_000_000 })),
      Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 2 * day }))
    ],
    ([at, elapsed]) => {
      const lastInboundAt = DateTime.makeUnsafe(at)
      const now = DateTime.makeUnsafe(at + elapsed)
      assert.strictEqual(ServiceWindow.isOpen(Option.some(lastInboundAt), now), elapsed < day)
    }
  )

  it.prop(
    "never closes earlier for a later message",
    [
      Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 2 * day })),
      Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 2 * day }))
    ],
    ([one, other]) => {
      const now = DateTime.add(inbound, { milliseconds: 2 * day })
      const openFor = (elapsed: number) =>
        ServiceWindow.isOpen(Option.some(DateTime.add(inbound, { milliseconds: elapsed })), now)
      if (openFor(Math.min(one, other))) assert.isTrue(openFor(Math.max(one, other)))
    }
  )
})
