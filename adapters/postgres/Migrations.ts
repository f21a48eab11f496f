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
import inbox from "./migrations/0006_inbox.ts"
import history from "./migrations/0007_history.ts"
import event from "./migrations/0008_event.ts"
import webhookEndpoint from "./migrations/0009_webhook_endpoint.ts"
import media from "./migrations/0010_media.ts"
import lookup from "./migrations/0011_lookup.ts"
import resend from "./migrations/0012_resend.ts"
import few from "./migrations/0013_few.ts"
import settleTogether from "./migrations/0014_settle.ts"
import reserveFew from "./migrations/0015_reserve_few.ts"
import known from "./migrations/0016_known.ts"

const migrations = {
  "0001_instance": instance,
  "0002_conversation": conversation,
  "0003_message": message,
  "0004_reserve": reserve,
  "0005_settle": settle,
  "0006_inbox": inbox,
  "0007_history": history,
  "0008_event": event,
  "0009_webhook_endpoint": webhookEndpoint,
  "0010_media": media,
  "0011_lookup": lookup,
  "0012_resend": resend,
  "0013_few": few,
  "0014_settle": settleTogether,
  "0015_reserve_few": reserveFew,
  "0016_known": known
}

/** The id that a database with nothing left to apply reports. */
export const latest = Object.keys(migrations).length

export const migrate = Migrator.make({})({ loader: Migrator.fromRecord(migrations), table: "migration" })

export const layer = Layer.effectDiscard(migrate)
