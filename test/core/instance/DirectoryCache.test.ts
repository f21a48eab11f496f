import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Option } from "effect"
import { TestClock } from "effect/testing"
import { CampaignId } from "../../../core/campaign/Campaign.ts"
import { QueueId, StatusId } from "../../../core/conversation/Conversation.ts"
import type { Listing, Wanted } from "../../../core/instance/Directory.ts"
import * as DirectoryCache from "../../../core/instance/DirectoryCache.ts"
import { InstanceId } from "../../../core/instance/Instance.ts"
import { TemplateId } from "../../../core/template/Template.ts"
import { Unavailable } from "../../../core/Unavailable.ts"

const sales = InstanceId.make(4)

const wanted: Wanted = {
  templateId: TemplateId.make(15),
  campaignId: undefined,
  queueId: QueueId.make(5),
  statusId: StatusId.make(1)
}

const listing = (revision: number): Listing => ({
  revision,
  template: Option.none(),
  campaign: Option.none(),
  queue: Option.none(),
  status: Option.none()
})

/** A directory over a storage that says how often it was read, and whose revision is that number. */
const counting = Effect.gen(function* () {
  const reads: Array<readonly [InstanceId, Wanted]> = []
  const directory = yield* DirectoryCache.make((instanceId, wanted) =>
    Effect.sync(() => {
      reads.push([instanceId, wanted])
      return listing(reads.length)
    })
  )
  return { directory, reads }
})

describe("the cached directory", () => {
  it.effect("reads the same thing once a minute, also when many ask at once", () =>
    Effect.gen(function* () {
      const { directory, reads } = yield* counting
      const find = directory.find(sales, wanted, "cached")
      yield* Effect.all(
        Array.from({ length: 50 }, () => find),
        { concurrency: "unbounded" }
      )
      yield* TestClock.adjust("59 seconds")
      assert.strictEqual((yield* find).revision, 1)
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* find).revision, 2)
      assert.strictEqual(reads.length, 2)
    })
  )

  it.effect("asks the storage for exactly what was wanted", () =>
    Effect.gen(function* () {
      const { directory, reads } = yield* counting
      yield* directory.find(sales, wanted, "cached")
      assert.deepStrictEqual(
        reads.map(([instanceId, { campaignId, queueId, statusId, templateId }]) => [
          instanceId,
          { campaignId, queueId, statusId, templateId }
        ]),
        [[sales, wanted]]
      )
    })
  )

  it.effect("takes another instance, template, campaign, queue or status for another question", () =>
    Effect.gen(function* () {
      const { directory, reads } = yield* counting
      const questions: ReadonlyArray<readonly [InstanceId, Wanted]> = [
        [sales, wanted],
        [InstanceId.make(9), wanted],
        [sales, { ...wanted, templateId: TemplateId.make(16) }],
        [sales, { ...wanted, templateId: undefined, campaignId: CampaignId.make(15) }],
        [sales, { ...wanted, queueId: QueueId.make(6) }],
        [sales, { ...wanted, statusId: StatusId.make(2) }]
      ]
      for (const [instanceId, question] of [...questions, ...questions]) {
        yield* directory.find(instanceId, question, "cached")
      }
      assert.strictEqual(reads.length, questions.length)
    })
  )

  it.effect("reads anew for whoever wants the current state, and remembers that", () =>
    Effect.gen(function* () {
      const { directory } = yield* counting
      assert.strictEqual((yield* directory.find(sales, wanted, "cached")).revision, 1)
      assert.strictEqual((yield* directory.find(sales, wanted, "current")).revision, 2)
      assert.strictEqual((yield* directory.find(sales, wanted, "cached")).revision, 2)
    })
  )

  it.effect("does not answer with what was read before the current state was asked for", () =>
    Effect.gen(function* () {
      const gates = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      let reads = 0
      const directory = yield* DirectoryCache.make(() =>
        Effect.suspend(() => {
          const revision = ++reads
          const gate = gates[revision - 1]
          return gate === undefined
            ? Effect.succeed(listing(revision))
            : Effect.as(Deferred.await(gate), listing(revision))
        })
      )
      const slow = yield* Effect.forkChild(directory.find(sales, wanted, "cached"), { startImmediately: true })
      const current = yield* Effect.forkChild(directory.find(sales, wanted, "current"), { startImmediately: true })
      for (const gate of gates) yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(slow)
      assert.strictEqual((yield* Fiber.join(current)).revision, 2)
    })
  )

  it.effect("does not remember that the database was away", () =>
    Effect.gen(function* () {
      let away = true
      const directory = yield* DirectoryCache.make(() =>
        Effect.suspend(() =>
          away ? Effect.fail(new Unavailable({ dependency: "database", cause: "away" })) : Effect.succeed(listing(1))
        )
      )
      const find = directory.find(sales, wanted, "cached")
      assert.strictEqual((yield* Effect.flip(find))._tag, "Unavailable")
      away = false
      assert.strictEqual((yield* find).revision, 1)
    })
  )

  it.effect("goes on with what it knows while the database is away, until a minute has passed", () =>
    Effect.gen(function* () {
      let away = false
      const directory = yield* DirectoryCache.make(() =>
        Effect.suspend(() =>
          away ? Effect.fail(new Unavailable({ dependency: "database", cause: "away" })) : Effect.succeed(listing(1))
        )
      )
      const find = directory.find(sales, wanted, "cached")
      yield* find
      away = true
      yield* TestClock.adjust("59 seconds")
      assert.strictEqual((yield* find).revision, 1)
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* Effect.flip(find))._tag, "Unavailable")
    })
  )
})
