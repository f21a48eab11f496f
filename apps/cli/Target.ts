/**
 * Where commands work: on the server that DATABASE_URL names, else on the data folder. A folder has one owner: where a
 * running process has it commands go through that process, else this one is the owner while the command runs.
 */
import { PgClient } from "@effect/sql-pg"
import { Effect, Layer, Option, type Redacted, Schedule, Schema } from "effect"
import { SqlClient } from "effect/sql"
import * as FolderLock from "../../adapters/embedded/FolderLock.ts"
import * as PgliteStream from "../../adapters/embedded/PgliteStream.ts"
import * as AdministrationPostgres from "../../adapters/postgres/AdministrationPostgres.ts"
import * as Migrations from "../../adapters/postgres/Migrations.ts"
import * as QuarantinePostgres from "../../adapters/postgres/QuarantinePostgres.ts"
import * as ReadinessPostgres from "../../adapters/postgres/ReadinessPostgres.ts"
import * as ResendsPostgres from "../../adapters/postgres/ResendsPostgres.ts"
import * as SecretBox from "../../adapters/secrets/SecretBox.ts"
import type { Administration } from "../../core/administration/Administration.ts"
import type { Quarantine } from "../../core/inbound/Quarantine.ts"
import { Readiness } from "../../core/Readiness.ts"
import type { Resends } from "../../core/resend/Resends.ts"
import * as AdministrationClient from "../administration/AdministrationClient.ts"
import * as Endpoint from "../administration/Endpoint.ts"
import * as Configuration from "../configuration/Configuration.ts"
import * as DataFolder from "../configuration/DataFolder.ts"
import * as DataFolderSecrets from "../configuration/DataFolderSecrets.ts"
import type { InvalidVariable } from "../configuration/Variable.ts"

class NotMigrated extends Schema.TaggedError<NotMigrated>()("NotMigrated", {}) {
  override get message(): string {
    return "O banco de dados ainda não tem todas as migrações: rode o comando migrate primeiro."
  }
}

const serverClient = (url: Redacted.Redacted) =>
  PgClient.layer({ url, maxConnections: 1, applicationName: "aidesk cli" })

const sealing = Layer.unwrap(
  Effect.gen(function* () {
    const current = yield* Configuration.optionalSecretKey
    const previous = yield* Configuration.previousSecretKeys
    return current === undefined ? SecretBox.layerWithoutKey : SecretBox.layer({ current, previous })
  })
)

const migrated = Layer.effectDiscard(
  Effect.gen(function* () {
    // Says why, where nobody answers; the check itself only says that.
    yield* SqlClient.SqlClient.use((sql) => sql`select 1`)
    const { migrations } = yield* (yield* Readiness).check
    if (migrations !== "ok") yield* new NotMigrated()
  })
).pipe(Layer.provide(ReadinessPostgres.layer))

const ports = Layer.mergeAll(AdministrationPostgres.layer, QuarantinePostgres.layer, ResendsPostgres.layer)

const onServer = (url: Redacted.Redacted) =>
  ports.pipe(Layer.provide([sealing, migrated]), Layer.provide(serverClient(url)))

const folderClient = (dataDir: string) => PgliteStream.layer({ dataDir: DataFolder.database(dataDir) })

const asOwner = (dataDir: string) =>
  Layer.unwrap(Effect.map(DataFolderSecrets.load(dataDir), ({ keys }) => SecretBox.layer(keys))).pipe(
    (sealing) => ports.pipe(Layer.provide([sealing, Migrations.layer])),
    Layer.provide(folderClient(dataDir))
  )

/** A process that has the folder may be starting, or be a command that ends soon. */
const patience = { schedule: Schedule.spaced("200 millis"), times: 75 }

const runningIn = Effect.fnUntraced(function* (inUse: FolderLock.FolderInUse) {
  const endpoint = yield* Endpoint.find(inUse.folder)
  if (Option.isNone(endpoint) || !(yield* AdministrationClient.answers(endpoint.value))) return yield* inUse
  return endpoint
})

/** Takes the folder for this scope, or finds the process that has it. */
const reach = (dataDir: string) =>
  FolderLock.acquire(dataDir).pipe(
    Effect.as(Option.none<Endpoint.Endpoint>()),
    Effect.catchTag("FolderInUse", runningIn),
    Effect.retry({ ...patience, while: ({ _tag }) => _tag === "FolderInUse" })
  )

const onFolder = (dataDir: string) =>
  Layer.unwrap(
    Effect.map(reach(dataDir), (running): Layer.Layer<Ports, Layer.Error<ReturnType<typeof asOwner>>> =>
      Option.isSome(running) ? AdministrationClient.layer(running.value) : asOwner(dataDir)
    )
  )

type Ports = Administration | Quarantine | Resends
type Fault = Layer.Error<ReturnType<typeof onServer> | ReturnType<typeof onFolder>>

/** `Administration`, `Quarantine` and `Resends`, of the installation that the environment names. */
export const layer = Layer.unwrap(
  Effect.gen(function* (): Effect.fn.Return<Layer.Layer<Ports, Fault>, InvalidVariable> {
    const url = yield* Configuration.databaseUrl
    return url === undefined ? onFolder(yield* Configuration.dataDir) : onServer(url)
  })
)

/** Applies what is missing; answers the names of what was applied. */
export const migrate = Effect.gen(function* () {
  const url = yield* Configuration.databaseUrl
  if (url !== undefined) return yield* Effect.provide(Migrations.migrate, serverClient(url))
  const dataDir = yield* Configuration.dataDir
  // A process that has the folder has migrated it.
  if (Option.isSome(yield* reach(dataDir))) return []
  return yield* Effect.provide(Migrations.migrate, folderClient(dataDir))
}).pipe(
  Effect.scoped,
  Effect.map((applied) => applied.map(([id, name]) => `${String(id).padStart(4, "0")}_${name}`))
)
