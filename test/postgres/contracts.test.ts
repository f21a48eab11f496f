import { PgClient } from "@effect/sql-pg"
import { Effect, Layer, Redacted } from "effect"
import * as SendsPostgres from "../../adapters/postgres/SendsPostgres.ts"
import * as UpdatesPostgres from "../../adapters/postgres/UpdatesPostgres.ts"
import { Updates } from "../../core/inbound/Updates.ts"
import { Sends } from "../../core/message/Sends.ts"
import { apiKeysContract } from "../contract/apiKeys.ts"
import { contactsContract } from "../contract/contacts.ts"
import { directoryContract } from "../contract/directory.ts"
import { Peer } from "../contract/Fixture.ts"
import { inboxContract } from "../contract/inbox.ts"
import { quarantineContract } from "../contract/quarantine.ts"
import { resendsContract } from "../contract/resends.ts"
import { sendsContract } from "../contract/sends.ts"
import { updatesContract } from "../contract/updates.ts"
import { PeerUpdates } from "../contract/updates/Desk.ts"
import * as FreshDatabase from "./FreshDatabase.ts"
import { stores } from "./stores.ts"

/** As a second process has it: an adapter of its own, on a pool of its own. */
const peer = Layer.merge(Layer.effect(Peer, Sends), Layer.effect(PeerUpdates, Updates)).pipe(
  Layer.provide(Layer.fresh(Layer.merge(SendsPostgres.layer, UpdatesPostgres.layer))),
  Layer.provide(
    Layer.unwrap(
      Effect.map(FreshDatabase.FreshDatabase, ({ url }) =>
        Layer.fresh(PgClient.layer({ url: Redacted.make(url), multiplex: true, maxConnections: 10 }))
      )
    )
  )
)

const live = peer.pipe(Layer.provideMerge(stores), Layer.provideMerge(FreshDatabase.layer))

sendsContract("PostgreSQL", live)
contactsContract("PostgreSQL", live)
apiKeysContract("PostgreSQL", live)
directoryContract("PostgreSQL", live)
inboxContract("PostgreSQL", live)
quarantineContract("PostgreSQL", live)
resendsContract("PostgreSQL", live)
updatesContract("PostgreSQL", live, { refuses: true })
