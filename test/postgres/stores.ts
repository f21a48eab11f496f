import { Layer } from "effect"
import * as MessageIdsMemory from "../../adapters/memory/MessageIdsMemory.ts"
import * as ApiKeysPostgres from "../../adapters/postgres/ApiKeysPostgres.ts"
import * as ContactsPostgres from "../../adapters/postgres/ContactsPostgres.ts"
import * as DirectoryPostgres from "../../adapters/postgres/DirectoryPostgres.ts"
import * as Migrations from "../../adapters/postgres/Migrations.ts"
import * as SendsPostgres from "../../adapters/postgres/SendsPostgres.ts"
import * as FixtureSql from "./FixtureSql.ts"

/** What the contract suites of the sending ports need of a database: any that speaks PostgreSQL. */
export const stores = Layer.mergeAll(
  SendsPostgres.layer,
  ContactsPostgres.layer,
  ApiKeysPostgres.layer,
  DirectoryPostgres.layer,
  FixtureSql.layer,
  MessageIdsMemory.layer
).pipe(Layer.provide(Migrations.layer))
