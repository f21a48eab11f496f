import { Layer } from "effect"
import * as Memory from "../../adapters/memory/Memory.ts"
import * as UpdatesMemory from "../../adapters/memory/UpdatesMemory.ts"
import { contactProfilesContract } from "../contract/contactProfiles.ts"
import { eventFeedContract } from "../contract/eventFeed.ts"
import { messagesContract } from "../contract/messages.ts"
import * as FixtureMemory from "./FixtureMemory.ts"

const live = Layer.mergeAll(FixtureMemory.layer, UpdatesMemory.layer).pipe(
  Layer.provideMerge(Layer.fresh(Memory.layer))
)

messagesContract("memory", live)
contactProfilesContract("memory", live)
eventFeedContract("memory", live)
