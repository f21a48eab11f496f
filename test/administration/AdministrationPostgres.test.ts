import { Layer, Redacted } from "effect"
import * as PgliteStream from "../../adapters/embedded/PgliteStream.ts"
import * as AccessTokensPostgres from "../../adapters/postgres/AccessTokensPostgres.ts"
import * as AdministrationPostgres from "../../adapters/postgres/AdministrationPostgres.ts"
import * as ApiKeysPostgres from "../../adapters/postgres/ApiKeysPostgres.ts"
import * as DirectoryPostgres from "../../adapters/postgres/DirectoryPostgres.ts"
import * as Migrations from "../../adapters/postgres/Migrations.ts"
import * as SecretBox from "../../adapters/secrets/SecretBox.ts"
import { administrationContract } from "../contract/administration.ts"
import * as AftermathSql from "../postgres/AftermathSql.ts"
import * as FixtureSql from "../postgres/FixtureSql.ts"
import * as FreshDatabase from "../postgres/FreshDatabase.ts"
import * as TracesSql from "../postgres/TracesSql.ts"

const sealing = SecretBox.layer({ current: Redacted.make(new Uint8Array(32).fill(7)), previous: [] })

const ports = Layer.mergeAll(
  AdministrationPostgres.layer,
  AccessTokensPostgres.layer,
  ApiKeysPostgres.layer,
  DirectoryPostgres.layer,
  FixtureSql.layer,
  TracesSql.layer,
  AftermathSql.layer
).pipe(Layer.provide(sealing), Layer.provide(Migrations.layer))

administrationContract("PGlite", ports.pipe(Layer.provide(PgliteStream.layer({ dataDir: undefined }))))
administrationContract("PostgreSQL", ports.pipe(Layer.provide(FreshDatabase.layer)))
