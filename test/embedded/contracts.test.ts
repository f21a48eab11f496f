import { Layer } from "effect"
import * as PgliteStream from "../../adapters/embedded/PgliteStream.ts"
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
import { stores } from "../postgres/stores.ts"

/** An embedded database has one process: its peer is a second adapter on the same connection. */
const peer = Layer.merge(Layer.effect(Peer, Sends), Layer.effect(PeerUpdates, Updates)).pipe(
  Layer.provide(Layer.fresh(Layer.merge(SendsPostgres.layer, UpdatesPostgres.layer)))
)

const live = peer.pipe(Layer.provideMerge(stores), Layer.provideMerge(PgliteStream.layer({ dataDir: undefined })))

sendsContract("PGlite", live)
contactsContract("PGlite", live)
apiKeysContract("PGlite", live)
directoryContract("PGlite", live)
inboxContract("PGlite", live)
quarantineContract("PGlite", live)
resendsContract("PGlite", live)
updatesContract("PGlite", live, { refuses: true })
