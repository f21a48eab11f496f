/** Has the data folder that AIDESK_DATA_DIR names, as a standalone installation does, until a signal ends it. */
import { Effect, Layer } from "effect"
import * as FolderLock from "../../adapters/embedded/FolderLock.ts"
import * as PgliteStream from "../../adapters/embedded/PgliteStream.ts"
import * as AdministrationPostgres from "../../adapters/postgres/AdministrationPostgres.ts"
import * as Migrations from "../../adapters/postgres/Migrations.ts"
import * as QuarantinePostgres from "../../adapters/postgres/QuarantinePostgres.ts"
import * as ResendsPostgres from "../../adapters/postgres/ResendsPostgres.ts"
import * as SecretBox from "../../adapters/secrets/SecretBox.ts"
import * as AdministrationServer from "../../apps/administration/AdministrationServer.ts"
import * as Configuration from "../../apps/configuration/Configuration.ts"
import * as DataFolder from "../../apps/configuration/DataFolder.ts"
import * as DataFolderSecrets from "../../apps/configuration/DataFolderSecrets.ts"
import { runMain } from "../../apps/configuration/runMain.ts"

const installation = Layer.unwrap(
  Effect.gen(function* () {
    const dataDir = yield* Configuration.dataDir
    yield* FolderLock.acquire(dataDir)
    const { keys } = yield* DataFolderSecrets.load(dataDir)
    return AdministrationServer.layer({ dataDir }).pipe(
      Layer.provide([AdministrationPostgres.layer, QuarantinePostgres.layer, ResendsPostgres.layer]),
      Layer.provide([SecretBox.layer(keys), Migrations.layer]),
      Layer.provide(PgliteStream.layer({ dataDir: DataFolder.database(dataDir) }))
    )
  })
)

const ready = Layer.effectDiscard(Effect.sync(() => process.stdout.write("ready\n")))

runMain(Layer.launch(Layer.provide(ready, installation)))
