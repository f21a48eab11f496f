import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { assert, describe, it } from "@effect/vitest"
import { Context, DateTime, Effect, Layer, Option, Schema, Stream, Struct } from "effect"
import { HttpRouter, HttpServer } from "effect/http"
import { createServer } from "node:http"
import * as MediaFilesMemory from "../../adapters/memory/MediaFilesMemory.ts"
import * as MediaStoreMemory from "../../adapters/memory/MediaStoreMemory.ts"
import * as Memory from "../../adapters/memory/Memory.ts"
import { MemorySetup } from "../../adapters/memory/MemorySetup.ts"
import * as Endpoint from "../../apps/http/v1/Endpoint.ts"
import { byOwnId, media, type MessageOf } from "../../apps/http/v1/media.ts"
import { InstanceId } from "../../core/instance/Instance.ts"
import { KeyRing } from "../../core/instance/KeyRing.ts"
import { keyOf, type MediaFile } from "../../core/media/MediaFile.ts"
import { MediaStore, MediaStoreUnavailable } from "../../core/media/MediaStore.ts"
import { MediaEntry, pendingFile } from "../contract/mediaFiles.ts"
import * as EntryMemory from "./EntryMemory.ts"

const world = Layer.mergeAll(MediaFilesMemory.layer, EntryMemory.layer, MediaStoreMemory.layer, KeyRing.layer).pipe(
  Layer.provideMerge(Memory.layer)
)

const key = "ad_test_0123456789abcdefghijkl"
const bytes = Buffer.from("%PDF\0\xff", "latin1")

/** The endpoint on a port of its own. */
const served = <R>(messageOf: MessageOf<R>) =>
  HttpRouter.serve(HttpRouter.addAll([Endpoint.routeOf(media(messageOf))]), {
    disableLogger: true,
    disableListenLog: true
  }).pipe(
    Layer.provideMerge(
      NodeHttpServer.layer(() => createServer(), { host: "127.0.0.1", port: 0, gracefulShutdownTimeout: "1 second" })
    )
  )

