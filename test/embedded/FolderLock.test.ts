import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Scope } from "effect"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as FolderLock from "../../adapters/embedded/FolderLock.ts"

const temporaryFolder = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "aidesk-lock-"))),
  (folder) => Effect.promise(() => rm(folder, { recursive: true, force: true }))
)

const otherProcess = (folder: string) =>
  Effect.promise(async () => {
    const script = `
      const { Effect } = await import("effect")
      const { acquire } = await import(${JSON.stringify(
        fileURLToPath(new URL("../../adapters/embedded/FolderLock.ts", import.meta.url))
      )})
      await Effect.runPromise(Effect.scoped(Effect.gen(function* () {
        yield* acquire(${JSON.stringify(folder)})
        process.stdout.write("locked")
        setInterval(() => {}, 1000)
        yield* Effect.never
      })))`
    const child = spawn(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", "--input-type=module", "-e", script],
      {
        stdio: ["ignore", "pipe", "inherit"]
      }
    )
    await once(child.stdout, "data")
    return child
  })

describe("a data folder", () => {
  it.effect("is made on first use, for its owner alone", () =>
    Effect.gen(function* () {
      const folder = join(yield* temporaryFolder, "made", "here")
      yield* FolderLock.acquire(folder)
      const { mode } = yield* Effect.promise(() => stat(folder))
      assert.strictEqual(mode & 0o777, 0o700)
    })
  )

  it.effect("has one owner at a time, also within a process", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const first = yield* Scope.make()
      yield* Scope.provide(FolderLock.acquire(folder), first)
      const refused = yield* Effect.flip(FolderLock.acquire(folder))
      assert.deepStrictEqual(refused, new FolderLock.FolderInUse({ folder }))
      yield* Scope.close(first, Exit.void)
      yield* FolderLock.acquire(folder)
    })
  )

  it.effect("that another process has is refused, and free the moment that process is killed", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const owner = yield* otherProcess(folder)
      const refused = yield* Effect.flip(FolderLock.acquire(folder))
      assert.deepStrictEqual(refused, new FolderLock.FolderInUse({ folder }))
      const killed = once(owner, "exit")
      owner.kill("SIGKILL")
      yield* Effect.promise(() => killed)
      yield* FolderLock.acquire(folder)
    })
  )

  it.effect("that is no folder is told apart from one in use", () =>
    Effect.gen(function* () {
      const folder = join(yield* temporaryFolder, "file")
      yield* Effect.promise(() => writeFile(folder, "not a folder"))
      assert.strictEqual((yield* Effect.flip(FolderLock.acquire(folder)))._tag, "FolderUnusable")
    })
  )
})
