import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/**
 * `reserve_sends` and `settle_sends` once more, row by row: over one row in half the time, over ten in the same. They
 * take and answer the same, lock idempotency keys in the same order, and the same contract suites run on them; where people
 * or conversations have to be made, that is left to `reserve_sends`. `keyed` tells whether any row has an idempotency key.
 */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  yield* sql`
    create function reserve_few(input json, keyed boolean)
    returns table (message_id uuid, verdict text, contact_id int, moves boolean)
    language plpgsql
    -- Plans are made once, maybe while the tables are empty, and must fit them when they are large.
    set enable_seqscan = off
    as $reserve$
    #variable_conflict use_column
    declare
      r       send_reservation;
      known   record;
    begin
      -- Whoever makes contacts and conversations takes locks on them, and all must take them in the order of reserve_sends.
      if exists (
        select from json_populate_recordset(null::send_reservation, input) s
        where not case
          when s.contact_id is null then exists (
            select from contact c
            join conversation v on v.contact_id = coalesce(c.merged_into, c.id) and v.closed_at is null
            where c.instance_id = s.instance_id and c.identity_key = s.identity_key
          )
          else exists (
            select from contact c
            join conversation v on v.contact_id = coalesce(c.merged_into, c.id) and v.closed_at is null
            where c.id = s.contact_id
          )
        end
      ) then
        return query select * from reserve_sends(input);
        return;
      end if;

      if keyed then
        perform from idempotency_key k, json_populate_recordset(null::send_reservation, input) s
        where k.instance_id = s.instance_id and k.path = s.key_path and k.key = s.key and k.created_at < s.keys_expired_at
        order by k.instance_id, k.path, k.key
        for update of k;

        delete from idempotency_key k
        using json_populate_recordset(null::send_reservation, input) s
        where k.instance_id = s.instance_id and k.path = s.key_path and k.key = s.key and k.created_at < s.keys_expired_at;

        insert into idempotency_key (instance_id, path, key, body_hash, request_id, message_id, created_at)
        select s.instance_id, s.key_path, s.key, s.key_body_hash, s.key_request_id, s.message_id, s.reserved_at
        from json_populate_recordset(null::send_reservation, input) s
        where s.key is not null
        order by s.instance_id, s.key_path, s.key
        on conflict do nothing;
      end if;

      for r in
        select * from json_populate_recordset(null::send_reservation, input) s
        order by s.instance_id, s.identity_key, s.contact_id, s.message_id
      loop
        message_id := r.message_id;
        contact_id := null;
        moves := null;

        -- Judged on what an operator has set up by now, and for people that exist.
        if r.contact_id is null then
          select i.revision, coalesce(c.merged_into, c.id) as contact_id, c.name, c.marketing_opt_out_at as stopped_at, v.id,
            v.queue_id, v.status_id
          into known
          from instance i
          left join contact c on c.instance_id = i.id and c.identity_key = r.identity_key
          left join conversation v on v.contact_id = coalesce(c.merged_into, c.id) and v.closed_at is null
          where i.id = r.instance_id;
        else
          select i.revision, coalesce(c.merged_into, c.id) as contact_id, c.name, c.marketing_opt_out_at as stopped_at, v.id,
            v.queue_id, v.status_id
          into known
          from instance i
          left join contact c on c.instance_id = i.id and c.id = r.contact_id
          left join conversation v on v.contact_id = coalesce(c.merged_into, c.id) and v.closed_at is null
          where i.id = r.instance_id;
        end if;
        verdict := case
          when r.revision is distinct from coalesce(known.revision, 0) and r.revision is not null then 'stale'
          when r.contact_id is not null and known.contact_id is null then 'contact_gone'
          when r.marketing and known.stopped_at is not null then 'opted_out'
        end;
        if verdict is not null then
          if r.key is not null then
            delete from idempotency_key k
            where k.instance_id = r.instance_id and k.path = r.key_path and k.key = r.key and k.message_id = r.message_id;
          end if;
          return next;
          continue;
        end if;

        if r.key is not null and r.message_id is distinct from (
          select k.message_id from idempotency_key k
          where k.instance_id = r.instance_id and k.path = r.key_path and k.key = r.key
        ) then
          verdict := 'key_taken';
          return next;
          continue;
        end if;

        if known.id is null then
          -- Whoever comes first makes them: what another committed meanwhile is seen by the next statement.
          if known.contact_id is null then
            insert into contact (instance_id, number, identity_key, name, created_at)
            values (r.instance_id, r.number, r.identity_key, r.contact_name, r.reserved_at)
            on conflict do nothing;
            select coalesce(c.merged_into, c.id) into known.contact_id
            from contact c where c.instance_id = r.instance_id and c.identity_key = r.identity_key;
          end if;
          insert into conversation (instance_id, contact_id, queue_id, status_id, opened_at)
          values (r.instance_id, known.contact_id, r.queue_id, r.status_id, r.reserved_at)
          on conflict do nothing;
          select c.name, v.id, v.queue_id, v.status_id into known.name, known.id, known.queue_id, known.status_id
          from conversation v join contact c on c.id = v.contact_id
          where v.contact_id = known.contact_id and v.closed_at is null;
        end if;
        if r.key is not null then
          update idempotency_key k set contact_id = known.contact_id
          where k.instance_id = r.instance_id and k.path = r.key_path and k.key = r.key;
        end if;

        insert into message (
          id, instance_id, contact_id, conversation_id, kind, text, media_url, template_id, campaign_id, variables,
          created_at
        )
        values (
          r.message_id, r.instance_id, known.contact_id, known.id, r.kind, r.text, r.media_url, r.template_id, r.campaign_id,
          r.variables, r.reserved_at
        )
        on conflict do nothing;
        insert into attempt (id, message_id, instance_id, reserved_at)
        values (r.attempt_id, r.message_id, r.instance_id, r.reserved_at)
        on conflict do nothing;

        verdict := 'reserved';
        contact_id := known.contact_id;
        moves := (r.contact_name is not null and known.name is distinct from r.contact_name)
          or (r.queue_id is not null
            and (known.queue_id is distinct from r.queue_id or known.status_id is distinct from r.status_id));
        return next;
      end loop;
    end
    $reserve$`

  yield* sql`
    create function settle_few(input json)
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
      freed   uuid[];
      renamed int[];
      placed  int[];
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

      if settled is null then
        return;
      end if;

      select array_agg(s.message_id) filter (where s.frees_key) into freed from unnest(settled) s;

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
    $settle$`
})
