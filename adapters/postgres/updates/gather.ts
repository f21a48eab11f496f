/** Looks up everything that the updates of a batch need, a table at a time, and only where something is wanted. */
import { DateTime, Effect, Schema } from "effect"
import type { SqlClient } from "effect/sql"
import { ContactId } from "../../../core/contact/Contact.ts"
import { identityKey, PhoneNumber } from "../../../core/contact/PhoneNumber.ts"
import {
  type Arrival,
  type Facts,
  type ParkedStatus,
  type Wanted,
  within
} from "../../../core/inbound/application/Facts.ts"
import { toldIn } from "../../../core/inbound/application/Told.ts"
import { recipientsOf, wantedOf } from "../../../core/inbound/application/wanted.ts"
import { InstanceId } from "../../../core/instance/Instance.ts"
import * as rows from "./rows.ts"

/** Meta tells of a message for thirty days. */
const daysOfStatuses = 31

const isPhoneNumber = Schema.is(PhoneNumber)

const reader = <A, I>(schema: Schema.Codec<A, I>) => Schema.decodeUnknownEffect(Schema.Array(schema))

const readMessages = reader(rows.MessageRow)
const readHeld = reader(Schema.Struct({ id: ContactId, merged_into: Schema.NullOr(ContactId) }))
const readContacts = reader(rows.ContactRow)
const readTemplates = reader(rows.TemplateRow)
const readHealth = reader(rows.HealthRow)
const readInbound = reader(Schema.Struct({ instance_id: InstanceId, wamid: Schema.String }))
const readSeen = reader(Schema.Struct({ instance_id: InstanceId, key: Schema.String }))

export const gather = (
  sql: SqlClient.SqlClient,
  arrivals: ReadonlyArray<Arrival>,
  parked: ReadonlyArray<ParkedStatus>,
  now: DateTime.Utc
) =>
  Effect.gen(function* () {
    const wanted = wantedOf(arrivals, parked)
    const messages = wanted.statuses.length === 0 ? [] : yield* messagesOf(sql, wanted, now)
    return {
      messages,
      contacts: yield* contactsOf(sql, wanted, recipientsOf(toldIn(arrivals, parked), messages)),
      seen: wanted.seen.length === 0 ? new Set<string>() : yield* seenOf(sql, wanted),
      inbound: wanted.inbound.length === 0 ? new Set<string>() : yield* inboundOf(sql, wanted),
      templates: wanted.templates.length === 0 ? [] : yield* templatesOf(sql, wanted),
      health: wanted.health.length === 0 ? [] : yield* healthOf(sql, wanted)
    } satisfies Facts
  })

/**
 * By the attempt that came back with the status; else by Meta's id: among those that Meta has told of, then among the
 * outcomes of the last days, day by day, as the index has them.
 */
const messagesOf = (sql: SqlClient.SqlClient, { statuses }: Wanted, now: DateTime.Utc) => {
  const asked = JSON.stringify(
    statuses.map(({ attemptId, instanceId, wamid }) => ({ instance_id: instanceId, attempt_id: attemptId, wamid }))
  )
  return sql`
    with asked as (
      select a.instance_id, a.wamid, a.attempt_id,
        coalesce(
          (select o.message_id from outcome o where o.attempt_id = a.attempt_id and o.instance_id = a.instance_id),
          (select t.message_id from attempt t where t.id = a.attempt_id and t.instance_id = a.instance_id)
        ) as message_id
      from json_to_recordset(${asked}::json) as a(instance_id int, attempt_id uuid, wamid text)
    ), named as (
      select case when a.message_id is not null then a.attempt_id end as attempt_id, coalesce(
        a.message_id,
        (
          select s.message_id from message_state s
          where s.instance_id = a.instance_id and hashtextextended(s.wamid, 0) = hashtextextended(a.wamid, 0)
            and s.wamid = a.wamid
          limit 1
        ),
        (
          select o.message_id
          from generate_series(0, ${daysOfStatuses}::int) ago,
            lateral (
              select o.message_id, o.instance_id, o.wamid from outcome o
              where o.wamid is not null
                and date_bin(interval '1 day', o.settled_at, timestamptz '2000-01-01 00:00:00+00')
                  = date_bin(interval '1 day', ${DateTime.toDate(now)}::timestamptz, timestamptz '2000-01-01 00:00:00+00')
                    - ago * interval '1 day'
                and hashtextextended(o.wamid, 0) = hashtextextended(a.wamid, 0)
              offset 0
            ) o
          where o.instance_id = a.instance_id and o.wamid = a.wamid
          limit 1
        )
      ) as message_id
      from asked a
    ), found as (
      select distinct on (message_id) message_id, attempt_id from named
      where message_id is not null
      order by message_id, attempt_id
    )
    select m.id, coalesce(o.attempt_id, f.attempt_id) as attempt_id, m.instance_id, m.contact_id,
      (
        select array_agg(k.value) from contact c
        join contact_key k on k.contact_id = coalesce(c.merged_into, c.id) and k.kind = 'user_id'
        where c.id = m.contact_id
      ) as user_ids,
      o.status, o.settled_at, o.failure, coalesce(o.wamid, (select s.wamid from message_state s where s.message_id = m.id)) as wamid,
      (
        select json_agg(json_build_object(
          'status', h.status, 'at', h.at, 'received_at', h.received_at, 'errors', h.errors, 'pricing', h.pricing
        ))
        from message_status h where h.message_id = m.id
      ) as heard
    from found f
    join message m on m.id = f.message_id
    left join outcome o on o.message_id = m.id`.pipe(
    Effect.flatMap(readMessages),
    Effect.map((found) => found.map(rows.toMessage))
  )
}

