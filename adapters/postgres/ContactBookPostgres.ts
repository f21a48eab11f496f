import { DateTime, Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { ContactBook } from "../../core/contact/ContactBook.ts"
import { identityKey } from "../../core/contact/PhoneNumber.ts"
import { orUnavailable } from "./unavailable.ts"

export const layer = Layer.effect(
  ContactBook,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    return ContactBook.of({
      keep: ({ at, id, instanceId, name, number }) =>
        sql`
          with kept as (
            insert into contact (id, instance_id, number, identity_key, name, created_at)
            values (${id}, ${instanceId}, ${number}, ${identityKey(number)}, ${name}, ${DateTime.toDate(at)})
            on conflict do nothing
            returning id
          )
          -- Ids given by hand must not be given again by the sequence.
          select setval(
            pg_get_serial_sequence('contact', 'id'),
            greatest((select max(id) from kept), (select last_value from pg_sequences
              where schemaname = current_schema() and sequencename = 'contact_id_seq'), 1)
          )
          from kept`.pipe(orUnavailable, Effect.asVoid)
    })
  })
)
