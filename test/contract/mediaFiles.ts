import { assert, layer } from "@effect/vitest"
import { Context, DateTime, Duration, Effect, type Layer, Option, Struct } from "effect"
import type { InstanceId } from "../../core/instance/Instance.ts"
import { keyOf, MediaFile } from "../../core/media/MediaFile.ts"
import { type ClaimedMedia, MediaFiles } from "../../core/media/MediaFiles.ts"
import { MessageId } from "../../core/message/Message.ts"
import { Fixture } from "./Fixture.ts"

/** Enters a file as it is when its message has just been applied. */
export class MediaEntry extends Context.Service<
  MediaEntry,
  { readonly enter: (file: MediaFile) => Effect.Effect<void> }
>()("test/contract/MediaEntry") {}

/** The same book in the hands of a second process. */
export class MediaPeer extends Context.Service<MediaPeer, MediaFiles["Service"]>()("test/contract/MediaPeer") {}

const start = DateTime.makeUnsafe("2026-03-01T12:00:00.123Z")
const after = (duration: Duration.Input) => DateTime.addDuration(start, duration)
const lease = Duration.minutes(5)

let count = 0
export const pendingFile = (instanceId: InstanceId, given: Partial<MediaFile> = {}): MediaFile =>
  new MediaFile({
    messageId: MessageId.make(`019c0000-0000-7000-8000-${(++count).toString(16).padStart(12, "0")}`),
    instanceId,
    metaId: "1908647269898587",
    kind: "document",
    mimeType: Option.some("application/pdf"),
    sha256: Option.some("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
    filename: Option.some("orçamento 👋.pdf"),
    state: "pending",
    attempts: 0,
    nextAt: start,
    receivedAt: start,
    stored: Option.none(),
    reason: Option.none(),
    ...given
  })

const ids = (claimed: ReadonlyArray<ClaimedMedia>) => claimed.map(({ file }) => file.messageId).toSorted()
const reasonOf = Option.flatMap((file: MediaFile) => file.reason)
const stateOf = Option.map((file: MediaFile) => file.state)

/** A book in which nothing is to be done, and an instance. */
const clean = Effect.gen(function* () {
  const files = yield* MediaFiles
  const distant = DateTime.makeUnsafe("2100-01-01T00:00:00Z")
  for (const { file } of yield* files.claim(distant, Duration.zero, 10_000)) {
    yield* files.gaveUp(file, "failed", "another test's")
  }
  return yield* (yield* Fixture).instance
})

const entered = Effect.fnUntraced(function* (instanceId: InstanceId, given: Partial<MediaFile> = {}) {
  const file = pendingFile(instanceId, given)
  yield* (yield* MediaEntry).enter(file)
  return file
})

const claimedOne = Effect.fnUntraced(function* (now: DateTime.Utc, by?: MediaFiles["Service"]) {
  const [claimed] = yield* (by ?? (yield* MediaFiles)).claim(now, lease, 1)
  assert.isDefined(claimed)
  return claimed.file
})

/** The laws of the `MediaFiles` port. */
export const mediaFilesContract = <E>(
  adapter: string,
  live: Layer.Layer<MediaFiles | MediaPeer | MediaEntry | Fixture, E>
) =>
  layer(live, { timeout: "60 seconds" })(`MediaFiles on ${adapter}`, (it) => {
    it.effect("a file is found by its instance and message, with all that Meta told of it, or with nothing", () =>
      Effect.gen(function* () {
        const files = yield* MediaFiles
        const instance = yield* clean
        const other = yield* (yield* Fixture).instance
        const told = yield* entered(instance.id)
        const nothing = { mimeType: Option.none(), sha256: Option.none(), filename: Option.none() }
        const untold = yield* entered(instance.id, { kind: "sticker", ...nothing })
        assert.deepStrictEqual(yield* files.find(instance.id, told.messageId), Option.some(told))
        assert.deepStrictEqual(yield* files.find(instance.id, untold.messageId), Option.some(untold))
        assert.deepStrictEqual(yield* files.find(other.id, told.messageId), Option.none())
        const { messageId } = pendingFile(instance.id)
        assert.deepStrictEqual(yield* files.find(instance.id, messageId), Option.none())
      })
    )

    it.effect("the files whose time has come are claimed, those that wait longest first, each with its mode", () =>
      Effect.gen(function* () {
        const files = yield* MediaFiles
        const instance = yield* clean
        const third = yield* entered(instance.id, { nextAt: after("2 seconds") })
        const first = yield* entered(instance.id, { nextAt: start })
        const second = yield* entered(instance.id, { nextAt: after("1 second") })
        yield* entered(instance.id, { nextAt: after("1 hour") })
        const two = yield* files.claim(after("2 seconds"), lease, 2)
        assert.deepStrictEqual(ids(two), [first.messageId, second.messageId].toSorted())
        const rest = yield* files.claim(after("2 seconds"), lease, 10)
        assert.deepStrictEqual(rest, [
          { file: new MediaFile(Struct.assign(third, { attempts: 1 })), mode: instance.mode }
        ])
        assert.deepStrictEqual(yield* files.claim(after("2 seconds"), lease, 10), [])
      })
    )

    it.effect("what a worker that died held is claimed again once its lease is over, as one more attempt", () =>
      Effect.gen(function* () {
        const files = yield* MediaFiles
        const instance = yield* clean
        yield* entered(instance.id)
        assert.strictEqual((yield* claimedOne(start)).attempts, 1)
        assert.deepStrictEqual(yield* files.claim(after("299 seconds"), lease, 1), [])
        assert.strictEqual((yield* claimedOne(after("300 seconds"))).attempts, 2)
      })
    )

    it.effect("a stored file keeps its place and size, and its type where the webhook told none", () =>
      Effect.gen(function* () {
        const files = yield* MediaFiles
        const instance = yield* clean
        for (const [told, kept] of [
          [Option.none<string>(), "image/png"],
          [Option.some("image/jpeg"), "image/jpeg"]
        ] as const) {
          yield* entered(instance.id, { mimeType: told })
          const file = yield* claimedOne(start)
          const stored = { key: keyOf(file), size: 104_857_600 }
          yield* files.stored(file, { ...stored, mimeType: "image/png" })
          assert.deepStrictEqual(
            yield* files.find(instance.id, file.messageId),
            Option.some(
              new MediaFile(
                Struct.assign(file, {
                  state: "stored" as const,
                  stored: Option.some(stored),
                  mimeType: Option.some(kept)
                })
              )
            )
          )
        }
        assert.deepStrictEqual(yield* files.claim(after("30 days"), lease, 10), [])
      })
    )

    it.effect("a postponed file comes back at its time, not before, and says why until it is stored", () =>
      Effect.gen(function* () {
        const files = yield* MediaFiles
        const instance = yield* clean
        yield* entered(instance.id)
        const file = yield* claimedOne(start)
        yield* files.postpone(file, after("10 seconds"), "status 503")
        assert.deepStrictEqual(
          yield* files.find(instance.id, file.messageId),
          Option.some(
            new MediaFile(Struct.assign(file, { nextAt: after("10 seconds"), reason: Option.some("status 503") }))
          )
        )
        assert.deepStrictEqual(yield* files.claim(after("9 seconds"), lease, 1), [])
        const again = yield* claimedOne(after("10 seconds"))
        assert.strictEqual(again.attempts, 2)
        yield* files.stored(again, { key: keyOf(again), size: 1, mimeType: undefined })
        assert.deepStrictEqual(reasonOf(yield* files.find(instance.id, file.messageId)), Option.none())
      })
    )

    it.effect("a file that was given up says what it became and why, and is never claimed again", () =>
      Effect.gen(function* () {
        const files = yield* MediaFiles
        const instance = yield* clean
        for (const state of ["expired", "refused", "failed"] as const) {
          yield* entered(instance.id)
          const file = yield* claimedOne(start)
          yield* files.gaveUp(file, state, "Meta's error 131052")
          const found = yield* files.find(instance.id, file.messageId)
          assert.deepStrictEqual(stateOf(found), Option.some(state))
          assert.deepStrictEqual(reasonOf(found), Option.some("Meta's error 131052"))
        }
        assert.deepStrictEqual(yield* files.claim(after("30 days"), lease, 10), [])
      })
    )

    it.effect("what a claimer says of a failure after its lease no longer counts, and what it stored does", () =>
      Effect.gen(function* () {
        const files = yield* MediaFiles
        const peer = yield* MediaPeer
        const instance = yield* clean
        yield* entered(instance.id)
        const late = yield* claimedOne(start)
        const current = yield* claimedOne(after("6 minutes"), peer)
        yield* files.postpone(late, start, "late")
        yield* files.gaveUp(late, "failed", "late")
        const found = yield* files.find(instance.id, late.messageId)
        assert.deepStrictEqual(found, Option.some(current))
        assert.deepStrictEqual(yield* files.claim(after("7 minutes"), lease, 1), [])
        yield* files.stored(late, { key: keyOf(late), size: 3, mimeType: undefined })
        yield* peer.gaveUp(current, "failed", "later still")
        yield* peer.postpone(current, start, "later still")
        assert.deepStrictEqual(stateOf(yield* files.find(instance.id, late.messageId)), Option.some("stored"))
      })
    )

    it.effect("of two processes that claim at once for as long as there is something, no two get one file", () =>
      Effect.gen(function* () {
        const files = yield* MediaFiles
        const peer = yield* MediaPeer
        const instance = yield* clean
        const all = yield* Effect.forEach(Array.from({ length: 400 }), () => entered(instance.id), { concurrency: 10 })
        const drain = Effect.fnUntraced(function* (by: MediaFiles["Service"]) {
          const got: Array<ClaimedMedia> = []
          for (;;) {
            const some = yield* by.claim(start, lease, 2)
            if (some.length === 0) return got
            assert.isAtMost(some.length, 2)
            got.push(...some)
          }
        })
        const claimers = Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? files : peer))
        const claimed = yield* Effect.forEach(claimers, drain, { concurrency: "unbounded" })
        // Who finds the last ones locked by another stops early: the others have them.
        assert.deepStrictEqual(ids(claimed.flat()), all.map(({ messageId }) => messageId).toSorted())
        assert.isTrue(claimed.flat().every(({ file }) => file.attempts === 1))
      })
    )
  })
