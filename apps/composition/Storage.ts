/** Every port that the database serves. */
import { Layer } from "effect"
import * as AccessTokensPostgres from "../../adapters/postgres/AccessTokensPostgres.ts"
import * as AdministrationPostgres from "../../adapters/postgres/AdministrationPostgres.ts"
import * as ApiKeysPostgres from "../../adapters/postgres/ApiKeysPostgres.ts"
import * as ContactBookPostgres from "../../adapters/postgres/ContactBookPostgres.ts"
import * as ContactProfilesPostgres from "../../adapters/postgres/ContactProfilesPostgres.ts"
import * as ContactsPostgres from "../../adapters/postgres/ContactsPostgres.ts"
import * as DeliveriesPostgres from "../../adapters/postgres/DeliveriesPostgres.ts"
import * as DirectoryPostgres from "../../adapters/postgres/DirectoryPostgres.ts"
import * as EventFeedPostgres from "../../adapters/postgres/EventFeedPostgres.ts"
import * as FeedPlacesPostgres from "../../adapters/postgres/FeedPlacesPostgres.ts"
import * as InboxPostgres from "../../adapters/postgres/InboxPostgres.ts"
import * as MediaFilesPostgres from "../../adapters/postgres/MediaFilesPostgres.ts"
import * as MessagesPostgres from "../../adapters/postgres/MessagesPostgres.ts"
import * as QuarantinePostgres from "../../adapters/postgres/QuarantinePostgres.ts"
import * as ReadinessPostgres from "../../adapters/postgres/ReadinessPostgres.ts"
import * as ResendsPostgres from "../../adapters/postgres/ResendsPostgres.ts"
import * as SendsPostgres from "../../adapters/postgres/SendsPostgres.ts"
import * as UpdatesPostgres from "../../adapters/postgres/UpdatesPostgres.ts"
import * as WebhookEndpointsPostgres from "../../adapters/postgres/WebhookEndpointsPostgres.ts"
import * as MessageIdsRandom from "../../adapters/secrets/MessageIdsRandom.ts"

export const layer = Layer.mergeAll(
  SendsPostgres.layer,
  ContactBookPostgres.layer,
  ContactsPostgres.layer,
  ContactProfilesPostgres.layer,
  MessagesPostgres.layer,
  EventFeedPostgres.layer,
  ApiKeysPostgres.layer,
  DirectoryPostgres.layer,
  InboxPostgres.layer,
  MediaFilesPostgres.layer,
  QuarantinePostgres.layer,
  UpdatesPostgres.layer.pipe(Layer.provide(MessageIdsRandom.layer)),
  WebhookEndpointsPostgres.layer,
  DeliveriesPostgres.layer,
  FeedPlacesPostgres.layer,
  ReadinessPostgres.layer,
  ResendsPostgres.layer,
  AccessTokensPostgres.layer,
  AdministrationPostgres.layer
)
