/** Media of inbound messages: where they are kept, and where they come from. */
import { Duration, Effect, Layer, Schema } from "effect"
import { join } from "node:path"
import * as MediaStoreFiles from "../../adapters/file-store/MediaStoreFiles.ts"
import * as MediaSourceGraph from "../../adapters/graph-api/MediaSourceGraph.ts"
import * as MediaStoreS3 from "../../adapters/s3/MediaStoreS3.ts"
import * as GuardedAgent from "../../adapters/safe-http/GuardedAgent.ts"
import { largestFile } from "../../core/media/MediaSource.ts"
import { MediaStore } from "../../core/media/MediaStore.ts"
import * as Configuration from "../configuration/Configuration.ts"

class MediaFolderUnusable extends Schema.TaggedError<MediaFolderUnusable>()("MediaFolderUnusable", {
  folder: Schema.String,
  cause: Schema.Defect()
}) {
  override get message(): string {
    return `A pasta de mídias ${this.folder} não pode ser criada ou escrita.`
  }
}

/** A bucket where one is configured, else a folder. */
export const store = Layer.unwrap(
  Effect.gen(function* () {
    const endpoint = yield* Configuration.s3Endpoint
    if (endpoint === undefined) {
      const folder = (yield* Configuration.mediaDir) ?? join(yield* Configuration.dataDir, "media")
      return MediaStoreFiles.layer({ folder }).pipe(
        Layer.catchTag("MediaStoreUnavailable", ({ cause }) =>
          Layer.effect(MediaStore, new MediaFolderUnusable({ folder, cause }))
        )
      )
    }
    return MediaStoreS3.layer({
      endpoint,
      bucket: yield* Configuration.s3Bucket,
      region: yield* Configuration.s3Region,
      accessKeyId: yield* Configuration.s3AccessKeyId,
      secretAccessKey: yield* Configuration.s3SecretAccessKey
    })
  })
)

/** Meta and, for simulated instances, the simulator. Files of live instances come from public addresses only. */
export const source = (graph: Pick<MediaSourceGraph.Options, "graphBaseUrl" | "simulatorUrl" | "version">) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const mediaHosts = yield* Configuration.mediaHosts
      const mediaDispatcher = yield* GuardedAgent.make({
        allow: [],
        resolve: GuardedAgent.askDns,
        timeout: Duration.seconds(30),
        maxResponseBytes: largestFile
      })
      return MediaSourceGraph.layer({
        ...graph,
        mediaDispatcher,
        ...(mediaHosts && { mediaHosts })
      })
    })
  )
