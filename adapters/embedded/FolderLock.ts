import { Effect, Schema } from "effect"
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"

/** Somebody, in this process or another, has the folder. */
export class FolderInUse extends Schema.TaggedError<FolderInUse>()("FolderInUse", {
  folder: Schema.String
}) {}

/** The folder cannot be made, or not be written to. */
export class FolderUnusable extends Schema.TaggedError<FolderUnusable>()("FolderUnusable", {
  folder: Schema.String,
  cause: Schema.Defect()
}) {}

/** The low byte of SQLite's result codes, https://sqlite.org/rescode.html. */
const busy = 5

const isBusy = (error: unknown): boolean =>
  error instanceof Error && "errcode" in error && typeof error.errcode === "number" && (error.errcode & 0xff) === busy

/**
 * Takes `folder` for this process alone, until the scope ends or the process does, by whatever death; makes it first
 * (mode 0700) where it is missing. Does not wait.
 *
 * What holds it is SQLite's lock on `lock.sqlite`, a lock of the kernel. It therefore counts between containers that
 * share the folder on one machine too; over a network file system it is as good as that system's locks.
 */
export const acquire = (folder: string) =>
  Effect.acquireRelease(
    Effect.try({
      try: () => {
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        const database = new DatabaseSync(join(folder, "lock.sqlite"), { timeout: 0 })
        try {
          database.exec("pragma locking_mode = exclusive; begin exclusive")
          return database
        } catch (error) {
          database.close()
          throw error
        }
      },
      catch: (cause) => (isBusy(cause) ? new FolderInUse({ folder }) : new FolderUnusable({ folder, cause }))
    }),
    (database) => Effect.sync(() => database.close())
  ).pipe(Effect.asVoid)
