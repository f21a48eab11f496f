import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { statusOf } from "../../../core/failure/Failure.ts"
import { MetaError } from "../../../core/failure/MetaError.ts"
import { knownCodes } from "../../../core/failure/MetaErrorTable.ts"
import type { GatewayAnswer } from "../../../core/message/GatewayAnswer.ts"
import { deadlineMillis, judge, type Verdict } from "../../../core/message/Verdict.ts"

const refusedWith = (code: number): GatewayAnswer => ({
  _tag: "Refused",
  error: new MetaError({ code, title: "título", details: "detalhe", fbtrace_id: "A1b2" })
})

const first = { calls: 1, elapsedMillis: 0 }
/** When nothing can be tried again in time. */
const late = { calls: 1, elapsedMillis: deadlineMillis }

/** What is told of a failure, in short: `400 meta_rejected, final`. */
const short = (verdict: Verdict): string => {
  if (verdict._tag !== "Failed") return verdict._tag
  const { failure, final } = verdict
  const when = failure.retryAfter === undefined ? "" : `, after ${failure.retryAfter}`
  return `${statusOf(failure)} ${failure.code}${when}${failure.retryable ? ", retryable" : ""}${final ? ", final" : ""}`
}

/** Meta, "Error codes"; which class is which reaction is the product's. */
const table: ReadonlyArray<readonly [verdict: string, codes: ReadonlyArray<number>]> = [
  ["Unknown", [1, 131000]],
  ["429 meta_throttled, after 1, retryable", [4, 17, 32, 613, 80007, 80008, 80012, 130429, 131056]],
  ["503 meta_busy, after 60, retryable", [2, 131016, 131057, 133004, 2494100]],
  ["429 meta_refused_until, after 86400, retryable", [131049]],
  ["429 meta_refused_until, after 3600, retryable", [132069]],
  ["429 meta_refused_until, after 300, retryable", [133015]],
  ["429 meta_refused_until, after 600, retryable", [134101]],
  ["400 meta_refused_for_now", [130472, 131048, 131064, 132015, 133016]],
  [
    "400 meta_rejected, final",
    [
      [100, 130403, 131008, 131009, 131021, 131026, 131043, 131047, 131050, 131051, 131052, 131053, 131055, 131062],
      [132000, 132001, 132005, 132007, 132008, 132012, 132016, 132018, 132068, 134100, 135000, 137000],
      [1752041, 2593107, 2593108, 147001, 147005, 200005, 200007, 2388000, 2388999]
    ].flat()
  ],
  [
    "502 meta_account",
    [
      [
        0, 3, 10, 33, 104, 190, 200, 250, 299, 368, 2500, 130497, 131005, 131030, 131031, 131037, 131042, 131045, 131063
      ],
      [133000, 133005, 133006, 133008, 133009, 133010, 134011, 134102, 136024]
    ].flat()
  ],
  ["502 meta_unrecognized, final", [-7, 5, 131001, 199, 300, 999_999_999]]
]

describe("what Meta refused", () => {
  it.each(table.flatMap(([verdict, codes]) => codes.map((code) => [code, verdict] as const)))(
    "with code %i is: %s",
    (code, verdict) => {
      assert.strictEqual(short(judge(refusedWith(code), late)), verdict)
    }
  )

  it("is judged here for every code that is known", () => {
    const judged = new Set(table.flatMap(([, codes]) => codes))
    assert.deepStrictEqual(
      knownCodes.filter((code) => !judged.has(code)),
      []
    )
  })

  it.prop("is passed on untouched, whatever the code", [Schema.Int], ([code]) => {
    const answer = refusedWith(code)
    const verdict = judge(answer, late)
    if (verdict._tag === "Failed") {
      assert.deepStrictEqual(verdict.failure.meta, answer._tag === "Refused" ? answer.error : undefined)
    } else {
      assert.deepStrictEqual(verdict, { _tag: "Unknown", reason: `Meta answered code ${code}` })
    }
  })

  it("is repeated by us for the throttle codes only", () => {
    const repeated = knownCodes.filter((code) => judge(refusedWith(code), first)._tag === "Retry")
    assert.deepStrictEqual(repeated, [4, 17, 32, 613, 80007, 80008, 80012, 130429, 131056])
  })
})

