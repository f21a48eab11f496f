import { assert, describe, it } from "@effect/vitest"
import { knownCodes, reactionTo } from "../../../core/failure/MetaErrorTable.ts"

describe("the table of Meta's error codes", () => {
  it("has a reaction to every code it knows", () => {
    for (const code of knownCodes) assert.isDefined(reactionTo(code), String(code))
  })

  it("knows no code twice", () => {
    assert.strictEqual(new Set(knownCodes).size, knownCodes.length)
  })

  it("repeats the throttle codes and no other", () => {
    assert.deepStrictEqual(
      knownCodes.filter((code) => reactionTo(code)?.kind === "throttle"),
      [4, 17, 32, 613, 80007, 80008, 80012, 130429, 131056]
    )
  })

  it("takes an outcome for open on the two codes that leave it so, and on no other", () => {
    assert.deepStrictEqual(
      knownCodes.filter((code) => reactionTo(code)?.kind === "open"),
      [1, 131000]
    )
  })

  it("gives a time where Meta's pages do", () => {
    assert.deepStrictEqual(
      knownCodes.flatMap((code) => {
        const reaction = reactionTo(code)
        return reaction?.kind === "later" && reaction.retryAfter !== undefined ? [[code, reaction.retryAfter]] : []
      }),
      [
        [131049, 86_400],
        [132069, 3600],
        [133015, 300],
        [134101, 600]
      ]
    )
  })

  it.each([
    [200, "account"],
    [299, "account"],
    [147001, "permanent"],
    [147005, "permanent"],
    [200005, "permanent"],
    [200007, "permanent"],
    [2388000, "permanent"],
    [2388999, "permanent"]
  ] as const)("knows ranges to their ends: %i", (code, kind) => {
    assert.strictEqual(reactionTo(code)?.kind, kind)
  })

  it.each([-1, 5, 199, 300, 131001, 131060, 147000, 147006, 200004, 200008, 2387999, 2389000, 999_999_999])(
    "knows nothing of %i",
    (code) => {
      assert.isUndefined(reactionTo(code))
    }
  )
})
