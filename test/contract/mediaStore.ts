import { assert, layer } from "@effect/vitest"
import { Deferred, Effect, Fiber, type Layer, Option, Schema, Stream } from "effect"
import { createHash } from "node:crypto"
import { MediaKey } from "../../core/media/MediaFile.ts"
import { MediaStore } from "../../core/media/MediaStore.ts"

let count = 0
/** One that no other test knows. */
const newKey = (): MediaKey =>
  MediaKey.make(`4/2026/03/019c0000-0000-7000-8000-${(++count).toString(16).padStart(12, "0")}`)

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text))

const pdf = "application/pdf"

const put = Effect.fnUntraced(function* (key: MediaKey, text: string) {
  const bytes = bytesOf(text)
  yield* (yield* MediaStore).put(key, Stream.make(bytes), { mimeType: pdf, size: bytes.length })
})

/** What `get` says of the size, and what is read; nothing where there is nothing. */
const read = Effect.fnUntraced(function* (key: MediaKey) {
  const content = yield* (yield* MediaStore).get(key)
  if (Option.isNone(content)) return undefined
  const bytes = Buffer.concat(yield* Stream.runCollect(content.value.bytes))
  assert.strictEqual(content.value.size, bytes.length)
  return bytes.toString("utf8")
})

class Broken extends Schema.TaggedError<Broken>()("Broken", { at: Schema.Int }) {}

const piece = new Uint8Array(64 * 1024).fill(7)
/** Bytes that are made as they are taken. */
const pieces = (howMany: number) => Stream.map(Stream.range(1, howMany), () => piece)

/** The laws of the `MediaStore` port. */
export const mediaStoreContract = <E>(adapter: string, live: Layer.Layer<MediaStore, E>) =>
  layer(live, { timeout: "60 seconds", excludeTestServices: true })(`MediaStore on ${adapter}`, (it) => {
    it.effect("what was put is read back, byte for byte, as often as one likes", () =>
      Effect.gen(function* () {
        const key = newKey()
        yield* put(key, "orçamento\0👋")
        assert.strictEqual(yield* read(key), "orçamento\0👋")
        assert.strictEqual(yield* read(key), "orçamento\0👋")
      })
    )

    it.effect("where nothing was put, nothing is", () =>
      Effect.gen(function* () {
        assert.isUndefined(yield* read(newKey()))
      })
    )

    it.effect("an empty file is a file", () =>
      Effect.gen(function* () {
        const key = newKey()
        yield* (yield* MediaStore).put(key, Stream.empty, { mimeType: pdf, size: 0 })
        assert.strictEqual(yield* read(key), "")
      })
    )

    it.effect("twenty megabytes in many pieces are stored as they come", () =>
      Effect.gen(function* () {
        const store = yield* MediaStore
        const key = newKey()
        const size = 320 * piece.length
        yield* store.put(key, pieces(320), { mimeType: "video/mp4", size })
        const content = Option.getOrThrow(yield* store.get(key))
        assert.strictEqual(content.size, size)
        const hash = createHash("sha256")
        yield* Stream.runForEach(content.bytes, (bytes) => Effect.sync(() => void hash.update(bytes)))
        const expected = createHash("sha256").update(new Uint8Array(size).fill(7)).digest("hex")
        assert.strictEqual(hash.digest("hex"), expected)
      })
    )

    it.effect("what is put again replaces what was there", () =>
      Effect.gen(function* () {
        const key = newKey()
        yield* put(key, "longer before")
        yield* put(key, "after")
        assert.strictEqual(yield* read(key), "after")
      })
    )

    it.effect("bytes that break off are none: their own error is told, and what was there stays", () =>
      Effect.gen(function* () {
        const store = yield* MediaStore
        const [empty, full] = [newKey(), newKey()]
        yield* put(full, "before")
        for (const key of [empty, full]) {
          const broken = Stream.concat(pieces(40), Stream.fail(new Broken({ at: 40 })))
          const error = yield* Effect.flip(store.put(key, broken, { mimeType: pdf, size: 41 * piece.length }))
          assert.deepStrictEqual(error, new Broken({ at: 40 }))
        }
        assert.isUndefined(yield* read(empty))
        assert.strictEqual(yield* read(full), "before")
      })
    )

    it.effect.each([
      ["fewer", 2],
      ["more", 4]
    ] as const)("%s bytes than were announced are none", ([, howMany]) =>
      Effect.gen(function* () {
        const store = yield* MediaStore
        const key = newKey()
        const error = yield* Effect.flip(store.put(key, pieces(howMany), { mimeType: pdf, size: 3 * piece.length }))
        assert.strictEqual(error._tag, "MediaStoreUnavailable")
        assert.isUndefined(yield* read(key))
      })
    )

    it.effect("a file whose putting is interrupted is none", () =>
      Effect.gen(function* () {
        const store = yield* MediaStore
        const key = newKey()
        yield* put(key, "before")
        const begun = yield* Deferred.make<void>()
        const endless = Stream.concat(pieces(4), Stream.fromEffectDrain(Deferred.succeed(begun, undefined))).pipe(
          Stream.concat(Stream.never)
        )
        const putting = yield* Effect.forkChild(store.put(key, endless, { mimeType: pdf, size: 8 * piece.length }))
        yield* Deferred.await(begun)
        yield* Fiber.interrupt(putting)
        assert.strictEqual(yield* read(key), "before")
      })
    )

    it.effect("of eight that put one key at once one is right, whole", () =>
      Effect.gen(function* () {
        const key = newKey()
        const texts = Array.from({ length: 8 }, (_, n) => String(n).repeat(200_000))
        yield* Effect.forEach(texts, (text) => put(key, text), { concurrency: "unbounded", discard: true })
        assert.include(texts, yield* read(key))
      })
    )

    it.effect("a reader that stops early holds nobody up", () =>
      Effect.gen(function* () {
        const store = yield* MediaStore
        const key = newKey()
        yield* store.put(key, pieces(160), { mimeType: pdf, size: 160 * piece.length })
        for (let reader = 0; reader < 20; reader++) {
          const { bytes } = Option.getOrThrow(yield* store.get(key))
          assert.strictEqual((yield* Stream.runCollect(Stream.take(bytes, 1))).length, 1)
        }
        yield* put(key, "after")
        assert.strictEqual(yield* read(key), "after")
      })
    )

    it.effect("what is removed is gone, and removing nothing is no fault", () =>
      Effect.gen(function* () {
        const store = yield* MediaStore
        const [key, neighbour] = [newKey(), newKey()]
        yield* put(key, "bytes")
        yield* put(neighbour, "neighbour")
        yield* store.remove(key)
        yield* store.remove(key)
        assert.isUndefined(yield* read(key))
        assert.strictEqual(yield* read(neighbour), "neighbour")
      })
    )
  })
