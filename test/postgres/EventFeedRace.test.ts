/**
 * Transactions that overlap in every way while somebody follows the feed: what commits late must not come to lie before a
 * place that was read.
 */
import { assert, layer } from "@effect/vitest"
import { Effect, Fiber, Layer, Random, Ref } from "effect"
import { SqlClient } from "effect/sql"
import { EventFeed, type FeedCursor } from "../../core/event/EventFeed.ts"
import { Fixture } from "../contract/Fixture.ts"
import * as FreshDatabase from "./FreshDatabase.ts"
import { stores } from "./stores.ts"

const live = stores.pipe(Layer.provideMerge(FreshDatabase.layer))

const writers = 6
const transactions = 40

const insert = Effect.fnUntraced(function* (instanceId: number, id: string) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    insert into event (id, instance_id, type, at, data)
    values (${id}, ${instanceId}, 'template.updated', now(), '{}')`
})

/** Writes a few events, lets others go first for a while, writes a few more; one in eight is undone. */
const transaction = Effect.fnUntraced(function* (instanceId: number, name: string) {
  const sql = yield* SqlClient.SqlClient
  const undone = (yield* Random.nextIntBetween(0, 8)) === 0
  const ids = Array.from({ length: yield* Random.nextIntBetween(1, 5) }, (_, index) => `${name}-${index}`)
  return yield* Effect.gen(function* () {
    for (const id of ids) {
      yield* insert(instanceId, id)
      const millis = yield* Random.nextIntBetween(0, 12)
      yield* sql`select pg_sleep(${millis / 1000})`
    }
    return yield* undone ? Effect.fail("undone" as const) : Effect.succeed(ids)
  }).pipe(
    sql.withTransaction,
    Effect.catch(() => Effect.succeed([]))
  )
})

layer(live, { timeout: "60 seconds", excludeTestServices: true })("The feed beside open transactions", (it) => {
  it.effect("whoever follows the cursors skips nothing and is told nothing twice, in the order that all are told", () =>
    Effect.gen(function* () {
      const { id: instanceId } = yield* (yield* Fixture).instance
      const feed = yield* EventFeed
      const over = yield* Ref.make(false)

      const follow = Effect.fnUntraced(function* (limit: number) {
        const seen: Array<string> = []
        let cursor: FeedCursor | undefined
        for (;;) {
          // Asked before the page is read: what was over then is in this page or in one after it.
          const last = yield* Ref.get(over)
          const page = yield* feed.read(instanceId, cursor, limit)
          seen.push(...page.events.map(({ id }) => id))
          cursor = page.next
          if (last && page.events.length === 0) return seen
        }
      })

      const followers = yield* Effect.forEach([1, 3, 100], (limit) => Effect.forkChild(follow(limit)))
      const written = yield* Effect.forEach(
        Array.from({ length: writers }, (_, writer) => writer),
        (writer) =>
          Effect.forEach(
            Array.from({ length: transactions }, (_, index) => index),
            (index) => transaction(instanceId, `${writer}-${index}`)
          ),
        { concurrency: "unbounded" }
      )
      yield* Ref.set(over, true)
      const expected = written.flat(2)
      assert.isAbove(expected.length, writers * transactions)
      const told = yield* Effect.forEach(followers, (follower) => Fiber.join(follower))
      for (const seen of told) {
        assert.deepStrictEqual(seen.toSorted(), expected.toSorted())
        assert.deepStrictEqual(seen, told[0])
      }
    })
  )
})
