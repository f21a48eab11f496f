import { Effect, Layer, Option, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { ConsentSource, consentOf } from "../../core/consent/Consent.ts"
import { Contact, ContactId } from "../../core/contact/Contact.ts"
import { ContactProfiles } from "../../core/contact/ContactProfile.ts"
import { PhoneNumber } from "../../core/contact/PhoneNumber.ts"
import { ScopedUserId } from "../../core/contact/ScopedUserId.ts"
import { InstanceId } from "../../core/instance/Instance.ts"
import { orUnavailable } from "./unavailable.ts"

const ProfileRow = Schema.Struct({
  id: ContactId,
  instance_id: InstanceId,
  number: Schema.OptionFromNullOr(PhoneNumber),
  name: Schema.OptionFromNullOr(Schema.String),
  user_id: Schema.NullOr(ScopedUserId),
  username: Schema.NullOr(Schema.String),
  last_inbound_at: Schema.OptionFromNullOr(Schema.DateTimeUtcFromDate)
})
const decodeProfiles = Schema.decodeUnknownEffect(Schema.Array(ProfileRow))

const ConsentRow = Schema.Struct({
  intent: Schema.Literals(["opt_out", "opt_in"]),
  source: ConsentSource,
  at: Schema.DateTimeUtcFromDate
})
const decodeConsents = Schema.decodeUnknownEffect(Schema.Array(ConsentRow))

export const layer = Layer.effect(
  ContactProfiles,
  Effect.map(SqlClient.SqlClient, (sql) =>
    ContactProfiles.of({
      find: Effect.fnUntraced(function* (instanceId, id) {
        const [row] = yield* Effect.flatMap(
          sql`
            select s.id, s.instance_id, s.number, s.name, s.user_id, s.username, s.last_inbound_at
            from contact c
            join contact s on s.id = coalesce(c.merged_into, c.id)
            where c.id = ${id}::int and c.instance_id = ${instanceId}`,
          decodeProfiles
        )
        if (row === undefined) return Option.none()
        // What was said under a retired id was said by the same person.
        const consents = yield* Effect.flatMap(
          sql`
            select k.intent, k.source, k.at
            from contact c
            join contact_consent k on k.contact_id = c.id
            where c.id = ${row.id} or c.merged_into = ${row.id}`,
          decodeConsents
        )
        const { user_id, username, last_inbound_at, instance_id, ...known } = row
        return Option.some({
          contact: new Contact({
            ...known,
            instanceId: instance_id,
            lastInboundAt: last_inbound_at,
            ...(user_id === null ? {} : { userId: user_id })
          }),
          username: username ?? undefined,
          consent: consentOf(consents)
        })
      }, orUnavailable)
    })
  )
)
