import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/**
 * Ways to messages that somebody asks for. The tables of messages are written at their end only, and these indexes keep
 * to that: by instance and by campaign ids grow, and by contact they begin with a period, so that a new row lands among
 * those of the last days and not anywhere in years of them. Whoever follows a contact goes from period to period.
 */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  // The first 20 of the 48 bits in which an id (UUID v7) tells its millisecond: 2^28 of them, three days and a bit.
  yield* sql`
    create function message_period(id uuid) returns int
    language sql immutable parallel safe
    return (get_byte(uuid_send(id), 0) << 12) | (get_byte(uuid_send(id), 1) << 4) | (get_byte(uuid_send(id), 2) >> 4)`

  yield* sql`create index message_instance on message (instance_id, id)`
  yield* sql`create index message_contact on message (message_period(id), contact_id, id)`
  yield* sql`create index message_campaign on message (campaign_id, id) where campaign_id is not null`
  yield* sql`create index inbound_message_instance on inbound_message (instance_id, id)`
  yield* sql`create index inbound_message_contact on inbound_message (message_period(id), contact_id, id)`

  // Few are so, and those are what people look for. Not on message_state: an index that knows its status would make
  // every change of one write to all of its indexes.
  yield* sql`create index outcome_failed on outcome (instance_id, message_id) where status = 'failed'`
  yield* sql`create index outcome_open on outcome (instance_id, message_id) where status = 'unknown'`
  yield* sql`create index message_status_failed on message_status (message_id) where status = 'failed'`

  for (const [name, table] of [
    ["outgoing_of", "message"],
    ["incoming_of", "inbound_message"]
  ] as const) {
    yield* sql`
      create function ${sql(name)}(contacts int[], after uuid, before uuid, most int) returns setof uuid
      language plpgsql stable rows 50
      -- One plan for all periods, maybe made while the table is empty: making it anew for each costs more than the search.
      set enable_seqscan = off
      set plan_cache_mode = force_generic_plan
      as $of$
      declare
        newest uuid := (select m.id from ${sql(table)} m order by m.id desc limit 1);
        oldest uuid := (select m.id from ${sql(table)} m order by m.id limit 1);
        missing int := most;
        got int;
      begin
        if newest is null then
          return;
        end if;
        for period in reverse
          message_period(least(newest, before)) .. message_period(greatest(oldest, after))
        loop
          return query
            select f.id
            from unnest(contacts) c (id)
            cross join lateral (
              select m.id
              from ${sql(table)} m
              where message_period(m.id) = period and m.contact_id = c.id and m.id >= after and m.id < before
              order by m.id desc
              limit missing
            ) f
            order by f.id desc
            limit missing;
          get diagnostics got = row_count;
          missing := missing - got;
          exit when missing = 0;
        end loop;
      end
      $of$`
  }
})
