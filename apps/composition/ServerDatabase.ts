/** The database of the separate apps: a server, migrated, with the key that opens the tokens it keeps. */
import { Effect, Layer } from "effect"
import * as Migrations from "../../adapters/postgres/Migrations.ts"
import * as SecretBox from "../../adapters/secrets/SecretBox.ts"
import * as Configuration from "../configuration/Configuration.ts"
import * as Database from "./Database.ts"
import * as Storage from "./Storage.ts"

export const layer = Layer.unwrap(
  Effect.gen(function* () {
    const url = yield* Configuration.requiredDatabaseUrl
    const current = yield* Configuration.requiredSecretKey
    const previous = yield* Configuration.previousSecretKeys
    return Storage.layer.pipe(
      Layer.provide(SecretBox.layer({ current, previous })),
      Layer.provide(Migrations.layer),
      Layer.provide(Database.server(url))
    )
  })
)