const contactsOf = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  wanted: Wanted,
  recipients: ReturnType<typeof recipientsOf>
) {
  const people = [...wanted.people, ...recipients.people]
  const ids = recipients.contacts
  const asked = people.flatMap(({ instanceId, numbers, userIds }) => [
    ...[...numbers, ...userIds].map((value) => ({ instance_id: instanceId, key: value })),
    ...numbers.filter(isPhoneNumber).map((number) => ({ instance_id: instanceId, identity: identityKey(number) }))
  ])
  if (asked.length === 0 && ids.length === 0) return []
  // Held from here on, in the order in which a settlement would: what follows from them is written on no other grounds.
  const held = yield* sql`
    with asked as (
      select distinct * from json_to_recordset(${JSON.stringify(asked)}::json) as a(instance_id int, key text, identity text)
    ), found as (
      select c.id, c.merged_into from asked a
      join contact c on c.instance_id = a.instance_id and c.identity_key = a.identity
      union
      select c.id, c.merged_into from asked a
      join contact_key k on k.instance_id = a.instance_id and k.value = a.key
      join contact c on c.id = k.contact_id
      union
      select c.id, c.merged_into from contact c where c.id = any (${ids}::int[])
    ), survivor as (
      select distinct coalesce(merged_into, id) as id from found
    )
    select c.id, c.merged_into from (
      select id from survivor
      union all
      select b.id from survivor s join contact b on b.merged_into = s.id
    ) f
    join contact c on c.id = f.id
    order by c.id
    for no key update of c`.pipe(Effect.flatMap(readHeld))
  const survivors = held.flatMap(({ id, merged_into }) => (merged_into === null ? [id] : []))
  if (survivors.length === 0) return []
  const found = yield* sql`
    select c.id, c.instance_id, c.number, c.identity_key, c.name, c.username, c.user_id, c.last_inbound_at, c.created_at,
      (
        select json_agg(json_build_object('kind', k.kind, 'value', k.value, 'since', k.since, 'until', k.until))
        from contact_key k where k.contact_id = c.id
      ) as keys,
      (
        select json_agg(json_build_object('intent', t.intent, 'source', t.source, 'at', t.at))
        from contact_consent t where t.contact_id = c.id
      ) as consents,
      (
        select json_agg(json_build_object('id', b.id, 'identity_key', b.identity_key) order by b.id)
        from contact b where b.merged_into = c.id
      ) as aliases,
      (select v.id from conversation v where v.contact_id = c.id and v.closed_at is null) as open_conversation
    from contact c where c.id = any (${survivors}::int[])`.pipe(Effect.flatMap(readContacts))
  return found.map(rows.toContact)
})

const inboundOf = (sql: SqlClient.SqlClient, { inbound }: Wanted) => {
  const asked = JSON.stringify(inbound.map(({ instanceId, wamid }) => ({ instance_id: instanceId, wamid })))
  return sql`
    select i.instance_id, i.wamid
    from json_to_recordset(${asked}::json) as a(instance_id int, wamid text)
    join inbound_message i on i.instance_id = a.instance_id and i.wamid = a.wamid`.pipe(
    Effect.flatMap(readInbound),
    Effect.map((found) => new Set(found.map(({ instance_id, wamid }) => within(instance_id, wamid))))
  )
}

const seenOf = (sql: SqlClient.SqlClient, { seen }: Wanted) => {
  const asked = JSON.stringify(seen.map(({ instanceId, key }) => ({ instance_id: instanceId, key })))
  return sql`
    select a.instance_id, a.key
    from json_to_recordset(${asked}::json) as a(instance_id int, key text)
    join seen_update s on s.instance_id = a.instance_id and s.key_hash = sha256(convert_to(a.key, 'UTF8'))`.pipe(
    Effect.flatMap(readSeen),
    Effect.map((found) => new Set(found.map(({ instance_id, key }) => within(instance_id, key))))
  )
}

const templatesOf = (sql: SqlClient.SqlClient, { templates }: Wanted) => {
  const asked = JSON.stringify(templates.map(({ instanceId, ...name }) => ({ instance_id: instanceId, ...name })))
  return sql`
    select distinct on (t.id) t.id, t.instance_id, t.name, t.language, t.category, t.status, t.components, t.quality, t.told_at
    from json_to_recordset(${asked}::json) as a(instance_id int, name text, language text)
    join template t on t.instance_id = a.instance_id and t.name = a.name and t.language = a.language`.pipe(
    Effect.flatMap(readTemplates),
    Effect.map((found) => found.map(rows.toTemplate))
  )
}

const healthOf = (sql: SqlClient.SqlClient, { health }: Wanted) =>
  sql`select instance_id, aspect, value, at from instance_health where instance_id = any (${health}::int[])`.pipe(
    Effect.flatMap(readHealth),
    Effect.map((found) => found.map(rows.toHealth))
  )
