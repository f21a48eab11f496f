import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/**
 * What follows a settlement is one function, for sets and for few alike. Both take attempts away in the order of their
 * ids: whoever settles the same ones elsewhere does so, too, and nobody waits in a circle.
 */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  // What changes with sends that were settled just now: keys that are free again, names, places.
  yield* sql`
    create or replace function follow_settlements(settled send_settlement[])
    returns void
    language plpgsql
    set enable_seqscan = off
    as $follow$
    #variable_conflict use_column
    declare
      freed   uuid[];
      renamed int[];
      placed  int[];
    begin
      select array_agg(r.message_id) filter (where r.frees_key) into freed from unnest(settled) r;

      if freed is not null then
        delete from idempotency_key where message_id = any (freed);
      end if;

      -- What moves: the latest message of a contact or conversation speaks for it.
      select array_agg(c.id order by c.id) into renamed
      from unnest(settled) r,
        lateral (select m.contact_id from message m where m.id = r.message_id offset 0) m,
        lateral (select coalesce(a.merged_into, a.id) as id from contact a where a.id = m.contact_id offset 0) a,
        lateral (select c.id, c.name from contact c where c.id = a.id offset 0) c
      where r.status <> 'failed' and r.contact_name is not null and c.name is distinct from r.contact_name;

      if renamed is not null then
        perform from contact where id = any (renamed) order by id for no key update;
        update contact c set name = n.contact_name
        from (
          select distinct on (a.id) a.id, r.contact_name
          from unnest(settled) r,
            lateral (select m.contact_id from message m where m.id = r.message_id offset 0) m,
            lateral (select coalesce(a.merged_into, a.id) as id from contact a where a.id = m.contact_id offset 0) a
          where r.status <> 'failed' and r.contact_name is not null and a.id = any (renamed)
          order by a.id, r.message_id desc
        ) n
        where c.id = n.id;
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
    $follow$`

  yield* sql`
    create or replace function settle_sends(input json)
    returns void
    language plpgsql
    -- As in reserve_sends: plans made on empty tables must fit large ones.
    set enable_seqscan = off
    -- By a bitmap, attempts would be locked as they lie in the table.
    set enable_bitmapscan = off
    as $settle$
    #variable_conflict use_column
    declare
      asked    send_settlement[];
      attempts uuid[];
      moves    boolean;
      fails    boolean;
      settled  send_settlement[];
    begin
      select array_agg(r), array_agg(r.attempt_id),
        bool_or(r.frees_key or (r.status <> 'failed' and (r.contact_name is not null or r.queue_id is not null))),
        bool_or(r.status = 'failed')
      into asked, attempts, moves, fails
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
        returning attempt_id, message_id, instance_id, status, settled_at
      ), told as (
        insert into event (id, instance_id, type, at, message_id)
        select event_id(k.message_id, heard_as(k.status)), k.instance_id, 'message.' || heard_as(k.status), k.settled_at, k.message_id
        from kept k
        -- Where Meta has already told what became of what nobody knew, or that it failed, there is nothing left to tell.
        where not case k.status
          when 'unknown' then exists (select from message_state s where s.message_id = k.message_id)
          when 'failed' then exists (
            select from message_status h where h.message_id = k.message_id and h.status = 'failed'
          )
          else false
        end
      )
      select array_agg(attempt_id) into attempts from kept;

      -- A failure of our own outweighs that Meta has sent the message (core: StatusHistory).
      if fails then
        update message_state s set status = 'failed', at = r.settled_at
        from unnest(asked) r
        where r.status = 'failed' and r.attempt_id = any (attempts) and s.message_id = r.message_id and s.status = 'sent';
      end if;

      if not moves then
        return;
      end if;

      -- Of an attempt that was settled before, by whoever came first, nothing more is changed.
      select array_agg(r) into settled
      from unnest(asked) r
      where (r.frees_key or (r.status <> 'failed' and (r.contact_name is not null or r.queue_id is not null)))
        and r.attempt_id = any (attempts);

      if settled is not null then
        perform follow_settlements(settled);
      end if;
    end
    $settle$`

  yield* sql`
    create or replace function settle_few(input json)
    returns void
    language plpgsql
    -- As in reserve_sends: plans made on empty tables must fit large ones.
    set enable_seqscan = off
    as $settle$
    #variable_conflict use_column
    declare
      r       send_settlement;
      own     record;
      -- Those that change something else too.
      settled send_settlement[];
    begin
      for r in select * from json_populate_recordset(null::send_settlement, input) loop
        delete from attempt where id = r.attempt_id returning message_id, instance_id into own;
        -- Of an attempt that was settled before, by whoever came first, nothing more is changed.
        if own.message_id is null then
          continue;
        end if;
        insert into outcome (
          attempt_id, message_id, instance_id, status, wamid, wa_id, failure, reason, calls, settled_at
        )
        values (
          r.attempt_id, own.message_id, own.instance_id, r.status, r.wamid, r.wa_id, r.failure, r.reason, r.calls,
          r.settled_at
        )
        on conflict do nothing;
        -- A failure of our own outweighs that Meta has sent the message (core: StatusHistory).
        if r.status = 'failed' then
          update message_state s set status = 'failed', at = r.settled_at
          where s.message_id = own.message_id and s.status = 'sent';
        end if;
        -- Where Meta has already told what became of what nobody knew, or that it failed, there is nothing left to tell.
        if not (
          case r.status
            when 'unknown' then exists (select from message_state s where s.message_id = own.message_id)
            when 'failed' then exists (
              select from message_status h where h.message_id = own.message_id and h.status = 'failed'
            )
            else false
          end
        ) then
          insert into event (id, instance_id, type, at, message_id)
          values (
            event_id(own.message_id, heard_as(r.status)), own.instance_id, 'message.' || heard_as(r.status), r.settled_at,
            own.message_id
          );
        end if;
        if r.frees_key or (r.status <> 'failed' and (r.contact_name is not null or r.queue_id is not null)) then
          settled := settled || r;
        end if;
      end loop;

      if settled is not null then
        perform follow_settlements(settled);
      end if;
    end
    $settle$`
})
