/** Writes what updates came to, a table at a time and only where there is something to write. */
import { DateTime, Effect, Schema } from "effect"
import type { SqlClient } from "effect/sql"
import type { SqlError } from "effect/sql/SqlError"
import type { Changes } from "../../../core/inbound/application/Changes.ts"
import type { SetAside } from "../../../core/inbound/application/arrivals.ts"
import { nextLook } from "../../../core/inbound/application/parking.ts"
import { Content } from "../../../core/inbound/Content.ts"
import { Context, Referral } from "../../../core/inbound/InboundMessage.ts"
import { Pricing } from "../../../core/message/StatusHistory.ts"
import { Component } from "../../../core/template/Component.ts"
import { iso, parkedJson } from "./rows.ts"

type Statement = Effect.Effect<unknown, SqlError>

const encodePricing = Schema.encodeSync(Pricing)
const encodeContent = Schema.encodeSync(Content)
const encodeContext = Schema.encodeSync(Context)
const encodeReferral = Schema.encodeSync(Referral)
const encodeComponents = Schema.encodeSync(Schema.Array(Component))

/** The rows as one JSON parameter; nothing is run where there are none. */
const each = <A>(
  items: ReadonlyArray<A>,
  toRow: (item: A) => object,
  statement: (json: string) => Statement
): Statement => (items.length === 0 ? Effect.void : statement(JSON.stringify(items.map(toRow))))

/** Messages and what became of them. */
const messages = (sql: SqlClient.SqlClient, changes: Changes, now: DateTime.Utc): ReadonlyArray<Statement> => [
  each(
    changes.statuses,
    ({ at, errors, messageId, pricing, receivedAt, status, wamid }) => ({
      message_id: messageId,
      status,
      at: iso(at),
      received_at: iso(receivedAt),
      wamid,
      errors,
      pricing: pricing === undefined ? undefined : encodePricing(pricing)
    }),
    (json) => sql`
      insert into message_status (message_id, status, at, received_at, wamid, errors, pricing)
      select message_id, status, at, received_at, wamid, errors, pricing
      from json_to_recordset(${json}::json) as r(
        message_id uuid, status text, at timestamptz, received_at timestamptz, wamid text, errors json, pricing json
      )
      on conflict do nothing`
  ),
  each(
    changes.states,
    ({ at, instanceId, messageId, status, wamid }) => ({
      message_id: messageId,
      instance_id: instanceId,
      status,
      wamid,
      at: iso(at)
    }),
    (json) => sql`
      insert into message_state as s (message_id, instance_id, status, wamid, at)
      select message_id, instance_id, status, wamid, at
      from json_to_recordset(${json}::json) as r(message_id uuid, instance_id int, status text, wamid text, at timestamptz)
      on conflict (message_id) do update set status = excluded.status, at = excluded.at
      where s.status <> excluded.status or s.at <> excluded.at`
  ),
  each(
    changes.parked,
    (parked) => ({
      instance_id: parked.instanceId,
      wamid: parked.update.wamid,
      update: parkedJson(parked),
      received_at: iso(parked.receivedAt),
      tries: parked.tries,
      next_at: iso(nextLook(parked, now))
    }),
    (json) => sql`
      insert into parked_status (instance_id, wamid, update, received_at, tries, next_at)
      select instance_id, wamid, update, received_at, tries, next_at
      from json_to_recordset(${json}::json) as r(
        instance_id int, wamid text, update json, received_at timestamptz, tries int, next_at timestamptz
      )`
  ),
  each(
    changes.inbound,
    ({ at, content, context, errors, receivedAt, referral, ...message }) => ({
      id: message.id,
      instance_id: message.instanceId,
      contact_id: message.contactId,
      conversation_id: message.conversationId,
      wamid: message.wamid,
      kind: content.type,
      text: message.text,
      content: encodeContent(content),
      context: context === undefined ? undefined : encodeContext(context),
      referral: referral === undefined ? undefined : encodeReferral(referral),
      errors,
      at: iso(at),
      received_at: iso(receivedAt)
    }),
    (json) => sql`
      insert into inbound_message (
        id, instance_id, contact_id, conversation_id, wamid, kind, text, content, context, referral, errors, at, received_at
      )
      select id, instance_id, contact_id, conversation_id, wamid, kind, text, content, context, referral, errors, at, received_at
      from json_to_recordset(${json}::json) as r(
        id uuid, instance_id int, contact_id int, conversation_id int, wamid text, kind text, text text, content json,
        context json, referral json, errors json, at timestamptz, received_at timestamptz
      )`
  ),
  each(
    changes.media,
    ({ instanceId, kind, media, messageId, receivedAt }) => ({
      message_id: messageId,
      instance_id: instanceId,
      meta_id: media.id,
      kind,
      mime_type: media.mimeType,
      sha256: media.sha256,
      filename: media.filename,
      received_at: iso(receivedAt)
    }),
    (json) => sql`
      insert into media_file (
        message_id, instance_id, meta_id, kind, mime_type, sha256, filename, state, attempts, next_at, received_at
      )
      select message_id, instance_id, meta_id, kind, mime_type, sha256, filename, 'pending', 0, received_at, received_at
      from json_to_recordset(${json}::json) as r(
        message_id uuid, instance_id int, meta_id text, kind text, mime_type text, sha256 text, filename text,
        received_at timestamptz
      )`
  )
]

