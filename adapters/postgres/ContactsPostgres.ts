import { DateTime, Effect, Layer, Option, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { Contact, ContactId } from "../../core/contact/Contact.ts"
import { Contacts } from "../../core/contact/Contacts.ts"
import { PhoneNumber } from "../../core/contact/PhoneNumber.ts"
import { ScopedUserId } from "../../core/contact/ScopedUserId.ts"
import { InstanceId } from "../../core/instance/Instance.ts"
import type { Unavailable } from "../../core/Unavailable.ts"
import * as Batch from "./Batch.ts"
import { orUnavailable } from "./unavailable.ts"

const ContactRow = Schema.Struct({
  /** The id that was asked for: of an alias another than the contact's. */
  asked: ContactId,
  id: ContactId,
  instance_id: InstanceId,
  number: Schema.OptionFromNullOr(PhoneNumber),
  name: Schema.OptionFromNullOr(Schema.String),
  user_id: Schema.NullOr(ScopedUserId),
  last_inbound_at: Schema.OptionFromNullOr(Schema.DateTimeUtcFromDate)
})
const decodeContacts = Schema.decodeUnknownEffect(Schema.Array(ContactRow))

const toContact = ({ id, instance_id, last_inbound_at, name, number, user_id }: typeof ContactRow.Type) =>
  new Contact({
    id,
    instanceId: instance_id,
    number,
    name,
    lastInboundAt: last_inbound_at,
    ...(user_id === null ? {} : { userId: user_id })
  })

export const layer = Layer.effect(
  Contacts,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient

    const find = yield* Batch.make<
      { readonly instanceId: InstanceId; readonly id: ContactId },
      Option.Option<Contact>,
      Unavailable,
      never
    >({
      size: 256,
      lanes: 2,
      run: Effect.fnUntraced(function* (wanted) {
        const rows = yield* sql`
          select a.id as asked, c.id, c.instance_id, c.number, c.name, c.user_id, c.last_inbound_at
          from contact a
          join contact c on c.id = coalesce(a.merged_into, a.id)
          where a.id = any (${wanted.map(({ id }) => id)}::int[])`.pipe(Effect.flatMap(decodeContacts), orUnavailable)
        const byId = new Map(rows.map((row) => [row.asked, toContact(row)]))
        return wanted.map(({ id, instanceId }) =>
          Effect.succeed(
            Option.filter(Option.fromUndefinedOr(byId.get(id)), (contact) => contact.instanceId === instanceId)
          )
        )
      })
    })

    return Contacts.of({
      find: (instanceId, id) => find({ instanceId, id }),
      heard: (instanceId, id, at) =>
        sql`
          update contact set last_inbound_at = greatest(last_inbound_at, ${DateTime.toDate(at)})
          where instance_id = ${instanceId}
            and id = (select coalesce(a.merged_into, a.id) from contact a where a.id = ${id})`.pipe(
          orUnavailable,
          Effect.asVoid
        )
    })
  })
)
