/** By which way the wanted messages that contacts wrote are found. */
import type { SqlClient } from "effect/sql"
import type { InstanceId } from "../../../core/instance/Instance.ts"
import type { MessageFilter } from "../../../core/message/Messages.ts"
import type { Family } from "./family.ts"
import { ofOwner, type Range, type Scan } from "./scan.ts"

export const incoming = (
  sql: SqlClient.SqlClient,
  instanceId: InstanceId,
  { conversationId }: MessageFilter,
  family: Family | undefined,
  range: Range
): Scan => {
  const { after, before } = range
  if (family === undefined) {
    return {
      newest: (most) => sql`
        select m.id from inbound_message m
        where ${ofOwner(sql, { owner: sql`m.instance_id`, id: sql`m.id`, value: instanceId }, range, most)}`,
      matches: []
    }
  }
  const found = (most: number) => sql`incoming_of(${family}::int[], ${after}::uuid, ${before}::uuid, ${most}) m (id)`
  return conversationId === undefined
    ? { newest: (most) => sql`select m.id from ${found(most)} order by m.id desc`, matches: [] }
    : {
        newest: (most) => sql`
          select m.id, m.conversation_id from (select m.id from ${found(most)}) f
          join inbound_message m on m.id = f.id
          order by m.id desc`,
        matches: [sql`m.conversation_id = ${conversationId}`]
      }
}
