import { Layer } from "effect"
import * as MessageIdsMemory from "../../adapters/memory/MessageIdsMemory.ts"
import * as ApiKeysPostgres from "../../adapters/postgres/ApiKeysPostgres.ts"
import * as ContactProfilesPostgres from "../../adapters/postgres/ContactProfilesPostgres.ts"
import * as ContactsPostgres from "../../adapters/postgres/ContactsPostgres.ts"
import * as DirectoryPostgres from "../../adapters/postgres/DirectoryPostgres.ts"
import * as EventFeedPostgres from "../../adapters/postgres/EventFeedPostgres.ts"
import * as InboxPostgres from "../../adapters/postgres/InboxPostgres.ts"
import * as MessagesPostgres from "../../adapters/postgres/MessagesPostgres.ts"
import * as Migrations from "../../adapters/postgres/Migrations.ts"
import * as QuarantinePostgres from "../../adapters/postgres/QuarantinePostgres.ts"
import * as ResendsPostgres from "../../adapters/postgres/ResendsPostgres.ts"
import * as SendsPostgres from "../../adapters/postgres/SendsPostgres.ts"
import * as UpdatesPostgres from "../../adapters/postgres/UpdatesPostgres.ts"
import * as AftermathSql from "./AftermathSql.ts"
import * as FixtureSql from "./FixtureSql.ts"
import * as MailroomSql from "./MailroomSql.ts"
import * as TracesSql from "./TracesSql.ts"

/** What the contract suites of the sending ports need of a database: any that speaks PostgreSQL. */
export const stores = Layer.mergeAll(
  SendsPostgres.layer,
  UpdatesPostgres.layer.pipe(Layer.provide(MessageIdsMemory.layer)),
  ContactsPostgres.layer,
  ContactProfilesPostgres.layer,
  MessagesPostgres.layer,
  EventFeedPostgres.layer,
  ApiKeysPostgres.layer,
  DirectoryPostgres.layer,
  InboxPostgres.layer,
  QuarantinePostgres.layer,
  ResendsPostgres.layer,
  AftermathSql.layer,
  FixtureSql.layer,
  MailroomSql.layer,
  TracesSql.layer,
  MessageIdsMemory.layer
).pipe(Layer.provide(Migrations.layer))