const running = Effect.fnUntraced(function* <R>(messageOf: MessageOf<R>) {
  const server = Context.get(yield* Layer.build(served(messageOf)), HttpServer.HttpServer)
  const port = "port" in server.address ? server.address.port : 0
  return Effect.fnUntraced(function* (id: string, given: { readonly method?: string; readonly apikey?: string } = {}) {
    const { apikey = key, method = "GET" } = given
    return yield* Effect.promise(async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/v1/messages/${encodeURIComponent(id)}/media`, {
        method,
        headers: apikey === "" ? {} : { apikey }
      })
      const body = Buffer.from(await answer.arrayBuffer())
      return { status: answer.status, header: (name: string) => answer.headers.get(name), body }
    })
  })
})

const Problem = Schema.fromJsonString(
  Schema.Struct({ code: Schema.String, retryable: Schema.Boolean, detail: Schema.String, status: Schema.Int })
)
const problemOf = ({ body }: { readonly body: Buffer }) => Schema.decodeUnknownSync(Problem)(body.toString("utf8"))

/** A file of the instance that the key opens. */
const entered = Effect.fnUntraced(function* (given: Partial<MediaFile> = {}) {
  const setup = yield* MemorySetup
  yield* setup.addInstance({ id: 4 })
  yield* setup.addKey({ instanceId: 4, key })
  const file = pendingFile(InstanceId.make(4), given)
  yield* (yield* MediaEntry).enter(file)
  return file
})

const stored = (given: Partial<MediaFile> = {}) => {
  const file = pendingFile(InstanceId.make(4), given)
  const at = keyOf(file)
  return Effect.gen(function* () {
    yield* (yield* MediaStore).put(at, Stream.make(bytes), { mimeType: "application/pdf", size: bytes.length })
    return yield* entered(
      Struct.assign(file, { state: "stored" as const, stored: Option.some({ key: at, size: bytes.length }) })
    )
  })
}

describe("GET /v1/messages/{id}/media", () => {
  it.effect("answers with the file, as what it was sent as, to be kept and not to be shown", () =>
    Effect.gen(function* () {
      const { messageId } = yield* stored()
      const get = yield* running(byOwnId)
      const { body, header, status } = yield* get(messageId)
      assert.strictEqual(status, 200)
      assert.deepStrictEqual(body, bytes)
      assert.deepStrictEqual(
        [
          "content-type",
          "content-length",
          "content-disposition",
          "x-content-type-options",
          "content-security-policy",
          "cache-control",
          "message-id"
        ].map(header),
        [
          "application/pdf",
          String(bytes.length),
          `attachment; filename="or_amento _.pdf"; filename*=UTF-8''or%C3%A7amento%20%F0%9F%91%8B.pdf`,
          "nosniff",
          "default-src 'none'; sandbox",
          "no-store",
          messageId
        ]
      )
    }).pipe(Effect.provide(world))
  )

  it.effect("answers HEAD in the same way, without the file", () =>
    Effect.gen(function* () {
      const { messageId } = yield* stored()
      const get = yield* running(byOwnId)
      const { body, header, status } = yield* get(messageId, { method: "HEAD" })
      assert.deepStrictEqual([status, header("content-length"), body.length], [200, String(bytes.length), 0])
    }).pipe(Effect.provide(world))
  )

  it.effect("lets neither type nor name of a stranger's file write a header", () =>
    Effect.gen(function* () {
      const hostile = 'a"; filename=x.html\r\nset-cookie: a=b\r\n\r\n<script>%\\'
      const { messageId } = yield* stored({
        mimeType: Option.some("text/html\r\nset-cookie: a=b"),
        filename: Option.some(hostile)
      })
      const get = yield* running(byOwnId)
      const { header, status } = yield* get(messageId)
      assert.deepStrictEqual(
        [status, header("set-cookie"), header("content-type")],
        [200, null, "application/octet-stream"]
      )
      assert.match(header("content-disposition") ?? "", /^attachment; filename="[^"]*"; filename\*=UTF-8''[\w.!~%-]*$/u)
    }).pipe(Effect.provide(world))
  )

  it.effect("finds the message by whatever else names it", () =>
    Effect.gen(function* () {
      const { messageId } = yield* stored()
      const wamid = "wamid.HBgNNTUxMTk3/ODA0OTgyNQ+VAgASGBQ="
      const get = yield* running((instance, id) =>
        Effect.succeed(id === wamid && instance.id === 4 ? Option.some(messageId) : Option.none())
      )
      assert.deepStrictEqual((yield* get(wamid)).body, bytes)
      assert.strictEqual((yield* get("wamid.other")).status, 404)
    }).pipe(Effect.provide(world))
  )

  it.effect("says when to come back for a file that is not there yet", () =>
    Effect.gen(function* () {
      const now = yield* DateTime.now
      const due = yield* entered({ nextAt: now })
      const get = yield* running(byOwnId)
      const first = yield* get(due.messageId)
      assert.deepInclude(problemOf(first), { status: 404, code: "media_pending", retryable: true })
      assert.strictEqual(first.header("retry-after"), "2")
      const later = pendingFile(InstanceId.make(4), { nextAt: DateTime.addDuration(now, "299.5 seconds") })
      yield* (yield* MediaEntry).enter(later)
      assert.strictEqual((yield* get(later.messageId)).header("retry-after"), "300")
    }).pipe(Effect.provide(world))
  )

  it.effect.each([
    ["expired", "A Meta já não tem o arquivo desta mensagem."],
    ["refused", "O arquivo desta mensagem é um que não se pôde aceitar."],
    ["failed", "O arquivo desta mensagem só chegou corrompido da Meta."]
  ] as const)("says of a file that is %s that it is gone, and why", ([state, detail]) =>
    Effect.gen(function* () {
      const { messageId } = yield* entered({ state })
      const get = yield* running(byOwnId)
      assert.deepInclude(problemOf(yield* get(messageId)), {
        status: 410,
        code: "media_unavailable",
        retryable: false,
        detail
      })
    }).pipe(Effect.provide(world))
  )

  it.effect("says so when the store has lost a file that it had", () =>
    Effect.gen(function* () {
      const { messageId, stored: at } = yield* stored()
      yield* (yield* MediaStore).remove(Option.getOrThrow(at).key)
      const get = yield* running(byOwnId)
      assert.deepInclude(problemOf(yield* get(messageId)), { status: 410, code: "media_unavailable" })
    }).pipe(Effect.provide(world))
  )

  it.effect("tells nobody of another instance's file, nor of one that is none", () =>
    Effect.gen(function* () {
      yield* stored()
      const others = pendingFile(InstanceId.make(5))
      yield* (yield* MediaEntry).enter(others)
      const get = yield* running(byOwnId)
      for (const id of [others.messageId, pendingFile(InstanceId.make(4)).messageId, "1", "../4", "", "%"]) {
        const answer = yield* get(id)
        if (id !== "") assert.deepInclude(problemOf(answer), { code: "message_not_found" })
        assert.strictEqual(answer.status, 404)
      }
    }).pipe(Effect.provide(world))
  )

  it.effect.each(["", "ad_test_unknown"])("opens to no key but the instance's (%j)", (apikey) =>
    Effect.gen(function* () {
      const { messageId } = yield* stored()
      const get = yield* running(byOwnId)
      assert.strictEqual((yield* get(messageId, { apikey })).status, 401)
    }).pipe(Effect.provide(world))
  )

  it.effect("says so when the store is away, and when to come back", () =>
    Effect.gen(function* () {
      const { messageId } = yield* stored()
      const away = Layer.mock(MediaStore)({ get: () => new MediaStoreUnavailable({ cause: "away" }) })
      const get = yield* running(byOwnId).pipe(Effect.provide(away))
      const answer = yield* get(messageId)
      assert.deepInclude(problemOf(answer), { status: 503, code: "media_store_unavailable", retryable: true })
      assert.strictEqual(answer.header("retry-after"), "5")
    }).pipe(Effect.provide(world))
  )

  it.effect("breaks the answer off when the store does, so that half a file is not taken for a whole one", () =>
    Effect.gen(function* () {
      const { messageId } = yield* stored()
      const half = Stream.concat(Stream.make(bytes), Stream.fail(new MediaStoreUnavailable({ cause: "broken" })))
      const broken = Layer.mock(MediaStore)({ get: () => Effect.succeedSome({ size: 2 * bytes.length, bytes: half }) })
      const get = yield* running(byOwnId).pipe(Effect.provide(broken))
      const exit = yield* Effect.exit(get(messageId))
      assert.strictEqual(exit._tag, "Failure")
    }).pipe(Effect.provide(world))
  )
})
