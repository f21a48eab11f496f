import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Option, Schema, Stream } from "effect"
import { TestClock } from "effect/testing"
import { readdirSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as MediaStoreFiles from "../../adapters/file-store/MediaStoreFiles.ts"
import { MediaKey } from "../../core/media/MediaFile.ts"
import { MediaStore } from "../../core/media/MediaStore.ts"
import { temporaryFolder } from "./S3Server.ts"

const key = MediaKey.make("4/2026/03/019c0000-0000-7000-8000-000000000001")
const bytes = new Uint8Array([1, 2, 3])
const about = { mimeType: "application/pdf", size: bytes.length }

const using = <A, E>(folder: string, use: (store: MediaStore["Service"]) => Effect.Effect<A, E>) =>
  Effect.provide(MediaStore.use(use), MediaStoreFiles.layer({ folder }))

const modeOf = (...path: ReadonlyArray<string>): string => (statSync(join(...path)).mode & 0o777).toString(8)

const incoming = (folder: string) => readdirSync(join(folder, ".incoming"))

/** As a mistake elsewhere might make it: the type says what the schema never saw. */
const unchecked = (text: string): MediaKey => Schema.decodeUnknownSync(Schema.Any)(text)

describe("media in a folder", () => {
  it.effect("are for their owner alone, folders and files", () =>
    Effect.gen(function* () {
      const folder = join(yield* temporaryFolder, "made", "media")
      yield* using(folder, (store) => store.put(key, Stream.make(bytes), about))
      assert.deepStrictEqual(
        ["", ".incoming", "4", "4/2026", "4/2026/03"].map((path) => modeOf(folder, path)),
        ["700", "700", "700", "700", "700"]
      )
      assert.strictEqual(modeOf(folder, key), "600")
    })
  )

  it.effect("leave nothing on their way, whether they arrive or break off", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      yield* using(folder, (store) => store.put(key, Stream.make(bytes), about))
      const broken = Stream.concat(Stream.make(bytes), Stream.fail("broken"))
      yield* Effect.flip(using(folder, (store) => store.put(key, broken, about)))
      assert.deepStrictEqual(incoming(folder), [])
    })
  )

  it.effect("that a killed process left on their way are gone a day later, and no younger ones", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const looked = using(folder, (store) => store.get(key))
      yield* looked
      writeFileSync(join(folder, ".incoming", "left"), "half")
      const made = statSync(join(folder, ".incoming", "left")).mtimeMs
      yield* TestClock.setTime(made + 23 * 3_600_000)
      yield* looked
      assert.deepStrictEqual(incoming(folder), ["left"])
      yield* TestClock.setTime(made + 25 * 3_600_000)
      yield* looked
      assert.deepStrictEqual(incoming(folder), [])
    })
  )

  it.effect("are kept where they were over a restart", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      yield* using(folder, (store) => store.put(key, Stream.make(bytes), about))
      const content = Option.getOrThrow(yield* using(folder, (store) => store.get(key)))
      assert.deepStrictEqual(Buffer.concat(yield* Stream.runCollect(content.bytes)), Buffer.from(bytes))
    })
  )

  it.effect.each([
    "../outside",
    "/etc/passwd",
    "4/2026/03/../../../../outside",
    "4/2026/03/019c0000-0000-7000-8000-000000000001/../x",
    "4/2026/03/019c0000-0000-7000-8000-000000000001\0",
    ".incoming/x",
    ""
  ])("lie under no key but their own kind (%j): a mistake ends there", (text) =>
    Effect.gen(function* () {
      const outer = yield* temporaryFolder
      const folder = join(outer, "media")
      const wrong = unchecked(text)
      for (const use of [
        (store: MediaStore["Service"]) => store.put(wrong, Stream.make(bytes), about),
        (store: MediaStore["Service"]) => Effect.asVoid(store.get(wrong)),
        (store: MediaStore["Service"]) => store.remove(wrong)
      ]) {
        const exit = yield* Effect.exit(using(folder, use))
        assert.isTrue(Exit.isFailure(exit) && exit.cause.reasons.every((reason) => reason._tag === "Die"))
      }
      assert.deepStrictEqual(readdirSync(outer), ["media"])
      assert.deepStrictEqual(readdirSync(folder), [".incoming"])
    })
  )

  it.effect("say at the start when their folder can be none", () =>
    Effect.gen(function* () {
      const file = join(yield* temporaryFolder, "file")
      writeFileSync(file, "")
      const error = yield* Effect.flip(using(join(file, "media"), (store) => store.get(key)))
      assert.strictEqual(error._tag, "MediaStoreUnavailable")
    })
  )
})
