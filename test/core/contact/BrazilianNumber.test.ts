import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { hasAreaCode, isPossible, twin } from "../../../core/contact/BrazilianNumber.ts"

/** Anatel: the two-digit numbers that are no area code. */
const unused = new Set([20, 23, 25, 26, 29, 30, 36, 39, 40, 50, 52, 56, 57, 58, 59, 60, 70, 72, 76, 78, 80, 90])
const areaCodes = Array.from({ length: 89 }, (_, index) => index + 11).filter((code) => !unused.has(code))

const AreaCode = Schema.Literals(areaCodes)
const eightDigits = (from: number, to: number) =>
  Schema.Int.check(Schema.isBetween({ minimum: from * 10_000_000, maximum: to * 10_000_000 + 9_999_999 }))

describe("BrazilianNumber", () => {
  it("knows the 67 area codes in use, and no other", () => {
    const known = Array.from({ length: 100 }, (_, code) => String(code).padStart(2, "0")).filter((code) =>
      hasAreaCode(`55${code}978049825`)
    )
    assert.deepStrictEqual(known, areaCodes.map(String))
    assert.strictEqual(known.length, 67)
  })

  it.each([
    ["a mobile with its ninth digit", "5511978049825", true],
    ["a mobile without it", "551178049825", true],
    ["a landline", "551133334444", true],
    ["the least landline", "551120000000", true],
    ["a ninth digit before what was a landline: some mobiles are so", "5511933334444", true],
    ["an area code that does not exist", "5520978049825", false],
    ["nine digits that do not begin with 9", "5511878049825", false],
    ["eight digits that begin with 1", "551113334444", false],
    ["eight digits that begin with 0", "551103334444", false],
    ["too few digits", "55113333444", false],
    ["too many digits", "55119780498255", false],
    ["another country", "14155552671", false]
  ])("judges %s", (_, digits, possible) => {
    assert.strictEqual(isPossible(digits), possible)
  })

  it.prop(
    "a mobile has a twin with or without the ninth digit, whose twin it is",
    [AreaCode, eightDigits(6, 9)],
    ([areaCode, subscriber]) => {
      const short = `55${areaCode}${subscriber}`
      const long = `55${areaCode}9${subscriber}`
      assert.strictEqual(twin(short), long)
      assert.strictEqual(twin(long), short)
    }
  )

  it.prop(
    "a landline has none, nor has the mobile that is spelled as one with a 9 before it",
    [AreaCode, eightDigits(2, 5)],
    ([areaCode, subscriber]) => {
      assert.isUndefined(twin(`55${areaCode}${subscriber}`))
      assert.isUndefined(twin(`55${areaCode}9${subscriber}`))
    }
  )

  it.each([
    ["an area code that does not exist", "5520978049825"],
    ["another country", "351912345678"],
    ["a number that only ends like a Brazilian mobile", "155119780498"],
    ["too many digits", "55119978049825"],
    ["nothing", ""]
  ])("%s has no twin", (_, digits) => {
    assert.isUndefined(twin(digits))
  })
})
