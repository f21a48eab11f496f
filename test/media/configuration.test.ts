import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Redacted } from "effect"
import { MediaHost } from "../../adapters/graph-api/MediaHosts.ts"
import * as Configuration from "../../apps/configuration/Configuration.ts"
import type { InvalidVariable } from "../../apps/configuration/Variable.ts"

const withEnv = (env: Readonly<Record<string, string>>) =>
  Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env })))

describe("the variables of media", () => {
  it.effect("may be left out, but for those of a bucket once there is one", () =>
    Effect.gen(function* () {
      const { mediaDir, mediaHosts, s3Endpoint, s3Region } = Configuration
      const left = yield* Effect.all([mediaHosts, mediaDir, s3Endpoint, s3Region])
      assert.deepStrictEqual(left, [undefined, undefined, undefined, "us-east-1"])
      const { s3AccessKeyId, s3Bucket, s3SecretAccessKey } = Configuration
      const missing = [s3Bucket, s3AccessKeyId, s3SecretAccessKey].map(
        (variable: Effect.Effect<unknown, InvalidVariable>) =>
          Effect.map(Effect.flip(variable), ({ missing, name }) => missing && name)
      )
      assert.deepStrictEqual(yield* Effect.all(missing), [
        "AIDESK_S3_BUCKET",
        "AIDESK_S3_ACCESS_KEY_ID",
        "AIDESK_S3_SECRET_ACCESS_KEY"
      ])
    }).pipe(withEnv({}))
  )

  it.effect("are read as they are written", () =>
    Effect.gen(function* () {
      const hosts = ["lookaside.fbsbx.com", "*.fbcdn.net", "media.example:8443"].map((host) => MediaHost.make(host))
      assert.deepStrictEqual(yield* Configuration.mediaHosts, hosts)
      assert.strictEqual(yield* Configuration.mediaDir, "/var/lib/ai desk/media")
      assert.strictEqual(yield* Configuration.s3Endpoint, "https://minio.example:9000/s3")
      assert.strictEqual(yield* Configuration.s3Bucket, "ai-desk.media")
      assert.strictEqual(yield* Configuration.s3Region, "sa-east-1")
      assert.strictEqual(yield* Configuration.s3AccessKeyId, "AKIA")
      assert.strictEqual(Redacted.value(yield* Configuration.s3SecretAccessKey), "a/b+c=")
    }).pipe(
      withEnv({
        META_MEDIA_HOSTS: "lookaside.fbsbx.com, *.fbcdn.net,media.example:8443",
        AIDESK_MEDIA_DIR: "/var/lib/ai desk/media",
        AIDESK_S3_ENDPOINT: "https://minio.example:9000/s3/",
        AIDESK_S3_BUCKET: "ai-desk.media",
        AIDESK_S3_REGION: "sa-east-1",
        AIDESK_S3_ACCESS_KEY_ID: "AKIA",
        AIDESK_S3_SECRET_ACCESS_KEY: "a/b+c="
      })
    )
  )

  it.effect.each([
    ["META_MEDIA_HOSTS", Configuration.mediaHosts, "https://lookaside.fbsbx.com"],
    ["META_MEDIA_HOSTS", Configuration.mediaHosts, "*"],
    ["META_MEDIA_HOSTS", Configuration.mediaHosts, "a.example,,b.example"],
    ["META_MEDIA_HOSTS", Configuration.mediaHosts, "a.*.example"],
    ["AIDESK_S3_ENDPOINT", Configuration.s3Endpoint, "s3.amazonaws.com"],
    ["AIDESK_S3_BUCKET", Configuration.s3Bucket, "a/b"],
    ["AIDESK_S3_BUCKET", Configuration.s3Bucket, "Media"],
    ["AIDESK_S3_REGION", Configuration.s3Region, "sa east"],
    ["AIDESK_S3_SECRET_ACCESS_KEY", Configuration.s3SecretAccessKey, "two words"]
  ] satisfies ReadonlyArray<[string, Effect.Effect<unknown, InvalidVariable>, string]>)(
    "are refused where they say something else: %s",
    ([name, read, text]: readonly [string, Effect.Effect<unknown, InvalidVariable>, string]) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(read)
        assert.deepStrictEqual([error.name, error.missing], [name, false])
      }).pipe(withEnv({ [name]: text }))
  )
})
