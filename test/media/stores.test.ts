import { Effect, Layer } from "effect"
import * as MediaStoreFiles from "../../adapters/file-store/MediaStoreFiles.ts"
import * as MediaStoreMemory from "../../adapters/memory/MediaStoreMemory.ts"
import * as MediaStoreS3 from "../../adapters/s3/MediaStoreS3.ts"
import { mediaStoreContract } from "../contract/mediaStore.ts"
import * as S3Server from "./S3Server.ts"

mediaStoreContract("memory", MediaStoreMemory.layer)

mediaStoreContract(
  "a file system",
  Layer.unwrap(Effect.map(S3Server.temporaryFolder, (folder) => MediaStoreFiles.layer({ folder })))
)

mediaStoreContract("S3", Layer.unwrap(Effect.map(S3Server.running, MediaStoreS3.layer)))
