/**
 * The schema, forward only. Any number of processes may apply it at once: the first takes the lock, the
 * others find nothing left to do.
 */
import { Layer } from "effect"
import { Migrator } from "effect/sql"
import instance from "./migrations/0001_instance.ts"
import conversation from "./migrations/0002_conversation.ts"
import message from "./migrations/0003_message.ts"
import reserve from "./migrations/0004_reserve.ts"
import settle from "./migrations/0005_settle.ts"

const migrations = {
  "0001_instance": instance,
  "0002_conversation": conversation,
  "0003_message": message,
  "0004_reserve": reserve,
  "0005_settle": settle
}

/** The id that a database with nothing left to apply reports. */
export const latest = Object.keys(migrations).length

export const migrate = Migrator.make({})({ loader: Migrator.fromRecord(migrations), table: "migration" })

export const layer = Layer.effectDiscard(migrate)
