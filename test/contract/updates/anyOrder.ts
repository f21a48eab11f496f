import { assert } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { itIs, payloadOf, post, type UpdatesIt, workThrough } from "./Desk.ts"
import { cut, entriesOf, News, opened, shuffled, StatusNews, told } from "./Story.ts"

const Places = Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1000 })))

/** One payload per piece, each applied before the next comes, or all at once. */
const apply = Effect.fnUntraced(function* (
  story: Effect.Success<typeof opened>,
  pieces: ReadonlyArray<ReadonlyArray<typeof News.Type>>,
  { together }: { readonly together: boolean }
) {
  for (const piece of pieces) {
    yield* post(payloadOf(...entriesOf(piece, story.instance, story.sends)))
    if (!together) assert.strictEqual((yield* workThrough).setAside, 0)
  }
  assert.strictEqual((yield* workThrough).setAside, 0)
})

const assertUnique = (ids: ReadonlyArray<string>) => assert.strictEqual(new Set(ids).size, ids.length)

/** What holds for everything that may happen. */
export const anyOrder = (it: UpdatesIt, runs: number) => {
  it.effect.prop(
    "news come to the same however they are divided into payloads, and payloads into turns",
    { news: Schema.Array(News), places: Places },
    ({ news, places }) =>
      Effect.gen(function* () {
        yield* itIs(0)
        const outcomes = []
        for (const [pieces, together] of [
          [news.map((one) => [one]), false],
          [news.map((one) => [one]), true],
          [cut(news, places), false],
          [[news], false]
        ] as const) {
          const story = yield* opened
          yield* apply(story, pieces, { together })
          const { eventIds, ...outcome } = yield* told(story, { inOrder: true })
          assertUnique(eventIds)
          outcomes.push(outcome)
        }
        const [first, ...others] = outcomes
        for (const other of others) assert.deepStrictEqual(other, first)
      }),
    { arbitrary: { runs } }
  )

  it.effect.prop(
    "statuses come to the same in any order, any number of times, in any payloads",
    { statuses: Schema.Array(StatusNews), keys: Places, again: Places, places: Places },
    ({ again, keys, places, statuses }) =>
      Effect.gen(function* () {
        yield* itIs(0)
        const inOrder = yield* opened
        yield* apply(inOrder, [statuses], { together: false })
        const mixed = yield* opened
        yield* apply(mixed, cut(shuffled(statuses, keys, again), places), { together: false })
        const [{ eventIds, ...one }, { eventIds: mixedIds, ...other }] = [
          yield* told(inOrder, { inOrder: false }),
          yield* told(mixed, { inOrder: false })
        ]
        assert.deepStrictEqual(other, one)
        assertUnique(eventIds)
        assertUnique(mixedIds)
      }),
    { arbitrary: { runs } }
  )
}
