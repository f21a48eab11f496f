import { assert, layer } from "@effect/vitest"
import { Context, Effect, Layer, Redacted, Stream } from "effect"
import * as MediaStoreS3 from "../../adapters/s3/MediaStoreS3.ts"
import type { Bucket } from "../../adapters/s3/Bucket.ts"
import { signer } from "../../adapters/s3/Signing.ts"
import { MediaKey } from "../../core/media/MediaFile.ts"
import { MediaStore } from "../../core/media/MediaStore.ts"
import * as S3Server from "./S3Server.ts"

class Server extends Context.Service<Server, Bucket>()("test/media/Server") {
  static readonly layer = Layer.effect(Server, S3Server.running)
}

const key = MediaKey.make("4/2026/03/019c0000-0000-7000-8000-000000000001")
const bytes = new Uint8Array([0x25, 0x50, 0x44, 0x46])

const putTo = (bucket: Bucket) =>
  MediaStore.use((store) =>
    store.put(key, Stream.make(bytes), { mimeType: "application/pdf", size: bytes.length })
  ).pipe(Effect.provide(MediaStoreS3.layer(bucket)))

layer(Server.layer, { excludeTestServices: true })("media in a bucket", (it) => {
  it.effect("are objects under their key, with their type", () =>
    Effect.gen(function* () {
      const bucket = yield* Server
      yield* putTo({ ...bucket, endpoint: `${bucket.endpoint}/` })
      const url = new URL(`${bucket.endpoint}/media/${key}`)
      const object = yield* Effect.promise(async () => fetch(url, { headers: await signer(bucket)("GET", url, {}) }))
      assert.deepStrictEqual([object.status, object.headers.get("content-type")], [200, "application/pdf"])
      assert.deepStrictEqual(new Uint8Array(yield* Effect.promise(() => object.arrayBuffer())), bytes)
    })
  )

  it.effect.each([
    ["with a wrong secret", { secretAccessKey: Redacted.make("wrong") }],
    ["with a key nobody knows", { accessKeyId: "UNKNOWN" }],
    ["into a bucket that is none", { bucket: "nowhere" }],
    ["to a server that is away", { endpoint: "http://127.0.0.1:1" }]
  ] as const)("are not stored %s, and that is said", ([, wrong]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(putTo({ ...(yield* Server), ...wrong }))
      assert.strictEqual(error._tag, "MediaStoreUnavailable")
    })
  )

  it.effect("that are looked for with a wrong secret are unavailable, not absent", () =>
    Effect.gen(function* () {
      const bucket = { ...(yield* Server), secretAccessKey: Redacted.make("wrong") }
      const error = yield* MediaStore.use((store) => store.get(key)).pipe(
        Effect.provide(MediaStoreS3.layer(bucket)),
        Effect.flip
      )
      assert.strictEqual(error._tag, "MediaStoreUnavailable")
    })
  )
})
