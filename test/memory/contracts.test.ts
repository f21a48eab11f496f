import { Layer } from "effect"
import * as Memory from "../../adapters/memory/Memory.ts"
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
import * as AftermathMemory from "./AftermathMemory.ts"
import * as FixtureMemory from "./FixtureMemory.ts"
import * as MailroomMemory from "./MailroomMemory.ts"
import * as TracesMemory from "./TracesMemory.ts"

/** What is in memory is shared within a process only: whoever is the peer, it is the same world. */
const peer = Layer.merge(Layer.effect(Peer, Sends), Layer.effect(PeerUpdates, Updates))

const live = Layer.mergeAll(
  peer,
  AftermathMemory.layer,
  FixtureMemory.layer,
  MailroomMemory.layer,
  TracesMemory.layer
).pipe(Layer.provideMerge(Memory.layer))

sendsContract("memory", live)
contactsContract("memory", live)
apiKeysContract("memory", live)
directoryContract("memory", live)
inboxContract("memory", live)
quarantineContract("memory", live)
resendsContract("memory", live)
updatesContract("memory", live, { refuses: false })
