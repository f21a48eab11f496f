import { Layer } from "effect"
import * as PgliteStream from "../../adapters/embedded/PgliteStream.ts"
import * as UpdatesPostgres from "../../adapters/postgres/UpdatesPostgres.ts"
import { contactProfilesContract } from "../contract/contactProfiles.ts"
import { eventFeedContract } from "../contract/eventFeed.ts"
import { messagesContract } from "../contract/messages.ts"
import { stores } from "../postgres/stores.ts"

const live = UpdatesPostgres.layer.pipe(
  Layer.provideMerge(stores),
  Layer.provideMerge(PgliteStream.layer({ dataDir: undefined }))
)

messagesContract("PGlite", live)
contactProfilesContract("PGlite", live)
eventFeedContract("PGlite", live)
