import { assert, describe, it } from "@effect/vitest"
import { metaCodes, ranges } from "../../apps/http/docs/MetaCodes.ts"
import { knownCodes, reactionTo } from "../../core/failure/MetaErrorTable.ts"

const listed = new Set(knownCodes)

const isInFamily = (code: number): boolean => ranges.some(([from, to]) => code >= from && code <= to)

const answerOf = (code: string): ReadonlyArray<unknown> => {
  const found = metaCodes.find((row) => row.code === code)
  return [found?.answer, found?.repeatedByUs, found?.retryAfter]
}

describe("What Meta's codes become", () => {
  it("names exactly the families of codes that the product knows", () => {
    for (let code = 0; code < 3_000_000; code++) {
      if (!listed.has(code) && (reactionTo(code) !== undefined) !== isInFamily(code)) assert.fail(`code ${code}`)
    }
  })

  it("says what each code means", () => {
    assert.deepStrictEqual(
      metaCodes.filter(({ meaning }) => meaning === ""),
      []
    )
  })

  it("is in ascending order", () => {
    const firsts = metaCodes.map(({ code }) => Number.parseInt(code, 10))
    assert.deepStrictEqual(
      firsts,
      firsts.toSorted((a, b) => a - b)
    )
  })

  it.each([
    ["131000", "outcome_unknown", false, undefined],
    ["130429", "meta_throttled", true, undefined],
    ["131016", "meta_busy", false, 60],
    ["131049", "meta_refused_until", false, 86_400],
    ["131048", "meta_refused_for_now", false, undefined],
    ["131026", "meta_rejected", false, undefined],
    ["190", "meta_account", false, undefined],
    ["200–299", "meta_account", false, undefined]
  ] as const)("%s is answered with %s", (code, ...expected) => {
    assert.deepStrictEqual(answerOf(code), expected)
  })
})
