import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Option, Schema } from "effect"
import { disabledAfter, errorOf, gaps, judge, retryAfter, type Standing } from "../../../core/webhook/Retry.ts"
import type { WebhookAnswer } from "../../../core/webhook/WebhookSender.ts"

const now = DateTime.makeUnsafe("2026-03-01T12:00:00.123Z")
const healthy: Standing["endpoint"] = { failingSince: Option.none(), holds: 0 }

const answered = (status: number, retryAfter?: string): WebhookAnswer => ({
  _tag: "Answered",
  status,
  retryAfter,
  text: undefined
})
const timeout: WebhookAnswer = { _tag: "Unanswered", error: "timeout" }

const after = (duration: Duration.Input) => DateTime.addDuration(now, duration)
const failingFor = (duration: Duration.Input): Standing["endpoint"] => ({
  failingSince: Option.some(DateTime.subtractDuration(now, duration)),
  holds: 0
})

const Status = Schema.Int.check(Schema.isBetween({ minimum: 100, maximum: 599 }))
const Chance = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))
const Attempts = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 8 }))

const waits = (attempts: number, random: number): Duration.Duration | undefined => {
  const { fate } = judge(timeout, { attempts, endpoint: healthy }, now, random)
  return fate._tag === "Later" ? DateTime.distance(now, fate.nextAt) : undefined
}

describe("what becomes of a delivery", () => {
  it.prop("a status of 200 to 299 is success, and no other", [Status], ([status]) => {
    const { fate } = judge(answered(status), { attempts: 1, endpoint: healthy }, now, 0.5)
    assert.strictEqual(fate._tag === "Succeeded", status >= 200 && status <= 299)
    assert.strictEqual(errorOf(answered(status)) === undefined, status >= 200 && status <= 299)
  })

  it("it is tried again after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h, and then no more", () => {
    const minutes = Array.from({ length: 9 }, (_, index) => waits(index + 1, 0.5)).map((wait) =>
      wait === undefined ? undefined : Duration.toMinutes(wait)
    )
    assert.deepStrictEqual(minutes, [5 / 60, 5, 30, 120, 300, 600, 600, undefined, undefined])
    assert.strictEqual(judge(timeout, { attempts: 8, endpoint: healthy }, now, 0.5).fate._tag, "Exhausted")
  })

  it.prop("each wait is up to a tenth shorter or longer", [Attempts, Chance], ([attempts, random]) => {
    const gap = gaps[attempts - 1]
    const wait = waits(attempts, random)
    if (gap === undefined || wait === undefined) return assert.deepStrictEqual([gap, wait], [undefined, undefined])
    const ratio = Duration.toMillis(wait) / Duration.toMillis(gap)
    assert.isAtLeast(ratio, 0.899)
    assert.isAtMost(ratio, 1.101)
  })

  it("an answer that is no success says why", () => {
    const errors = [300, 302, 308, 400, 404, 410, 500, 100].map((status) => errorOf(answered(status)))
    assert.deepStrictEqual(errors, [
      "redirected",
      "redirected",
      "redirected",
      "refused",
      "refused",
      "gone",
      "refused",
      "refused"
    ])
    assert.strictEqual(errorOf(timeout), "timeout")
  })

  it.prop(
    "it is not tried before the hold that was asked for is over",
    [Attempts, Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 200_000 }))],
    ([attempts, seconds]) => {
      const { consequence, fate } = judge(answered(503, String(seconds)), { attempts, endpoint: healthy }, now, 0)
      if (consequence._tag !== "Failing" || consequence.hold === undefined) return assert.fail("no hold")
      const { until } = consequence.hold
      assert.isAtMost(Duration.toHours(DateTime.distance(now, until)), 24)
      if (fate._tag === "Later") assert.isTrue(DateTime.isGreaterThanOrEqualTo(fate.nextAt, until))
    }
  )
})