/** The waits between calls that are answered at once, and the verdict that ends them. */
const scheduleOf = (answer: GatewayAnswer) => {
  const waits: Array<number> = []
  let elapsedMillis = 0
  for (let calls = 1; calls < 100; calls++) {
    const verdict = judge(answer, { calls, elapsedMillis })
    if (verdict._tag !== "Retry") return { waits, elapsedMillis, end: short(verdict) }
    waits.push(verdict.afterMillis)
    elapsedMillis += verdict.afterMillis
  }
  return { waits, elapsedMillis, end: "never" }
}

const until = (retryAfter: number) => judge({ _tag: "NeverLeft", reason: "circuit open", retryAfter }, first)

describe("a repetition", () => {
  it("of a throttled call waits half a second, then twice as long each time, while the deadline allows", () => {
    assert.deepStrictEqual(scheduleOf(refusedWith(130429)), {
      waits: [500, 1000, 2000, 4000],
      elapsedMillis: 7500,
      end: "429 meta_throttled, after 8, retryable"
    })
  })

  it("to one recipient too often waits 4^X seconds, X from 0", () => {
    assert.deepStrictEqual(scheduleOf(refusedWith(131056)), {
      waits: [1000, 4000],
      elapsedMillis: 5000,
      end: "429 meta_throttled, after 16, retryable"
    })
  })

  it("of what never left waits as a throttled one does", () => {
    assert.deepStrictEqual(scheduleOf({ _tag: "NeverLeft", reason: "ECONNREFUSED", retryAfter: undefined }), {
      waits: [500, 1000, 2000, 4000],
      elapsedMillis: 7500,
      end: "503 meta_unavailable, after 8, retryable"
    })
  })

  it("waits for the time that was named, where one was: that of an open circuit", () => {
    assert.deepStrictEqual(until(14), { _tag: "Retry", afterMillis: 14_000 })
    assert.strictEqual(short(until(15)), "503 meta_unavailable, after 15, retryable")
  })

  it.prop(
    "leaves Meta a second to answer within the 15 seconds, and is not given up while it would",
    {
      code: Schema.Literals([130429, 131056]),
      calls: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 6 })),
      elapsedMillis: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 20_000 }))
    },
    ({ calls, code, elapsedMillis }) => {
      const verdict = judge(refusedWith(code), { calls, elapsedMillis })
      const wait = code === 131056 ? 1000 * 4 ** (calls - 1) : 500 * 2 ** (calls - 1)
      if (verdict._tag === "Retry") {
        assert.strictEqual(verdict.afterMillis, wait)
        assert.isAtMost(elapsedMillis + wait + 1000, 15_000)
      } else {
        assert.strictEqual(short(verdict), `429 meta_throttled, after ${Math.ceil(wait / 1000)}, retryable`)
        assert.isAbove(elapsedMillis + wait + 1000, 15_000)
      }
    }
  )
})

describe("any other answer", () => {
  it("that accepts is an acceptance, held or not", () => {
    for (const held of [false, true]) {
      const answer = { _tag: "Accepted", wamid: "wamid.A", waId: undefined, held } as const
      assert.deepStrictEqual(judge(answer, late), answer)
    }
  })

  it("that was lost leaves the outcome unknown, and is never repeated", () => {
    assert.deepStrictEqual(judge({ _tag: "Lost", reason: "socket hang up" }, first), {
      _tag: "Unknown",
      reason: "socket hang up"
    })
  })

  it.each([
    ["NoSimulator", "503 simulator_unavailable, retryable"],
    ["NoToken", "502 meta_account"]
  ] as const)("%s is a failure of the installation, and not repeated: %s", (_tag, verdict) => {
    assert.strictEqual(short(judge({ _tag }, first)), verdict)
  })
})
