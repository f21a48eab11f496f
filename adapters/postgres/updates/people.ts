/**
 * Writes down who is who. Known rows are locked since they were looked up; new ones come in the order of their lines, as a
 * reservation makes them, so that neither waits for the other in a circle; and every line is given up before it is
 * taken, for a line has one holder.
 */
import { type DateTime, Effect } from "effect"
import type { SqlClient } from "effect/sql"
import type { ContactId } from "../../../core/contact/Contact.ts"
import type { Changes, PersonChange } from "../../../core/inbound/application/Changes.ts"
import { iso } from "./rows.ts"

const maybe = (at: DateTime.Utc | undefined): string | undefined => (at === undefined ? undefined : iso(at))

/** A contact and its aliases, as rows of one table. */
const rowsOf = ({ aliases, keys: _keys, retired: _retired, ...person }: PersonChange) => {
  const own = {
    id: person.id,
    instance_id: person.instanceId,
    number: person.number,
    identity_key: person.identityKey,
    name: person.name,
    username: person.username,
    user_id: person.userId,
    last_inbound_at: maybe(person.lastInboundAt),
    opt_out_at: maybe(person.marketingOptOutAt),
    created_at: iso(person.createdAt),
    merged_into: undefined
  }
  return [
    own,
    ...aliases.map((alias) => ({
      id: alias.id,
      instance_id: person.instanceId,
      identity_key: alias.identityKey,
      opt_out_at: own.opt_out_at,
      created_at: own.created_at,
      merged_into: person.id
    }))
  ]
}

export const writePeople = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  { consents, conversations, people }: Pick<Changes, "people" | "consents" | "conversations">,
  fresh: ReadonlySet<ContactId>
) {
  if (people.length === 0) return
  const rows = people.flatMap(rowsOf)
  const known = JSON.stringify(rows.filter(({ id }) => !fresh.has(id)))

  if (rows.length > fresh.size) {
    yield* sql`
      update contact c set identity_key = null
      from json_to_recordset(${known}::json) as r(id int, identity_key text)
      where c.id = r.id and c.identity_key is not null and c.identity_key is distinct from r.identity_key`
  }
  if (fresh.size > 0) {
    yield* sql`
      insert into contact (
        id, instance_id, number, identity_key, name, username, user_id, last_inbound_at, marketing_opt_out_at, created_at,
        merged_into
      )
      select id, instance_id, number, identity_key, name, username, user_id, last_inbound_at, opt_out_at, created_at, merged_into
      from json_to_recordset(${JSON.stringify(rows.filter(({ id }) => fresh.has(id)))}::json) as r(
        id int, instance_id int, number text, identity_key text, name text, username text, user_id text,
        last_inbound_at timestamptz, opt_out_at timestamptz, created_at timestamptz, merged_into int
      )
      order by instance_id, identity_key`
  }
  if (rows.length > fresh.size) {
    yield* sql`
      update contact c set number = coalesce(r.number, case when r.merged_into is not null then c.number end),
        identity_key = r.identity_key, name = coalesce(c.name, r.name), username = coalesce(r.username, c.username),
        user_id = r.user_id, last_inbound_at = greatest(c.last_inbound_at, r.last_inbound_at),
        marketing_opt_out_at = r.opt_out_at, merged_into = r.merged_into
      from json_to_recordset(${known}::json) as r(
        id int, number text, identity_key text, name text, username text, user_id text, last_inbound_at timestamptz,
        opt_out_at timestamptz, merged_into int
      )
      where c.id = r.id and (
        c.number, c.identity_key, c.name, c.username, c.user_id, c.last_inbound_at, c.marketing_opt_out_at, c.merged_into
      ) is distinct from (
        coalesce(r.number, case when r.merged_into is not null then c.number end), r.identity_key, coalesce(c.name, r.name),
        coalesce(r.username, c.username), r.user_id, greatest(c.last_inbound_at, r.last_inbound_at), r.opt_out_at,
        r.merged_into
      )`
  }

  const keys = people.flatMap(({ id, instanceId, keys }) =>
    keys.map(({ kind, since, until, value }) => ({
      instance_id: instanceId,
      contact_id: id,
      kind,
      value,
      since: iso(since),
      until: maybe(until)
    }))
  )
  const holders = people.flatMap(({ id, retired }) => [id, ...retired])
  yield* sql`
    with kept as (
      select * from json_to_recordset(${JSON.stringify(keys)}::json) as r(
        instance_id int, contact_id int, kind text, value text, since timestamptz, until timestamptz
      )
    ), gone as (
      delete from contact_key k where k.contact_id = any (${holders}::int[]) and not exists (
        select from kept r where (r.contact_id, r.kind, r.value, r.since) = (k.contact_id, k.kind, k.value, k.since)
          and r.until is not distinct from k.until
      )
    )
    insert into contact_key (instance_id, contact_id, kind, value, since, until)
    select instance_id, contact_id, kind, value, since, until from kept r
    where not exists (
      select from contact_key k where (r.contact_id, r.kind, r.value, r.since) = (k.contact_id, k.kind, k.value, k.since)
        and r.until is not distinct from k.until
    )`

  const moved = people.flatMap(({ id, retired }) => retired.map((one) => ({ retired: one, survivor: id })))
  if (moved.length > 0) {
    yield* sql`
      with moved as (
        select * from json_to_recordset(${JSON.stringify(moved)}::json) as r(retired int, survivor int)
      ), gone as (
        delete from contact_consent t using moved r where t.contact_id = r.retired returning t.*, r.survivor
      )
      insert into contact_consent (instance_id, contact_id, intent, source, at, heard_at)
      select instance_id, survivor, intent, source, at, heard_at from gone
      on conflict do nothing`
  }
  if (consents.length > 0) {
    const changes = consents.map(({ at, contactId, heardAt, instanceId, intent, source }) => ({
      instance_id: instanceId,
      contact_id: contactId,
      intent,
      source,
      at: iso(at),
      heard_at: iso(heardAt)
    }))
    yield* sql`
      insert into contact_consent (instance_id, contact_id, intent, source, at, heard_at)
      select instance_id, contact_id, intent, source, at, heard_at
      from json_to_recordset(${JSON.stringify(changes)}::json) as r(
        instance_id int, contact_id int, intent text, source text, at timestamptz, heard_at timestamptz
      )
      on conflict do nothing`
  }
  yield* writeConversations(sql, conversations)
})

