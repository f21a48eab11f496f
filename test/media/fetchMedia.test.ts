import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Effect, Fiber, Layer, Option, Schema, Stream } from "effect"
import { TestClock } from "effect/testing"
import * as MediaFilesMemory from "../../adapters/memory/MediaFilesMemory.ts"
import * as MediaStoreMemory from "../../adapters/memory/MediaStoreMemory.ts"
import * as Memory from "../../adapters/memory/Memory.ts"
import { MemorySetup } from "../../adapters/memory/MemorySetup.ts"
import { InstanceId } from "../../core/instance/Instance.ts"
import { afterFault, type Decision, fetchMedia, keptByMeta, lease, patience } from "../../core/media/fetchMedia.ts"
import { keyOf, type MediaFile } from "../../core/media/MediaFile.ts"
import { MediaFiles } from "../../core/media/MediaFiles.ts"
import { type Download, MediaFault, MediaFaultKind, MediaSource } from "../../core/media/MediaSource.ts"
import { MediaStore, MediaStoreUnavailable } from "../../core/media/MediaStore.ts"
import { MediaEntry, pendingFile } from "../contract/mediaFiles.ts"
import * as EntryMemory from "./EntryMemory.ts"

const start = DateTime.makeUnsafe("2026-03-01T12:00:00Z")
const fileAt = (attempts: number) => pendingFile(InstanceId.make(4), { attempts, nextAt: start, receivedAt: start })
const fault = (kind: MediaFault["kind"]) => new MediaFault({ kind, detail: "why" })

/** What follows, try after try, each at its time, when each ends in the same way. */
const course = (kind: MediaFault["kind"]) => {
  const waits: Array<number> = []
  let now = start
  for (let attempts = 1; ; attempts++) {
    const decision = afterFault(fileAt(attempts), fault(kind), now)
    if (decision._tag !== "Later")
      return { waits, end: decision, after: Duration.toDays(DateTime.distance(start, now)) }
    waits.push(Duration.toSeconds(DateTime.distance(now, decision.nextAt)))
    now = decision.nextAt
  }
}

const endOf = (decision: Decision) => (decision._tag === "Never" ? decision.state : decision._tag)

describe("a file that did not come", () => {
  it("is asked for again after 10 s, 1 min, 5 min, 30 min, then hourly, until Meta has it no more", () => {
    const { after, end, waits } = course("away")
    assert.deepStrictEqual(waits.slice(0, 6), [10, 60, 300, 1800, 3600, 3600])
    assert.strictEqual(endOf(end), "expired")
    assert.strictEqual(after, 7)
  })

  it.each([
    ["locked", "expired"],
    ["misdirected", "refused"]
  ] as const)("for an operator to act on (%s) is asked for hourly, for as long", (kind, state) => {
    const { after, end, waits } = course(kind)
    assert.deepStrictEqual(new Set(waits), new Set([3600]))
    assert.deepStrictEqual([endOf(end), after], [state, 7])
  })

  it.each([
    ["gone", "expired"],
    ["refused", "refused"]
  ] as const)("for good (%s) is given up at once", (kind, state) => {
    const { end, waits } = course(kind)
    assert.deepStrictEqual([endOf(end), waits], [state, []])
  })

  it("as it was told is given up the fifth time", () => {
    const { end, waits } = course("corrupt")
    assert.deepStrictEqual([endOf(end), waits], ["failed", [10, 60, 300, 1800]])
  })

  it.prop(
    "is either given up or asked for later, and never later than Meta has it",
    [
      MediaFaultKind,
      Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 500 })),
      Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 12 * 86_400 }))
    ],
    ([kind, attempts, seconds]) => {
      const now = DateTime.addDuration(start, Duration.seconds(seconds))
      const until = DateTime.addDuration(start, keptByMeta)
      const decision = afterFault(fileAt(attempts), fault(kind), now)
      if (decision._tag === "Later") {
        assert.isTrue(
          DateTime.isGreaterThan(decision.nextAt, now) && DateTime.isLessThanOrEqualTo(decision.nextAt, until)
        )
      } else {
        assert.strictEqual(decision._tag, "Never")
        if (kind === "away") assert.isTrue(DateTime.isGreaterThanOrEqualTo(now, until))
      }
    }
  )

  it("is let go of by its worker before another may have it", () => {
    assert.isTrue(Duration.isLessThan(patience, lease))
  })
})

const bytes = new Uint8Array([1, 2, 3])
const download: Download = { size: 3, mimeType: "image/png", bytes: Stream.make(bytes) }

const sourceOf = (open: MediaSource["Service"]["open"]) => Layer.succeed(MediaSource, MediaSource.of({ open }))

const world = Layer.mergeAll(MediaFilesMemory.layer, EntryMemory.layer).pipe(Layer.provideMerge(Memory.layer))

