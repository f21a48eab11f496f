/** A contact with all the ids that lead to it: those it was merged from keep their messages. */
import { DateTime, Effect, Schema } from "effect"
import type { SqlClient } from "effect/sql"
import { ContactId } from "../../../core/contact/Contact.ts"
import type { InstanceId } from "../../../core/instance/Instance.ts"
import type { MessageFilter } from "../../../core/message/Messages.ts"
import { firstIdAt } from "../../../core/message/MessageTime.ts"

export interface Family {
  readonly ids: ReadonlyArray<ContactId>
  /** The later of an id and the time from which on there may be messages. */
  readonly since: (after: string) => string
}

const Row = Schema.Struct({ id: ContactId, created_at: Schema.DateTimeUtcFromDate })
const decode = Schema.decodeUnknownEffect(Schema.Array(Row))

/** The id of a message is made before its contact, and no more than moments. */
const margin = { days: 1 }

const familyOf = (rows: ReadonlyArray<typeof Row.Type>): Family => ({
  ids: rows.map(({ id }) => id),
  since: (after) => {
    const [first] = rows.map(({ created_at }) => firstIdAt(DateTime.subtract(created_at, margin))).toSorted()
    return first === undefined || first < after ? after : first
  }
})

/** Of the contact or conversation that is asked for; without ids where the instance has no such; nothing where none is. */
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
      select c.id, c.created_at from survivor s join contact c on c.id = s.id
      union all
      select c.id, c.created_at from survivor s join contact c on c.merged_into = s.id`,
    decode
  )
  const family = familyOf(rows)
  // Of both, the conversation leads there only if it is the contact's.
  return contactId === undefined || family.ids.includes(contactId) ? family : familyOf([])
})
