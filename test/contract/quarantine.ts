import { assert, layer } from "@effect/vitest"
import { DateTime, Effect, type Layer, Option } from "effect"
import { Buffer } from "node:buffer"
import { Quarantine, QuarantineId, SetAside, shownLength } from "../../core/inbound/Quarantine.ts"
import { Mailroom } from "./Mailroom.ts"

const receivedAt = DateTime.makeUnsafe("2026-03-01T12:34:56.789Z")
const setAsideAt = DateTime.add(receivedAt, { seconds: 1 })

const item = {
  source: "meta",
  reason: "unknown_status",
  detail: undefined,
  path: "entry[0].changes[0].value.statuses[0]",
  raw: '{"status":"teleported"}',
  payload: '{"entry":[]}',
  receivedAt,
  setAsideAt
} as const

const setAsideMany = Effect.fnUntraced(function* (count: number) {
  const mailroom = yield* Mailroom
  yield* mailroom.empty
  return yield* Effect.forEach(Array.from({ length: count }), (_, n) =>
    mailroom.setAside({ ...item, payload: `payload ${String(n).padStart(4, "0")}` })
  )
})

const keptTexts = Effect.gen(function* () {
  const posts = yield* (yield* Mailroom).posts
  return posts.map(({ body }) => Buffer.from(body, "hex").toString())
})

/** The laws of the `Quarantine` port. */
export const quarantineContract = <E>(adapter: string, live: Layer.Layer<Quarantine | Mailroom, E>) =>
  layer(live, { timeout: "60 seconds" })(`Quarantine on ${adapter}`, (it) => {
    it.effect("what was set aside is listed with all that is known of it, of a long item the beginning", () =>
      Effect.gen(function* () {
        const quarantine = yield* Quarantine
        const mailroom = yield* Mailroom
        yield* mailroom.empty
        assert.deepStrictEqual(yield* quarantine.list({ before: undefined, limit: 10 }), [])
        const one = yield* mailroom.setAside(item)
        const long = "ã".repeat(shownLength + 1)
        const other = yield* mailroom.setAside({
          ...item,
          source: "simulator",
          reason: "malformed",
          detail: "no list",
          raw: long
        })
        assert.deepStrictEqual(yield* quarantine.list({ before: undefined, limit: 10 }), [
          new SetAside({
            id: other,
            source: "simulator",
            reason: "malformed",
            detail: Option.some("no list"),
            path: item.path,
            raw: "ã".repeat(shownLength),
            receivedAt,
            setAsideAt
          }),
          new SetAside({
            id: one,
            source: "meta",
            reason: "unknown_status",
            detail: Option.none(),
            path: item.path,
            raw: item.raw,
            receivedAt,
            setAsideAt
          })
        ])
      })
    )

    it.effect("is listed by pages, the latest first", () =>
      Effect.gen(function* () {
        const quarantine = yield* Quarantine
        const ids = yield* setAsideMany(7)
        const listed: Array<QuarantineId> = []
        let before: QuarantineId | undefined
        while (true) {
          const page = yield* quarantine.list({ before, limit: 3 })
          assert.isAtMost(page.length, 3)
          listed.push(...page.map(({ id }) => id))
          before = page.at(-1)?.id
          if (before === undefined) break
        }
        assert.deepStrictEqual(listed, ids.toReversed())
      })
    )

    it.effect("what is retried is a post of its own again, with its source and its time, and set aside no more", () =>
      Effect.gen(function* () {
        const quarantine = yield* Quarantine
        const mailroom = yield* Mailroom
        yield* mailroom.empty
        const payload = '{"text":"Olá 👋 \\u0000"}'
        const one = yield* mailroom.setAside({ ...item, source: "simulator", payload })
        yield* mailroom.setAside(item)
        assert.strictEqual(yield* quarantine.retry([one]), 1)
        assert.deepStrictEqual(yield* mailroom.posts, [
          { source: "simulator", body: Buffer.from(payload).toString("hex"), receivedAt, pending: true }
        ])
        assert.deepStrictEqual(yield* mailroom.quarantined, [item.payload])
      })
    )

    it.effect("ids that are not there, or not any more, or given twice, make no posts", () =>
      Effect.gen(function* () {
        const quarantine = yield* Quarantine
        const [one, two] = yield* setAsideMany(2)
        assert.isDefined(one)
        assert.isDefined(two)
        const unknown = QuarantineId.make(2 ** 40)
        assert.strictEqual(yield* quarantine.retry([]), 0)
        assert.strictEqual(yield* quarantine.retry([unknown]), 0)
        assert.strictEqual(yield* quarantine.retry([two, unknown, one, two]), 2)
        assert.strictEqual(yield* quarantine.retry([two, one]), 0)
        assert.deepStrictEqual((yield* keptTexts).toSorted(), ["payload 0000", "payload 0001"])
      })
    )

    it.effect("all can be retried at once, in their order, however many there are", () =>
      Effect.gen(function* () {
        const quarantine = yield* Quarantine
        const mailroom = yield* Mailroom
        yield* setAsideMany(250)
        const payloads = yield* mailroom.quarantined
        assert.strictEqual(yield* quarantine.retry("all"), 250)
        assert.deepStrictEqual(yield* keptTexts, payloads)
        assert.deepStrictEqual(yield* mailroom.quarantined, [])
        assert.strictEqual(yield* quarantine.retry("all"), 0)
      })
    )

    it.effect("of two who retry the same at once each item is retried by one", () =>
      Effect.gen(function* () {
        const quarantine = yield* Quarantine
        const ids = yield* setAsideMany(150)
        const counts = yield* Effect.all([quarantine.retry("all"), quarantine.retry(ids), quarantine.retry("all")], {
          concurrency: "unbounded"
        })
        const left = yield* quarantine.retry("all")
        assert.strictEqual(counts.reduce((sum, count) => sum + count) + left, 150)
        const kept = yield* keptTexts
        assert.strictEqual(new Set(kept).size, 150)
        assert.strictEqual(kept.length, 150)
      })
    )
  })
