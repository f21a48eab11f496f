import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/**
 * Settles many sends in one statement and one commit. Each attempt moves to its outcome once, whoever
 * comes first; a second settlement of it finds nothing to move and changes nothing. What the send was
 * to change (a contact's name, an open conversation's place) changes with it, unless it failed.
 *
 * Contacts and conversations are locked in the order of their ids before they are written, so that two
 * settlements never wait for each other in a circle.
 *
 * Takes a JSON array of `send_settlement`.
 */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  yield* sql`
    create type send_settlement as (
      message_id   uuid,
      attempt_id   uuid,
      status       text,
      wamid        text,
      wa_id        text,
      failure      jsonb,
      reason       text,
      frees_key    boolean,
      calls        int,
      contact_name text,
      queue_id     int,
      status_id    int,
      settled_at   timestamptz
    )`

  yield* sql`
    create function settle_sends(input json)
    returns void
    language plpgsql
    -- As in reserve_sends: plans made on empty tables must fit large ones.
    set enable_seqscan = off
    as $settle$
    #variable_conflict use_column
    declare
      asked    send_settlement[];
      attempts uuid[];
      moves    boolean;
      settled  send_settlement[];
      freed    uuid[];
      renamed  int[];
      placed   int[];
    begin
      select array_agg(r), array_agg(r.attempt_id),
        bool_or(r.frees_key or (r.status <> 'failed' and (r.contact_name is not null or r.queue_id is not null)))
      into asked, attempts, moves
      from json_populate_recordset(null::send_settlement, input) r;

      with gone as (
        delete from attempt where id = any (attempts) returning id, message_id, instance_id
      ), kept as (
        insert into outcome (
          attempt_id, message_id, instance_id, status, wamid, wa_id, failure, reason, calls, settled_at
        )
        select g.id, g.message_id, g.instance_id, r.status, r.wamid, r.wa_id, r.failure, r.reason, r.calls, r.settled_at
        from gone g
        join unnest(asked) r on r.attempt_id = g.id
        on conflict do nothing
        returning attempt_id
      )
      select array_agg(attempt_id) into attempts from kept;

      if not moves then
        return;
      end if;

      -- Of an attempt that was settled before, by whoever came first, nothing more is changed.
      select array_agg(r), array_agg(r.message_id) filter (where r.frees_key) into settled, freed
      from unnest(asked) r
      where (r.frees_key or (r.status <> 'failed' and (r.contact_name is not null or r.queue_id is not null)))
        and r.attempt_id = any (attempts);

      if settled is null then
        return;
      end if;

      if freed is not null then
        delete from idempotency_key where message_id = any (freed);
      end if;

      -- What moves: the latest message of a contact or conversation speaks for it.
      select array_agg(c.id order by c.id) into renamed
      from unnest(settled) r,
        lateral (select m.contact_id from message m where m.id = r.message_id offset 0) m,
        lateral (select c.id, c.name from contact c where c.id = m.contact_id offset 0) c
      where r.status <> 'failed' and r.contact_name is not null and c.name is distinct from r.contact_name;

      if renamed is not null then
        perform from contact where id = any (renamed) order by id for no key update;
        update contact c set name = n.contact_name
        from (
          select distinct on (m.contact_id) m.contact_id, r.contact_name
          from unnest(settled) r,
            lateral (select m.contact_id from message m where m.id = r.message_id offset 0) m
          where r.status <> 'failed' and r.contact_name is not null and m.contact_id = any (renamed)
          order by m.contact_id, r.message_id desc
        ) n
        where c.id = n.contact_id;
      end if;

      select array_agg(v.id order by v.id) into placed
      from unnest(settled) r,
        lateral (select m.conversation_id from message m where m.id = r.message_id offset 0) m,
        lateral (
          select v.id, v.queue_id, v.status_id from conversation v
          where v.id = m.conversation_id and v.closed_at is null offset 0
        ) v
      where r.status <> 'failed' and r.queue_id is not null
        and (v.queue_id is distinct from r.queue_id or v.status_id is distinct from r.status_id);

      if placed is not null then
        perform from conversation where id = any (placed) order by id for no key update;
        update conversation v set queue_id = n.queue_id, status_id = n.status_id
        from (
          select distinct on (m.conversation_id) m.conversation_id, r.queue_id, r.status_id
          from unnest(settled) r,
            lateral (select m.conversation_id from message m where m.id = r.message_id offset 0) m
          where r.status <> 'failed' and r.queue_id is not null and m.conversation_id = any (placed)
          order by m.conversation_id, r.message_id desc
        ) n
        where v.id = n.conversation_id;
      end if;
    end
    $settle$`
})