/** One file of a simulated instance, claimed. */
const claimed = Effect.fnUntraced(function* (given: Partial<MediaFile> = {}) {
  const instance = yield* (yield* MemorySetup).addInstance()
  const now = yield* DateTime.now
  yield* (yield* MediaEntry).enter(pendingFile(instance.id, { nextAt: now, receivedAt: now, ...given }))
  const [one] = yield* (yield* MediaFiles).claim(now, lease, 1)
  assert.isDefined(one)
  return one
})

const current = ({ instanceId, messageId }: MediaFile) =>
  Effect.map(
    MediaFiles.use((files) => files.find(instanceId, messageId)),
    Option.getOrThrow
  )

describe("fetching a file", () => {
  it.effect("puts it into the store and enters it in the book", () =>
    Effect.gen(function* () {
      const one = yield* claimed({ mimeType: Option.none() })
      yield* fetchMedia(one)
      const file = yield* current(one.file)
      const key = keyOf(one.file)
      assert.deepStrictEqual(
        [file.state, file.stored, file.mimeType],
        ["stored", Option.some({ key, size: 3 }), Option.some("image/png")]
      )
      const content = Option.getOrThrow(yield* (yield* MediaStore).get(key))
      assert.deepStrictEqual(
        [...(yield* Stream.runCollect(content.bytes))].flatMap((piece) => [...piece]),
        [1, 2, 3]
      )
    }).pipe(Effect.provide([world, MediaStoreMemory.layer, sourceOf(() => Effect.succeed(download))]))
  )

  it.effect("that breaks off on the way stores nothing and is tried again", () =>
    Effect.gen(function* () {
      const one = yield* claimed()
      const decision = yield* fetchMedia(one)
      assert.deepStrictEqual(decision, {
        _tag: "Later",
        nextAt: DateTime.addDuration(yield* DateTime.now, "10 seconds"),
        reason: "ECONNRESET"
      })
      const { nextAt, reason, state } = yield* current(one.file)
      assert.deepStrictEqual(
        [state, nextAt, reason],
        ["pending", DateTime.addDuration(yield* DateTime.now, "10 seconds"), Option.some("ECONNRESET")]
      )
      assert.deepStrictEqual(yield* (yield* MediaStore).get(keyOf(one.file)), Option.none())
    }).pipe(
      Effect.provide([
        world,
        MediaStoreMemory.layer,
        sourceOf(() =>
          Effect.succeed({
            ...download,
            bytes: Stream.concat(
              Stream.make(bytes),
              Stream.fail(new MediaFault({ kind: "away", detail: "ECONNRESET" }))
            )
          })
        )
      ])
    )
  )

  it.effect("that Meta has no more is given up, with Meta's reason", () =>
    Effect.gen(function* () {
      const one = yield* claimed()
      yield* fetchMedia(one)
      const { reason, state } = yield* current(one.file)
      assert.deepStrictEqual([state, reason], ["expired", Option.some("Meta's error 131052")])
    }).pipe(
      Effect.provide([
        world,
        MediaStoreMemory.layer,
        sourceOf(() => new MediaFault({ kind: "gone", detail: "Meta's error 131052" }))
      ])
    )
  )

  it.effect("is tried again when the store is away", () =>
    Effect.gen(function* () {
      const one = yield* claimed()
      yield* fetchMedia(one)
      const { reason, state } = yield* current(one.file)
      assert.deepStrictEqual([state, reason], ["pending", Option.some("store unavailable")])
    }).pipe(
      Effect.provide([
        world,
        sourceOf(() => Effect.succeed(download)),
        Layer.mock(MediaStore)({ put: () => new MediaStoreUnavailable({ cause: "full" }) })
      ])
    )
  )

  it.effect("that takes too long is broken off and tried again, while nobody else may have it", () =>
    Effect.gen(function* () {
      const one = yield* claimed()
      const fetching = yield* Effect.forkChild(fetchMedia(one))
      yield* TestClock.adjust(patience)
      const decision = yield* Fiber.join(fetching)
      assert.deepInclude(decision, { _tag: "Later", reason: "took too long" })
    }).pipe(
      Effect.provide([
        world,
        MediaStoreMemory.layer,
        sourceOf(() => Effect.succeed({ ...download, bytes: Stream.never }))
      ])
    )
  )

  it.effect("that is interrupted leaves it for another worker at once", () =>
    Effect.gen(function* () {
      const one = yield* claimed()
      const fetching = yield* Effect.forkChild(fetchMedia(one), { startImmediately: true })
      yield* Fiber.interrupt(fetching)
      const again = yield* (yield* MediaFiles).claim(yield* DateTime.now, lease, 1)
      assert.deepStrictEqual(
        again.map(({ file }) => [file.messageId, file.attempts]),
        [[one.file.messageId, 2]]
      )
    }).pipe(
      Effect.provide([
        world,
        MediaStoreMemory.layer,
        sourceOf(() => Effect.succeed({ ...download, bytes: Stream.never }))
      ])
    )
  )
})
