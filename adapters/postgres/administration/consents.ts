import { DateTime, Effect, Option, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"
import { type Administration, type ConsentGiven, ContactConsent } from "../../../core/administration/Administration.ts"
import { NotFound } from "../../../core/administration/Refusal.ts"
import { type ConsentChange, ConsentSource, isOptedOut, withChange } from "../../../core/consent/Consent.ts"
import { Intent } from "../../../core/consent/Keywords.ts"
import { ContactId } from "../../../core/contact/Contact.ts"
import { orUnavailableWithin } from "../unavailable.ts"
import { lock } from "../UpdatesPostgres.ts"
import type { Owner } from "./instances.ts"

type Methods = Pick<Administration["Service"], "recordConsent">

/** As long as what Meta posted takes, whose turn may be now. */
const patience = "30 seconds"

const ConsentRow = Schema.Struct({ intent: Intent, source: ConsentSource, at: Schema.DateTimeUtcFromDate })

export const make = (owner: Owner): Effect.Effect<Methods, never, SqlClient.SqlClient> =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient

    // Locked as a settlement does, which renames.
    const find = SqlSchema.findOneOption({
      Request: Schema.Struct({ instanceId: Schema.Int, contactId: Schema.Int }),
      Result: Schema.Struct({ id: ContactId }),
      execute: ({ contactId, instanceId }) => sql`
        select c.id from contact c
        where c.id = (
          select coalesce(a.merged_into, a.id) from contact a
          where a.id = ${contactId}::bigint and a.instance_id = ${instanceId}
        )
        for no key update`
    })

    const known = SqlSchema.findAll({
      Request: Schema.Int,
      Result: ConsentRow,
      execute: (contactId) => sql`select intent, source, at from contact_consent where contact_id = ${contactId}`
    })

    const record = Effect.fnUntraced(function* ({ contactId, instanceId, intent }: ConsentGiven) {
      // Whoever applies what Meta posted has read what it is going to write.
      yield* sql`select pg_advisory_xact_lock(${lock})`
      const contact = yield* find({ instanceId, contactId })
      if (Option.isNone(contact)) return Option.none()
      const { id } = contact.value
      const at = yield* DateTime.now
      const change: ConsentChange = { intent, source: "operator", at }
      const { consent, isNews, turns } = withChange(yield* known(id), change)
      const optedOutAt = isOptedOut(consent) ? Option.some(consent.at) : Option.none()
      const when = DateTime.toDate(at)
      if (isNews) {
        yield* sql`
          insert into contact_consent (instance_id, contact_id, intent, source, at, heard_at)
          values (${instanceId}, ${id}, ${intent}, ${change.source}, ${when}, ${when})`
        yield* sql`
          update contact set marketing_opt_out_at = ${Option.getOrNull(Option.map(optedOutAt, DateTime.toDate))}
          where id = ${id} or merged_into = ${id}`
      }
      if (turns) {
        yield* sql`
          insert into event (id, instance_id, type, at, contact_id, data)
          values (
            'evt_' || replace(gen_random_uuid()::text, '-', ''), ${instanceId},
            ${intent === "opt_out" ? "contact.opted_out" : "contact.opted_in"}, ${when}, ${id},
            ${JSON.stringify({ source: change.source })}::json
          )`
      }
      return Option.some(new ContactConsent({ contactId: id, optedOutAt, changed: turns }))
    })

    return {
      recordConsent: Effect.fnUntraced(function* (given) {
        yield* owner(given.instanceId)
        const consent = yield* sql.withTransaction(record(given)).pipe(orUnavailableWithin(patience))
        return Option.isSome(consent) ? consent.value : yield* new NotFound({ kind: "contact", id: given.contactId })
      })
    }
  })
