import { Layer } from "effect"
import * as Memory from "../../adapters/memory/Memory.ts"
import { Sends } from "../../core/message/Sends.ts"
import { apiKeysContract } from "../contract/apiKeys.ts"
import { contactsContract } from "../contract/contacts.ts"
import { directoryContract } from "../contract/directory.ts"
import { Peer } from "../contract/Fixture.ts"
import { sendsContract } from "../contract/sends.ts"
import * as FixtureMemory from "./FixtureMemory.ts"

/** What is in memory is shared within a process only: whoever is the peer, it is the same world. */
const peer = Layer.effect(Peer, Sends)

const live = Layer.mergeAll(peer, FixtureMemory.layer).pipe(Layer.provideMerge(Memory.layer))

sendsContract("memory", live)
contactsContract("memory", live)
apiKeysContract("memory", live)
directoryContract("memory", live)
