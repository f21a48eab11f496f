/** By which way the wanted messages of ours are found. */
import type { SqlClient, Statement } from "effect/sql"
import type { InstanceId } from "../../../core/instance/Instance.ts"
import type { MessageFilter } from "../../../core/message/Messages.ts"
import type { Family } from "./family.ts"
import { ofOwner, type Range, type Scan } from "./scan.ts"

type Status = NonNullable<MessageFilter["status"]>

/** What may come to `status`, by the rows alone: what it really comes to is the view's to say. */
const mayBe = (sql: SqlClient.SqlClient, status: Status): Statement.Fragment => {
  const told = sql`(select s.status from message_state s where s.message_id = m.id)`
  const own = sql`(select o.status from outcome o where o.message_id = m.id limit 1)`
  switch (status) {
    case "failed":
      return sql`(${told} = 'failed' or ${own} = 'failed')`
    case "accepted":
      return sql`(${told} is null and ${own} in ('accepted', 'held'))`
    case "unknown":
      return sql`(${told} is null and ${own} = 'unknown')`
    case "reserved":
      return sql`(${told} is null and ${own} is null)`
    default:
      return sql`${told} = ${status}`
  }
}

const columns = (sql: SqlClient.SqlClient) => sql`m.id, m.conversation_id, m.campaign_id`

export const outgoing = (
  sql: SqlClient.SqlClient,
  instanceId: InstanceId,
  { campaignId, conversationId, status }: MessageFilter,
  family: Family | undefined,
  range: Range
): ReadonlyArray<Scan> => {
  const { after, before } = range
  const inConversation = conversationId === undefined ? [] : [sql`m.conversation_id = ${conversationId}`]
  const inCampaign = campaignId === undefined ? [] : [sql`m.campaign_id = ${campaignId}`]
  const withStatus = status === undefined ? [] : [mayBe(sql, status)]

  if (family !== undefined) {
    const matches = [...inConversation, ...inCampaign, ...withStatus]
    const found = (most: number) => sql`outgoing_of(${family}::int[], ${after}::uuid, ${before}::uuid, ${most}) m (id)`
    return [
      {
        newest: (most) =>
          matches.length === 0
            ? sql`select m.id from ${found(most)} order by m.id desc`
            : sql`
                select ${columns(sql)} from (select m.id from ${found(most)}) f
                join message m on m.id = f.id
                order by m.id desc`,
        matches
      }
    ]
  }

  if (campaignId !== undefined) {
    return [
      {
        newest: (most) => sql`
          select ${columns(sql)} from message m
          where exists (select from campaign c where c.id = ${campaignId} and c.instance_id = ${instanceId})
            and m.campaign_id is not null
            and ${ofOwner(sql, { owner: sql`m.campaign_id`, id: sql`m.id`, value: campaignId }, range, most)}`,
        matches: withStatus
      }
    ]
  }

  const settledAs =
    (status: Statement.Fragment): Scan["newest"] =>
    (most) =>
      sql`
      select o.message_id as id from outcome o
      where o.status = ${status} and ${ofOwner(sql, { owner: sql`o.instance_id`, id: sql`o.message_id`, value: instanceId }, range, most)}`

  const untold = sql`not exists (select from message_state s where s.message_id = m.id)`

  switch (status) {
    case "failed":
      return [
        { newest: settledAs(sql`'failed'`), matches: [] },
        {
          newest: (most) => sql`
            select h.message_id as id from message_status h
            where h.status = 'failed' and h.message_id >= ${after}::uuid and h.message_id < ${before}::uuid
            order by h.message_id desc limit ${most}`,
          matches: [sql`(select o.instance_id from message o where o.id = m.id) = ${instanceId}`]
        }
      ]
    case "unknown":
      return [{ newest: settledAs(sql`'unknown'`), matches: [untold] }]
    case "reserved":
      return [
        {
          newest: (most) => sql`
            select a.message_id as id from attempt a
            where a.instance_id = ${instanceId} and a.message_id >= ${after}::uuid and a.message_id < ${before}::uuid
            order by a.message_id desc limit ${most}`,
          matches: [untold]
        }
      ]
    default:
      return [
        {
          newest: (most) => sql`
            select ${columns(sql)} from message m
            where ${ofOwner(sql, { owner: sql`m.instance_id`, id: sql`m.id`, value: instanceId }, range, most)}`,
          matches: withStatus
        }
      ]
  }
}
