import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { MessageId } from "../../../core/message/Message.ts"
import { pageOf, type Stretch } from "../../../core/message/MessagePage.ts"

const idOf = (number: number): MessageId =>
  MessageId.make(`019c0000-0000-7000-8000-${number.toString(16).padStart(12, "0")}`)

const Numbers = Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 40 }))).check(
  Schema.isMaxLength(20)
)
const Few = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 6 }))

const newestFirst = (numbers: Iterable<number>) => [...new Set(numbers)].toSorted((a, b) => b - a)

/** What a store finds in one list that it follows over at most `reach` messages, of which it takes the even. */
const stretchOf = (list: ReadonlyArray<number>, before: number, reach: number): Stretch => {
  const looked = newestFirst(list)
    .filter((number) => number < before)
    .slice(0, reach)
  const last = looked.length === reach ? looked.at(-1) : undefined
  return {
    ids: looked.filter((number) => number % 2 === 0).map(idOf),
    through: last === undefined ? undefined : idOf(last)
  }
}

describe("A page out of several lists", () => {
  it.prop(
    "page after page tells all that is wanted, once each, newest first",
    [Numbers, Numbers, Few, Few, Few],
    ([one, other, limit, reachOfOne, reachOfOther]) => {
      const told: Array<MessageId> = []
      let before = 41
      for (;;) {
        const page = pageOf(limit, [stretchOf(one, before, reachOfOne), stretchOf(other, before, reachOfOther)])
        assert.isAtMost(page.messages.length, limit)
        told.push(...page.messages)
        if (page.next === undefined) break
        const next = Number.parseInt(page.next.slice(-12), 16)
        assert.isBelow(next, before)
        before = next
      }
      assert.deepStrictEqual(told, newestFirst([...one, ...other].filter((number) => number % 2 === 0)).map(idOf))
    }
  )

  it("says that no page follows when nothing is left", () => {
    const whole: Stretch = { ids: [2, 1].map(idOf), through: undefined }
    assert.deepStrictEqual(pageOf(2, [whole]), { messages: [2, 1].map(idOf), next: undefined })
    assert.deepStrictEqual(pageOf(1, [whole]), { messages: [idOf(2)], next: idOf(2) })
    assert.deepStrictEqual(pageOf(1, []), { messages: [], next: undefined })
  })
})
