/** Every port that the database serves. */
import { Layer } from "effect"
import * as AccessTokensPostgres from "../../adapters/postgres/AccessTokensPostgres.ts"
import * as AdministrationPostgres from "../../adapters/postgres/AdministrationPostgres.ts"
import * as ApiKeysPostgres from "../../adapters/postgres/ApiKeysPostgres.ts"
import * as ContactBookPostgres from "../../adapters/postgres/ContactBookPostgres.ts"
import * as ContactsPostgres from "../../adapters/postgres/ContactsPostgres.ts"
import * as DirectoryPostgres from "../../adapters/postgres/DirectoryPostgres.ts"
import * as ReadinessPostgres from "../../adapters/postgres/ReadinessPostgres.ts"
import * as SendsPostgres from "../../adapters/postgres/SendsPostgres.ts"

export const layer = Layer.mergeAll(
  SendsPostgres.layer,
  ContactBookPostgres.layer,
  ContactsPostgres.layer,
  ApiKeysPostgres.layer,
  DirectoryPostgres.layer,
  ReadinessPostgres.layer,
  AccessTokensPostgres.layer,
  AdministrationPostgres.layer
)
