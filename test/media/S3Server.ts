import S3rver from "@20minutes/s3rver"
import { Effect, Redacted } from "effect"
import { mkdtemp, rename, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Bucket } from "../../adapters/s3/Bucket.ts"

/** A folder that is gone with the scope. */
export const temporaryFolder = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "aidesk-media-"))),
  (folder) => Effect.promise(() => rm(folder, { recursive: true, force: true }))
)

/** S3 shows an object once it has all of it; this server writes where the object is. */
const showOnceWhole = ({ store }: S3rver): void => {
  const putContent = store.putContent.bind(store)
  let count = 0
  store.putContent = async (path, content) => {
    const way = `${path}.${++count}`
    try {
      const put = await putContent(way, content)
      await rename(way, path)
      return put
    } finally {
      await rm(way, { force: true })
    }
  }
}

/** A server that speaks S3 and checks signatures, with a bucket that is empty. */
export const running = Effect.gen(function* () {
  const directory = yield* temporaryFolder
  const server = new S3rver({
    address: "127.0.0.1",
    port: 0,
    silent: true,
    directory,
    vhostBuckets: false,
    configureBuckets: [{ name: "media" }]
  })
  showOnceWhole(server)
  const { port } = yield* Effect.acquireRelease(
    Effect.promise(() => server.run()),
    () =>
      Effect.promise(() => {
        const closed = server.close()
        server.httpServer.closeAllConnections()
        return closed
      })
  )
  return {
    endpoint: `http://127.0.0.1:${port}`,
    bucket: "media",
    region: "us-east-1",
    accessKeyId: "S3RVER",
    secretAccessKey: Redacted.make("S3RVER")
  } satisfies Bucket
})