const writeConversations = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  { closed, moved, opened }: Changes["conversations"]
) {
  const changed = [...closed, ...moved].map(({ id }) => id)
  if (changed.length > 0) {
    yield* sql`select from conversation where id = any (${changed}::int[]) order by id for no key update`
  }
  if (closed.length > 0) {
    const json = JSON.stringify(closed.map(({ at, id }) => ({ id, at: iso(at) })))
    yield* sql`
      update conversation v set closed_at = r.at
      from json_to_recordset(${json}::json) as r(id int, at timestamptz)
      where v.id = r.id and v.closed_at is null`
  }
  if (moved.length > 0) {
    const json = JSON.stringify(moved.map(({ contactId, id }) => ({ id, contact_id: contactId })))
    yield* sql`
      update conversation v set contact_id = r.contact_id
      from json_to_recordset(${json}::json) as r(id int, contact_id int)
      where v.id = r.id`
  }
  if (opened.length > 0) {
    const json = JSON.stringify(
      opened.map(({ closedAt, contactId, id, instanceId, openedAt }) => ({
        id,
        instance_id: instanceId,
        contact_id: contactId,
        opened_at: iso(openedAt),
        closed_at: maybe(closedAt)
      }))
    )
    yield* sql`
      insert into conversation (id, instance_id, contact_id, opened_at, closed_at)
      select id, instance_id, contact_id, opened_at, closed_at
      from json_to_recordset(${json}::json) as r(
        id int, instance_id int, contact_id int, opened_at timestamptz, closed_at timestamptz
      )
      order by contact_id`
  }
})
