import { PgClient } from "@effect/sql-pg"
import { Effect, Layer, Redacted } from "effect"
import * as PgliteStream from "../../adapters/embedded/PgliteStream.ts"
import * as DeliveriesMemory from "../../adapters/memory/DeliveriesMemory.ts"
import * as FeedPlacesMemory from "../../adapters/memory/FeedPlacesMemory.ts"
import * as Memory from "../../adapters/memory/Memory.ts"
import * as WebhookEndpointsMemory from "../../adapters/memory/WebhookEndpointsMemory.ts"
import * as DeliveriesPostgres from "../../adapters/postgres/DeliveriesPostgres.ts"
import * as EventFeedPostgres from "../../adapters/postgres/EventFeedPostgres.ts"
import * as FeedPlacesPostgres from "../../adapters/postgres/FeedPlacesPostgres.ts"
import * as Migrations from "../../adapters/postgres/Migrations.ts"
import * as WebhookEndpointsPostgres from "../../adapters/postgres/WebhookEndpointsPostgres.ts"
import * as SecretBox from "../../adapters/secrets/SecretBox.ts"
import { Deliveries } from "../../core/webhook/Deliveries.ts"
import { webhookDeliveriesContract } from "../contract/webhookDeliveries.ts"
import { webhookEndpointsContract } from "../contract/webhookEndpoints.ts"
import { webhookReplaysContract } from "../contract/webhookReplays.ts"
import { DeliveryPeer } from "../contract/webhookSetup.ts"
import * as FixtureMemory from "../memory/FixtureMemory.ts"
import * as FixtureSql from "../postgres/FixtureSql.ts"
import * as FreshDatabase from "../postgres/FreshDatabase.ts"
import * as EventFeedMemory from "../../adapters/memory/EventFeedMemory.ts"
import * as HappeningMemory from "./HappeningMemory.ts"
import * as HappeningSql from "./HappeningSql.ts"

/** As a second process has it, as far as the storage knows processes. */
const peer = Layer.effect(DeliveryPeer, Deliveries)

const sealing = SecretBox.layer({ current: Redacted.make(new Uint8Array(32).fill(7)), previous: [] })

const inMemory = Layer.mergeAll(peer, FixtureMemory.layer, HappeningMemory.layer).pipe(
  Layer.provideMerge(
    Layer.mergeAll(DeliveriesMemory.layer, WebhookEndpointsMemory.layer, FeedPlacesMemory.layer, EventFeedMemory.layer)
  ),
  Layer.provideMerge(Memory.layer)
)

const stores = Layer.mergeAll(
  DeliveriesPostgres.layer,
  WebhookEndpointsPostgres.layer,
  FeedPlacesPostgres.layer,
  EventFeedPostgres.layer,
  FixtureSql.layer,
  HappeningSql.layer
).pipe(Layer.provide(sealing), Layer.provide(Migrations.layer))

const embedded = peer.pipe(Layer.provideMerge(stores), Layer.provideMerge(PgliteStream.layer({ dataDir: undefined })))

const onPostgres = peer
  .pipe(
    Layer.provide(Layer.fresh(DeliveriesPostgres.layer)),
    Layer.provide(sealing),
    Layer.provide(
      Layer.unwrap(
        Effect.map(FreshDatabase.FreshDatabase, ({ url }) =>
          Layer.fresh(PgClient.layer({ url: Redacted.make(url), maxConnections: 5 }))
        )
      )
    )
  )
  .pipe(Layer.provideMerge(stores), Layer.provideMerge(FreshDatabase.layer))

webhookEndpointsContract("memory", inMemory)
webhookDeliveriesContract("memory", inMemory)
webhookReplaysContract("memory", inMemory)
webhookEndpointsContract("PGlite", embedded)
webhookDeliveriesContract("PGlite", embedded)
webhookReplaysContract("PGlite", embedded)
webhookEndpointsContract("PostgreSQL", onPostgres)
webhookDeliveriesContract("PostgreSQL", onPostgres)
webhookReplaysContract("PostgreSQL", onPostgres)
