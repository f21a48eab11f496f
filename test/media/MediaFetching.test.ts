import { assert, describe, it } from "@effect/vitest"
import { DateTime, Deferred, Effect, Layer, Option, Queue, type Scope, Stream } from "effect"
import { TestClock } from "effect/testing"
import { statSync } from "node:fs"
import { join } from "node:path"
import * as MediaStoreFiles from "../../adapters/file-store/MediaStoreFiles.ts"
import * as MediaFilesMemory from "../../adapters/memory/MediaFilesMemory.ts"
import * as MediaStoreMemory from "../../adapters/memory/MediaStoreMemory.ts"
import * as Memory from "../../adapters/memory/Memory.ts"
import { MemorySetup } from "../../adapters/memory/MemorySetup.ts"
import { Simulator } from "../../adapters/simulator/Simulator.ts"
import * as MediaFetching from "../../apps/worker/MediaFetching.ts"
import { keyOf, type MediaFile } from "../../core/media/MediaFile.ts"
import { MediaFiles } from "../../core/media/MediaFiles.ts"
import { type Download, MediaFault, MediaSource } from "../../core/media/MediaSource.ts"
import { patience } from "../../core/media/fetchMedia.ts"
import { Unavailable } from "../../core/Unavailable.ts"
import { MediaEntry, pendingFile } from "../contract/mediaFiles.ts"
import { phoneNumberId, request, running } from "../simulator/RunningSimulator.ts"
import * as EntryMemory from "./EntryMemory.ts"
import { bytes, sha256, simulator, source } from "./Meta.ts"
import { temporaryFolder } from "./S3Server.ts"

const world = Layer.mergeAll(MediaFilesMemory.layer, EntryMemory.layer).pipe(Layer.provideMerge(Memory.layer))

const enter = Effect.fnUntraced(function* (given: Partial<MediaFile> = {}) {
  const instance = yield* (yield* MemorySetup).addInstance()
  const now = yield* DateTime.now
  const file = pendingFile(instance.id, { nextAt: now, receivedAt: now, ...given })
  yield* (yield* MediaEntry).enter(file)
  return file
})

const small: Download = { size: 1, mimeType: undefined, bytes: Stream.make(new Uint8Array(1)) }

/** A worker at work until the scope ends, and what it enters in the book, as it does. */
const working = Effect.fnUntraced(function* (
  open: MediaSource["Service"]["open"],
  book: (files: MediaFiles["Service"]) => Partial<MediaFiles["Service"]> = () => ({})
) {
  const files = yield* MediaFiles
  const entered = yield* Queue.unbounded<readonly [what: string, file: MediaFile]>()
  const told = (what: string, file: MediaFile) => Effect.asVoid(Queue.offer(entered, [what, file]))
  const watched = MediaFiles.of({
    ...files,
    stored: (file, stored) => Effect.andThen(files.stored(file, stored), told("stored", file)),
    postpone: (file, at, reason) => Effect.andThen(files.postpone(file, at, reason), told(reason, file)),
    gaveUp: (file, state, reason) => Effect.andThen(files.gaveUp(file, state, reason), told(state, file)),
    ...book(files)
  })
  const layer: Layer.Layer<never> = MediaFetching.layer.pipe(
    Layer.provide([
      Layer.succeed(MediaFiles, watched),
      Layer.succeed(MediaSource, MediaSource.of({ open })),
      MediaStoreMemory.layer
    ])
  )
  const begin: Effect.Effect<unknown, never, Scope.Scope> = Layer.build(layer)
  return { begin, entered }
})

const idsOf = (entered: ReadonlyArray<readonly [string, MediaFile]>) =>
  entered.map(([, { messageId }]) => messageId).toSorted()

