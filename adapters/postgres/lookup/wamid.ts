/**
 * The message that Meta calls by a `wamid`. Most have been told of by webhook, and are found in one step; what is left is
 * looked for among our own calls, day by day from the last, as their index has it.
 */
import { Effect, Option, Schema } from "effect"
import type { SqlClient } from "effect/sql"
import type { InstanceId } from "../../../core/instance/Instance.ts"
import { MessageId } from "../../../core/message/Message.ts"

const decode = Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ id: MessageId })))

export const find = Effect.fnUntraced(function* (sql: SqlClient.SqlClient, instanceId: InstanceId, wamid: string) {
  const [told] = yield* Effect.flatMap(
    sql`
      select s.message_id as id from message_state s
      where s.instance_id = ${instanceId} and hashtextextended(s.wamid, 0) = hashtextextended(${wamid}, 0)
        and s.wamid = ${wamid}
      union all
      select i.id from inbound_message i where i.instance_id = ${instanceId} and i.wamid = ${wamid}
      limit 1`,
    decode
  )
  if (told !== undefined) return Option.some(told.id)

  // The expression is the index's own.
  const day = sql`date_bin(interval '1 day', o.settled_at, timestamptz '2000-01-01 00:00:00+00')`
  const [own] = yield* Effect.flatMap(
    sql`
      with recursive days (day) as (
        (select ${day} from outcome o where o.wamid is not null order by 1 desc limit 1)
        union all
        select (
          select ${day} from outcome o where o.wamid is not null and ${day} < d.day order by 1 desc limit 1
        )
        from days d
        where d.day is not null
      )
      select f.id
      from days d
      cross join lateral (
        select o.message_id as id from outcome o
        where o.wamid is not null and ${day} = d.day
          and hashtextextended(o.wamid, 0) = hashtextextended(${wamid}, 0)
          and o.wamid = ${wamid} and o.instance_id = ${instanceId}
        limit 1
      ) f
      limit 1`,
    decode
  )
  return Option.fromUndefinedOr(own?.id)
})
