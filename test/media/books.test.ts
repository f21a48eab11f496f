import { PgClient } from "@effect/sql-pg"
import { Effect, Layer, Redacted } from "effect"
import * as PgliteStream from "../../adapters/embedded/PgliteStream.ts"
import * as MediaFilesMemory from "../../adapters/memory/MediaFilesMemory.ts"
import * as Memory from "../../adapters/memory/Memory.ts"
import * as MediaFilesPostgres from "../../adapters/postgres/MediaFilesPostgres.ts"
import * as Migrations from "../../adapters/postgres/Migrations.ts"
import { MediaFiles } from "../../core/media/MediaFiles.ts"
import { mediaFilesContract, MediaPeer } from "../contract/mediaFiles.ts"
import * as FixtureMemory from "../memory/FixtureMemory.ts"
import * as FixtureSql from "../postgres/FixtureSql.ts"
import * as FreshDatabase from "../postgres/FreshDatabase.ts"
import * as EntryMemory from "./EntryMemory.ts"
import * as EntrySql from "./EntrySql.ts"

/** As a second process has it, as far as the storage knows processes. */
const peer = Layer.effect(MediaPeer, MediaFiles)

mediaFilesContract(
  "memory",
  Layer.mergeAll(peer, FixtureMemory.layer, EntryMemory.layer).pipe(
    Layer.provideMerge(MediaFilesMemory.layer),
    Layer.provideMerge(Memory.layer)
  )
)

const stores = Layer.mergeAll(MediaFilesPostgres.layer, FixtureSql.layer, EntrySql.layer).pipe(
  Layer.provide(Migrations.layer)
)

mediaFilesContract(
  "PGlite",
  peer.pipe(Layer.provideMerge(stores), Layer.provideMerge(PgliteStream.layer({ dataDir: undefined })))
)

const peerOnPostgres = peer.pipe(
  Layer.provide(Layer.fresh(MediaFilesPostgres.layer)),
  Layer.provide(
    Layer.unwrap(
      Effect.map(FreshDatabase.FreshDatabase, ({ url }) =>
        Layer.fresh(PgClient.layer({ url: Redacted.make(url), maxConnections: 5 }))
      )
    )
  )
)

mediaFilesContract(
  "PostgreSQL",
  peerOnPostgres.pipe(Layer.provideMerge(stores), Layer.provideMerge(FreshDatabase.layer))
)