describe("a worker that fetches media", () => {
  it.effect("has four files on their way at once, and takes another when one has ended", () =>
    Effect.gen(function* () {
      const files = yield* Effect.forEach(Array.from({ length: 10 }), () => enter())
      const gate = yield* Deferred.make<void>()
      const opened = yield* Queue.unbounded<void>()
      let open = 0
      let most = 0
      const { begin, entered } = yield* working(() =>
        Effect.gen(function* () {
          most = Math.max(most, ++open)
          yield* Queue.offer(opened, undefined)
          yield* Effect.ensuring(
            Deferred.await(gate),
            Effect.sync(() => open--)
          )
          return small
        })
      )
      yield* begin
      yield* Queue.takeN(opened, 4)
      yield* TestClock.adjust("10 seconds")
      yield* Deferred.succeed(gate, undefined)
      assert.deepStrictEqual(idsOf(yield* Queue.takeN(entered, 10)), files.map(({ messageId }) => messageId).toSorted())
      assert.strictEqual(most, 4)
    }).pipe(Effect.provide(world))
  )

  it.effect("looks every second for what has come in meanwhile", () =>
    Effect.gen(function* () {
      const { begin, entered } = yield* working(() => Effect.succeed(small))
      yield* begin
      yield* TestClock.adjust("10 seconds")
      const file = yield* enter()
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(idsOf([yield* Queue.take(entered)]), [file.messageId])
    }).pipe(Effect.provide(world))
  )

  it.effect("fetches again what was postponed, when it is time", () =>
    Effect.gen(function* () {
      const file = yield* enter()
      const { begin, entered } = yield* working((claimed) =>
        claimed.file.attempts === 1 ? new MediaFault({ kind: "away", detail: "status 503" }) : Effect.succeed(small)
      )
      yield* begin
      assert.strictEqual((yield* Queue.take(entered))[0], "status 503")
      yield* TestClock.adjust("11 seconds")
      const [what, { attempts, messageId }] = yield* Queue.take(entered)
      assert.deepStrictEqual([what, attempts, messageId], ["stored", 2, file.messageId])
    }).pipe(Effect.provide(world))
  )

  it.effect("goes on when the database is back", () =>
    Effect.gen(function* () {
      yield* enter()
      let claims = 0
      const { begin, entered } = yield* working(
        () => Effect.succeed(small),
        (files) => ({
          claim: (...asked) =>
            ++claims === 1 ? new Unavailable({ dependency: "database", cause: "away" }) : files.claim(...asked)
        })
      )
      yield* begin
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* Queue.take(entered))[0], "stored")
    }).pipe(Effect.provide(world))
  )

  it.effect("fetches the others when one meets a mistake of ours, and that one again when its lease is over", () =>
    Effect.gen(function* () {
      const wrong = yield* enter()
      const others = yield* Effect.forEach(Array.from({ length: 8 }), () => enter())
      const { begin, entered } = yield* working(({ file }) =>
        file.messageId === wrong.messageId && file.attempts === 1 ? Effect.die("a mistake") : Effect.succeed(small)
      )
      yield* begin
      assert.deepStrictEqual(idsOf(yield* Queue.takeN(entered, 8)), others.map(({ messageId }) => messageId).toSorted())
      yield* TestClock.adjust("5 minutes")
      assert.deepStrictEqual(idsOf([yield* Queue.take(entered)]), [wrong.messageId])
    }).pipe(Effect.provide(world))
  )

  it.effect("that is told to stop leaves what is on its way to the next one", () =>
    Effect.gen(function* () {
      const { instanceId, messageId } = yield* enter()
      const opened = yield* Deferred.make<void>()
      const { begin, entered } = yield* working(() => Effect.andThen(Deferred.succeed(opened, undefined), Effect.never))
      yield* Effect.scoped(Effect.andThen(begin, Deferred.await(opened)))
      assert.strictEqual((yield* Queue.take(entered))[0], "interrupted")
      const file = Option.getOrThrow(yield* (yield* MediaFiles).find(instanceId, messageId))
      assert.deepStrictEqual([file.state, file.nextAt], ["pending", yield* DateTime.now])
    }).pipe(Effect.provide(world))
  )

  it.effect("hangs up on a server that does not go on", () =>
    Effect.gen(function* () {
      yield* enter({ metaId: "1" })
      const begun = yield* Deferred.make<void>()
      const hungUp = yield* Deferred.make<void>()
      const server = yield* simulator((socket) => {
        socket.once("close", () => Effect.runSync(Deferred.succeed(hungUp, undefined)))
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${bytes.length}\r\n\r\n%PDF`)
        Effect.runSync(Deferred.succeed(begun, undefined))
      })
      const context = yield* Layer.build(source({ graph: "http://127.0.0.1:1", simulator: server.url }))
      const { begin, entered } = yield* working((claimed) =>
        Effect.provideContext(
          MediaSource.use(({ open }) => open(claimed)),
          context
        )
      )
      yield* begin
      yield* Deferred.await(begun)
      yield* TestClock.adjust(patience)
      assert.strictEqual((yield* Queue.take(entered))[0], "took too long")
      yield* Deferred.await(hungUp)
    }).pipe(Effect.provide(world))
  )
})

const upload = () => {
  const form = new FormData()
  form.set("messaging_product", "whatsapp")
  form.set("file", new File([bytes], "a.pdf", { type: "application/pdf" }))
  return Effect.map(
    request("POST", `/v25.0/${phoneNumberId}/media`, form),
    ({ text }) => /"id":"([^"]+)"/u.exec(text)?.[1] ?? ""
  )
}

describe("a file that somebody sent in the simulator", () => {
  it.effect("is in the folder of the instance a moment later; one that the simulator does not know is expired", () =>
    Effect.gen(function* () {
      const { url } = yield* Simulator
      const folder = yield* temporaryFolder
      const here = yield* enter({ metaId: yield* upload(), sha256: Option.some(sha256.toString("base64")) })
      const gone = yield* enter({ metaId: "123456789" })
      const files = yield* MediaFiles
      const entered = yield* Queue.unbounded<string>()
      const watched = MediaFiles.of({
        ...files,
        stored: (...given) => Effect.andThen(files.stored(...given), Queue.offer(entered, "stored")),
        gaveUp: (file, state, reason) =>
          Effect.andThen(files.gaveUp(file, state, reason), Queue.offer(entered, `${state}: ${reason}`))
      })
      yield* Layer.build(
        MediaFetching.layer.pipe(
          Layer.provide([
            Layer.succeed(MediaFiles, watched),
            source({ graph: "http://127.0.0.1:1", simulator: url }),
            MediaStoreFiles.layer({ folder })
          ])
        )
      )
      assert.deepStrictEqual((yield* Queue.takeN(entered, 2)).toSorted(), ["expired: Meta's error 100", "stored"])
      assert.strictEqual(statSync(join(folder, keyOf(here))).size, bytes.length)
      assert.strictEqual(Option.getOrThrow(yield* files.find(gone.instanceId, gone.messageId)).state, "expired")
    }).pipe(Effect.provide([world, running()]))
  )
})
