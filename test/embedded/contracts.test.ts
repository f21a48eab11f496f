import { Layer } from "effect"
import * as PgliteStream from "../../adapters/embedded/PgliteStream.ts"
import * as SendsPostgres from "../../adapters/postgres/SendsPostgres.ts"
import { Sends } from "../../core/message/Sends.ts"
import { apiKeysContract } from "../contract/apiKeys.ts"
import { contactsContract } from "../contract/contacts.ts"
import { directoryContract } from "../contract/directory.ts"
import { Peer } from "../contract/Fixture.ts"
import { sendsContract } from "../contract/sends.ts"
import { stores } from "../postgres/stores.ts"

/** An embedded database has one process: its peer is a second adapter on the same connection. */
const peer = Layer.effect(Peer, Sends).pipe(Layer.provide(Layer.fresh(SendsPostgres.layer)))

const live = peer.pipe(Layer.provideMerge(stores), Layer.provideMerge(PgliteStream.layer({ dataDir: undefined })))

sendsContract("PGlite", live)
contactsContract("PGlite", live)
apiKeysContract("PGlite", live)
directoryContract("PGlite", live)
