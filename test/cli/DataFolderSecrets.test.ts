import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Redacted } from "effect"
import { readdir, readFile, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import * as DataFolderSecrets from "../../apps/configuration/DataFolderSecrets.ts"
import { temporaryFolder } from "./CommandLine.ts"

const withEnv = (env: Readonly<Record<string, string>>) =>
  Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env })))

const text = (folder: string) => Effect.promise(() => readFile(join(folder, "secrets.json"), "utf8"))

const modeOf = (path: string) => Effect.promise(async () => (await stat(path)).mode & 0o777)

describe("the secrets of a data folder", () => {
  it.effect("are made on the first start, for the folder's owner alone, and stay", () =>
    Effect.gen(function* () {
      const folder = join(yield* temporaryFolder, "data")
      const made = yield* DataFolderSecrets.keptIn(folder)
      assert.strictEqual(Redacted.value(made.secretKey).length, 32)
      assert.isAtLeast(Redacted.value(made.appSecret).length, 32)
      assert.isAtLeast(Redacted.value(made.verifyToken).length, 32)
      assert.strictEqual(yield* modeOf(folder), 0o700)
      assert.strictEqual(yield* modeOf(join(folder, "secrets.json")), 0o600)

      const before = yield* text(folder)
      const kept = yield* DataFolderSecrets.keptIn(folder)
      assert.deepStrictEqual(Redacted.value(kept.secretKey), Redacted.value(made.secretKey))
      assert.strictEqual(yield* text(folder), before)
      assert.deepStrictEqual(yield* Effect.promise(() => readdir(folder)), ["secrets.json"])
    })
  )

  it.effect("differ between folders", () =>
    Effect.gen(function* () {
      const one = yield* DataFolderSecrets.keptIn(yield* temporaryFolder)
      const other = yield* DataFolderSecrets.keptIn(yield* temporaryFolder)
      assert.notDeepEqual(Redacted.value(one.secretKey), Redacted.value(other.secretKey))
      assert.notStrictEqual(Redacted.value(one.appSecret), Redacted.value(other.appSecret))
    })
  )

  it.effect.each(["", "{", '{"secretKey": "too short"}', "{}"])(
    "are never replaced where they are unreadable: %s",
    (broken) =>
      Effect.gen(function* () {
        const folder = yield* temporaryFolder
        yield* Effect.promise(() => writeFile(join(folder, "secrets.json"), broken))
        const error = yield* Effect.flip(DataFolderSecrets.keptIn(folder))
        assert.strictEqual(error._tag, "SecretsUnusable")
        assert.include(error.message, join(folder, "secrets.json"))
        assert.strictEqual(yield* text(folder), broken)
      })
  )

  it.effect("yield to environment variables; what the kept key sealed opens still", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const kept = yield* DataFolderSecrets.keptIn(folder)
      const own = yield* DataFolderSecrets.load(folder).pipe(withEnv({}))
      assert.deepStrictEqual(Redacted.value(own.keys.current), Redacted.value(kept.secretKey))
      assert.deepStrictEqual(own.metaAppSecrets, [])
      assert.strictEqual(Redacted.value(own.simulatorAppSecret), Redacted.value(kept.appSecret))
      assert.strictEqual(Redacted.value(own.verifyToken), Redacted.value(kept.verifyToken))

      const given = yield* DataFolderSecrets.load(folder).pipe(
        withEnv({
          AIDESK_SECRET_KEY: Buffer.alloc(32, 5).toString("base64"),
          META_APP_SECRETS: "new,old",
          SIMULATOR_APP_SECRET: "another",
          META_VERIFY_TOKEN: "word"
        })
      )
      assert.deepStrictEqual(Redacted.value(given.keys.current), new Uint8Array(32).fill(5))
      assert.deepStrictEqual(given.keys.previous.map(Redacted.value), [Redacted.value(kept.secretKey)])
      assert.deepStrictEqual(given.metaAppSecrets.map(Redacted.value), ["new", "old"])
      assert.strictEqual(Redacted.value(given.simulatorAppSecret), "another")
      assert.strictEqual(Redacted.value(given.verifyToken), "word")
    })
  )
})
