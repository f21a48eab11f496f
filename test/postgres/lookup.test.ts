import { Layer } from "effect"
import * as UpdatesPostgres from "../../adapters/postgres/UpdatesPostgres.ts"
import { contactProfilesContract } from "../contract/contactProfiles.ts"
import { eventFeedContract } from "../contract/eventFeed.ts"
import { messagesContract } from "../contract/messages.ts"
import * as FreshDatabase from "./FreshDatabase.ts"
import { stores } from "./stores.ts"

const live = UpdatesPostgres.layer.pipe(Layer.provideMerge(stores), Layer.provideMerge(FreshDatabase.layer))

messagesContract("PostgreSQL", live)
contactProfilesContract("PostgreSQL", live)
eventFeedContract("PostgreSQL", live)
