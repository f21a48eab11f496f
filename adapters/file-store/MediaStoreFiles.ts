/**
 * Media as files in a folder, readable by their owner alone: `<folder>/<instance>/<yyyy>/<mm>/<message id>`.
 *
 * Guarantees: a file under its name is whole and on the disk; one that is on its way is in `<folder>/.incoming`, from
 * where it moves by a rename. Any number of processes may share the folder, if it is one file system.
 */
import * as NodeStream from "@effect/platform-node/NodeStream"
import { Clock, Effect, Layer, Option, Schema, Stream } from "effect"
import { randomUUID } from "node:crypto"
import { createReadStream } from "node:fs"
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises"
import { dirname, join, resolve } from "node:path"
import { MediaKey } from "../../core/media/MediaFile.ts"
import { MediaStore, MediaStoreUnavailable } from "../../core/media/MediaStore.ts"

export interface Options {
  /** Made where it is not there. */
  readonly folder: string
}

const attempt = <A>(work: () => Promise<A>): Effect.Effect<A, MediaStoreUnavailable> =>
  Effect.tryPromise({ try: work, catch: (cause) => new MediaStoreUnavailable({ cause }) })

const isMissing = ({ cause }: MediaStoreUnavailable): boolean =>
  cause instanceof Error && "code" in cause && cause.code === "ENOENT"

/** What a process that was killed left on its way: nothing is on its way for a day. */
const abandonedAfterMillis = 24 * 3600 * 1000

const tidy = async (incoming: string, now: number): Promise<void> => {
  for (const name of await readdir(incoming)) {
    const path = join(incoming, name)
    const { mtimeMs } = await stat(path)
    if (mtimeMs < now - abandonedAfterMillis) await rm(path, { force: true })
  }
}

const newFile = (path: string) =>
  Effect.acquireRelease(
    attempt(() => open(path, "wx", 0o600)),
    (handle) => Effect.ignore(attempt(() => handle.close().finally(() => rm(path, { force: true }))))
  )

const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, "r")
  await handle.sync().finally(() => handle.close())
}

/** A name is on the disk once the folder that holds it is, and that folder's own name, if it is new. */
const moveTo = async (path: string, from: string, folder: string): Promise<void> => {
  const made = await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await rename(from, path)
  for (let parent = dirname(path); ; parent = dirname(parent)) {
    await syncFolder(parent)
    if (made === undefined || parent === folder) return
  }
}

/** As many bytes as came. */
const write = <E, R>(handle: FileHandle, bytes: Stream.Stream<Uint8Array, E, R>) =>
  Stream.runFoldEffect(
    bytes,
    () => 0,
    (count, piece) =>
      Effect.as(
        attempt(() => handle.writeFile(piece)),
        count + piece.length
      )
  )

/** Fails where the folder can be neither found nor made. */
export const layer = (options: Options): Layer.Layer<MediaStore, MediaStoreUnavailable> =>
  Layer.effect(
    MediaStore,
    Effect.gen(function* () {
      const folder = resolve(options.folder)
      const incoming = join(folder, ".incoming")
      yield* attempt(() => mkdir(incoming, { recursive: true, mode: 0o700 }))
      const now = yield* Clock.currentTimeMillis
      // One that has just moved on, or been tidied by another process, is not there any more.
      yield* Effect.ignore(attempt(() => tidy(incoming, now)))

      /** Looked at once more, though the type says it: what stands here must lead out of the folder for nobody. */
      const pathOf = (key: MediaKey): Effect.Effect<string> =>
        Effect.map(Effect.orDie(Schema.decodeEffect(MediaKey)(key)), (checked) => join(folder, checked))

      return MediaStore.of({
        put: Effect.fnUntraced(function* (key, bytes, { size }) {
          const path = yield* pathOf(key)
          const way = join(incoming, randomUUID())
          const handle = yield* newFile(way)
          const count = yield* write(handle, bytes)
          if (count !== size) return yield* new MediaStoreUnavailable({ cause: new Error(`${count} bytes of ${size}`) })
          yield* attempt(() => handle.sync())
          yield* Effect.uninterruptible(attempt(() => moveTo(path, way, folder)))
        }, Effect.scoped),

        get: Effect.fnUntraced(function* (key) {
          const path = yield* pathOf(key)
          const found = yield* attempt(() => stat(path)).pipe(
            Effect.map(Option.some),
            Effect.catchIf(isMissing, () => Effect.succeedNone)
          )
          return Option.map(found, ({ size }) => ({
            size,
            bytes: NodeStream.fromReadable<Uint8Array, MediaStoreUnavailable>({
              evaluate: () => createReadStream(path),
              onError: (cause) => new MediaStoreUnavailable({ cause })
            })
          }))
        }),

        remove: Effect.fnUntraced(function* (key) {
          const path = yield* pathOf(key)
          yield* attempt(() => rm(path, { force: true }))
        })
      })
    })
  )
