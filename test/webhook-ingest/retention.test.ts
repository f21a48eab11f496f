import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, DateTime, Effect, Layer, Logger } from "effect"
import { TestClock } from "effect/testing"
import * as InboxMemory from "../../adapters/memory/InboxMemory.ts"
import { World } from "../../adapters/memory/World.ts"
import * as InboxRetention from "../../apps/worker/InboxRetention.ts"
import { Inbox } from "../../core/inbound/Inbox.ts"

const environment = (env: Readonly<Record<string, string>>) => ConfigProvider.layer(ConfigProvider.fromEnv({ env }))

const stores = InboxMemory.layer.pipe(Layer.provideMerge(World.layer))

const keep = Effect.gen(function* () {
  const inbox = yield* Inbox
  yield* inbox.keep({ source: "meta", body: Buffer.from("{}"), receivedAt: yield* DateTime.now })
})

/** Whether a post that was worked through at once is still there after so many days. */
const isKeptAfter = Effect.fnUntraced(function* (days: number, env: Readonly<Record<string, string>>) {
  const world = yield* World
  world.inbox.length = 0
  yield* keep
  world.pending.clear()
  return yield* Effect.scoped(
    Effect.gen(function* () {
      yield* Layer.build(InboxRetention.layer.pipe(Layer.provide(environment(env))))
      yield* TestClock.adjust(`${days} days`)
      return world.inbox.length === 1
    })
  )
})

describe("the retention of webhooks", () => {
  it.effect("is seven days, or as many as the operator wants", () =>
    Effect.gen(function* () {
      assert.isTrue(yield* isKeptAfter(6, {}))
      assert.isFalse(yield* isKeptAfter(8, {}))
      assert.isTrue(yield* isKeptAfter(29, { AIDESK_WEBHOOK_RETENTION_DAYS: "30" }))
      assert.isFalse(yield* isKeptAfter(2, { AIDESK_WEBHOOK_RETENTION_DAYS: "1" }))
    }).pipe(Effect.provide(stores))
  )

  it.effect.each(["0", "-1", "366", "7 days", "1.5"])("is never %s", (days) =>
    Effect.gen(function* () {
      const error = yield* isKeptAfter(0, { AIDESK_WEBHOOK_RETENTION_DAYS: days }).pipe(Effect.flip)
      assert.include(error.message, "AIDESK_WEBHOOK_RETENTION_DAYS")
    }).pipe(Effect.provide(stores))
  )

  it.effect("says where posts wait for their work for more than a minute", () => {
    const logged: Array<unknown> = []
    const logger = Logger.layer([
      Logger.make<unknown, void>(({ message }) => {
        logged.push(message)
      })
    ])
    return Effect.gen(function* () {
      yield* keep
      yield* keep
      yield* Layer.build(InboxRetention.layer.pipe(Layer.provide(environment({}))))
      yield* TestClock.adjust("59 seconds")
      assert.deepStrictEqual(logged, [])
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(logged, [["webhooks wait for their work", { posts: 2, seconds: 60 }]])
    }).pipe(Effect.provide(stores), Effect.provide(logger))
  })
})
