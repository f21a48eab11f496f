/** A contact with all the ids that lead to it: those it was merged from keep their messages. */
import { Effect, Schema } from "effect"
import type { SqlClient } from "effect/sql"
import { ContactId } from "../../../core/contact/Contact.ts"
import type { InstanceId } from "../../../core/instance/Instance.ts"
import type { MessageFilter } from "../../../core/message/Messages.ts"

export type Family = ReadonlyArray<ContactId>

const decode = Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ id: ContactId })))

/** Of the contact or conversation that is asked for; empty where the instance has no such; nothing where none is. */
export const find = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  instanceId: InstanceId,
  { contactId, conversationId }: MessageFilter
) {
  if (contactId === undefined && conversationId === undefined) return undefined
  const named =
    conversationId === undefined
      ? sql`select ${contactId ?? null}::int as id`
      : sql`
          select v.contact_id as id from conversation v where v.id = ${conversationId} and v.instance_id = ${instanceId}`
  const rows = yield* Effect.flatMap(
    sql`
      with survivor as (
        select coalesce(c.merged_into, c.id) as id
        from (${named}) n
        join contact c on c.id = n.id
        where c.instance_id = ${instanceId}
      )
      select id from survivor
      union all
      select c.id from survivor s join contact c on c.merged_into = s.id`,
    decode
  )
  const family: Family = rows.map(({ id }) => id)
  // Of both, the conversation leads there only if it is the contact's.
  return contactId === undefined || family.includes(contactId) ? family : []
})