describe("Retry-After", () => {
  it("is seconds or a date of HTTP, and a day at the most", () => {
    const waits = [
      "0",
      " 120 ",
      "86401",
      "9999999999",
      "Sun, 01 Mar 2026 12:30:00 GMT",
      "Sat, 07 Mar 2026 12:30:00 GMT"
    ]
    assert.deepStrictEqual(
      waits.map((text) => Duration.toMillis(retryAfter(text, now) ?? Duration.infinity)),
      [0, 120_000, 86_400_000, 86_400_000, 1_799_877, 86_400_000]
    )
  })

  it("of a moment that is over asks for nothing", () => {
    assert.deepStrictEqual(retryAfter("Sun, 01 Mar 2026 11:00:00 GMT", now), Duration.zero)
  })

  it("that is neither is not heard", () => {
    for (const text of ["", "soon", "-1", "1.5", "1e3", "2026-03-01T13:00:00Z", "Sun, 99 Mar 2026 12:30:00 GMT"]) {
      assert.isUndefined(retryAfter(text, now), text)
    }
  })
})

const consequence = (answer: WebhookAnswer, endpoint: Standing["endpoint"]) =>
  judge(answer, { attempts: 1, endpoint }, now, 0.5).consequence

describe("what follows for the endpoint", () => {
  it("success makes it well again, and of one that was well says nothing", () => {
    assert.deepStrictEqual(consequence(answered(200), healthy), { _tag: "None" })
    assert.deepStrictEqual(consequence(answered(200), failingFor("1 hour")), { _tag: "Recovered" })
    assert.deepStrictEqual(consequence(answered(200), { ...healthy, holds: 1 }), { _tag: "Recovered" })
  })

  it("the first failure is remembered; those after it say nothing new", () => {
    assert.deepStrictEqual(consequence(answered(500), healthy), { _tag: "Failing", since: now, hold: undefined })
    assert.deepStrictEqual(consequence(timeout, failingFor("1 hour")), { _tag: "None" })
  })

  it("429, 502, 503 and 504 hold it: 5 s, twice as long each time in a row, 5 min at the most", () => {
    for (const status of [429, 502, 503, 504]) {
      const holds = [0, 1, 2, 5, 6, 1000].map((holds) => consequence(answered(status), { ...failingFor(1), holds }))
      assert.deepStrictEqual(
        holds.map((one) => (one._tag === "Failing" && one.hold !== undefined ? one.hold : undefined)),
        [
          { until: after("5 seconds"), holds: 1 },
          { until: after("10 seconds"), holds: 2 },
          { until: after("20 seconds"), holds: 3 },
          { until: after("160 seconds"), holds: 6 },
          { until: after("5 minutes"), holds: 7 },
          { until: after("5 minutes"), holds: 1001 }
        ]
      )
    }
  })

  it("Retry-After holds it for as long as it says, whatever the failure; with a success it says nothing", () => {
    for (const status of [429, 500, 302, 404]) {
      assert.deepStrictEqual(consequence(answered(status, "60"), healthy), {
        _tag: "Failing",
        since: now,
        hold: { until: after("1 minute"), holds: 0 }
      })
    }
    assert.deepStrictEqual(consequence(answered(200, "60"), healthy), { _tag: "None" })
  })

  it("410 disables it at once, and so does failure after five days of nothing else", () => {
    assert.deepStrictEqual(consequence(answered(410), healthy), { _tag: "Disabled", reason: "gone", since: now })
    const since = DateTime.subtractDuration(now, disabledAfter)
    for (const answer of [timeout, answered(500), answered(503, "60")]) {
      assert.deepStrictEqual(consequence(answer, failingFor("5 days")), { _tag: "Disabled", reason: "failing", since })
    }
    const almost = Duration.subtract(disabledAfter, Duration.millis(1))
    assert.deepStrictEqual(consequence(timeout, failingFor(almost)), { _tag: "None" })
    assert.deepStrictEqual(consequence(answered(204), failingFor("30 days")), { _tag: "Recovered" })
  })
})