/** What an operator has set up, as Meta sees it by now. */
const settings = (sql: SqlClient.SqlClient, changes: Changes, now: DateTime.Utc): ReadonlyArray<Statement> => [
  each(
    changes.templates,
    ({ category, components, id, instanceId, quality, status, toldAt }) => ({
      id,
      instance_id: instanceId,
      category,
      status,
      components: encodeComponents(components),
      quality,
      told_at: toldAt
    }),
    (json) => sql`
      with told as (
        select * from json_to_recordset(${json}::json) as r(
          id int, instance_id int, category text, status text, components jsonb, quality text, told_at jsonb
        )
      ), raised as (
        update instance set revision = revision + 1 where id in (select instance_id from told)
      )
      update template t set category = r.category, status = r.status, components = r.components, quality = r.quality,
        told_at = r.told_at
      from told r where t.id = r.id and t.instance_id = r.instance_id`
  ),
  each(
    changes.health,
    ({ aspect, at, instanceId, value }) => ({ instance_id: instanceId, aspect, value, at: iso(at) }),
    (json) => sql`
      insert into instance_health (instance_id, aspect, value, at)
      select instance_id, aspect, value::json, at
      from json_to_recordset(${json}::json) as r(instance_id int, aspect text, value text, at timestamptz)
      on conflict (instance_id, aspect) do update set value = excluded.value, at = excluded.at`
  ),
  each(
    changes.seen,
    ({ instanceId, key }) => ({ instance_id: instanceId, key }),
    (json) => sql`
      insert into seen_update (instance_id, key_hash, seen_at)
      select instance_id, sha256(convert_to(key, 'UTF8')), ${DateTime.toDate(now)}
      from json_to_recordset(${json}::json) as r(instance_id int, key text)
      on conflict do nothing`
  )
]

/** Last, so that the feed has them in the order in which they came about. */
const events = (sql: SqlClient.SqlClient, changes: Changes, now: DateTime.Utc): Statement =>
  each(
    changes.events,
    ({ at, contactId, data, id, instanceId, messageId, type }) => ({
      id,
      instance_id: instanceId,
      type,
      at: iso(at),
      message_id: messageId,
      contact_id: contactId,
      data
    }),
    (json) => sql`
      insert into event (id, instance_id, type, at, heard_at, message_id, contact_id, data)
      select id, instance_id, type, at, ${DateTime.toDate(now)}, message_id, contact_id, data
      from rows from (json_to_recordset(${json}::json) as (
        id text, instance_id int, type text, at timestamptz, message_id uuid, contact_id int, data json
      )) with ordinality as r(id, instance_id, type, at, message_id, contact_id, data, place)
      order by place`
  )

export const setAside = (sql: SqlClient.SqlClient, items: ReadonlyArray<SetAside>, now: DateTime.Utc): Statement =>
  each(
    items,
    ({ detail, path, payload, raw, reason, receivedAt, source }) => ({
      source,
      reason,
      detail,
      path,
      raw,
      payload,
      received_at: iso(receivedAt)
    }),
    (json) => sql`
      insert into quarantine (source, reason, detail, path, raw, payload, received_at, set_aside_at)
      select source, reason, detail, path, raw, payload, received_at, ${DateTime.toDate(now)}
      from json_to_recordset(${json}::json) as r(
        source text, reason text, detail text, path text, raw text, payload text, received_at timestamptz
      )`
  )

export const write = (sql: SqlClient.SqlClient, changes: Changes, now: DateTime.Utc) =>
  Effect.forEach(
    [...messages(sql, changes, now), ...settings(sql, changes, now), events(sql, changes, now)],
    (statement) => statement,
    { discard: true }
  )
