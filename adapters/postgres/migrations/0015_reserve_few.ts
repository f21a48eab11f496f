import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/** `reserve_few` reads what each row stands on once, by index, before anything is claimed or written. */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  // What a reservation is judged by, and where its message goes.
  // There are databases whose migration 13 made it, while that was not yet settled.
  yield* sql`drop type if exists reservation_ground`
  yield* sql`
    create type reservation_ground as (
      revision        int,
      contact_id      int,
      name            text,
      stopped_at      timestamptz,
      conversation_id int,
      queue_id        int,
      status_id       int
    )`

  yield* sql`
    create or replace function reserve_few(input json, keyed boolean)
    returns table (message_id uuid, verdict text, contact_id int, moves boolean)
    language plpgsql
    -- Plans are made once, maybe while the tables are empty, and must fit them when they are large.
    set enable_seqscan = off
    as $reserve$
    #variable_conflict use_column
    declare
      r      send_reservation;
      live   send_reservation[];
      known  reservation_ground;
      -- Of each live row, at its place.
      ground reservation_ground[];
    begin
      for r in
        select * from json_populate_recordset(null::send_reservation, input) s
        order by s.instance_id, s.identity_key, s.message_id
      loop
        if r.contact_id is null then
          select i.revision, coalesce(c.merged_into, c.id), c.name, c.marketing_opt_out_at, v.id, v.queue_id, v.status_id
          into known
          from instance i
          left join contact c on c.instance_id = i.id and c.identity_key = r.identity_key
          left join conversation v on v.contact_id = coalesce(c.merged_into, c.id) and v.closed_at is null
          where i.id = r.instance_id;
        else
          select i.revision, coalesce(c.merged_into, c.id), c.name, c.marketing_opt_out_at, v.id, v.queue_id, v.status_id
          into known
          from instance i
          left join contact c on c.instance_id = i.id and c.id = r.contact_id
          left join conversation v on v.contact_id = coalesce(c.merged_into, c.id) and v.closed_at is null
          where i.id = r.instance_id;
        end if;
        -- Whoever makes contacts and conversations takes locks on them, and all must take them in one order.
        if known.conversation_id is null then
          return query select * from reserve_sends(input);
          return;
        end if;
        live := live || r;
        ground := ground || known;
      end loop;

      if keyed then
        perform from idempotency_key k, unnest(live) s
        where k.instance_id = s.instance_id and k.path = s.key_path and k.key = s.key and k.created_at < s.keys_expired_at
        order by k.instance_id, k.path, k.key
        for update of k;

        delete from idempotency_key k
        using unnest(live) s
        where k.instance_id = s.instance_id and k.path = s.key_path and k.key = s.key and k.created_at < s.keys_expired_at;

        insert into idempotency_key (instance_id, path, key, body_hash, request_id, message_id, contact_id, created_at)
        select s.instance_id, s.key_path, s.key, s.key_body_hash, s.key_request_id, s.message_id,
          ground[s.ordinality].contact_id, s.reserved_at
        from unnest(live) with ordinality s
        where s.key is not null
        order by s.instance_id, s.key_path, s.key
        on conflict do nothing;
      end if;

      for n in 1 .. coalesce(cardinality(live), 0) loop
        r := live[n];
        known := ground[n];
        message_id := r.message_id;
        contact_id := null;
        moves := null;

        -- Judged on what an operator has set up by now.
        verdict := case
          when r.revision is not null and r.revision is distinct from known.revision then 'stale'
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

        insert into message (
          id, instance_id, contact_id, conversation_id, kind, text, media_url, template_id, campaign_id, variables,
          created_at
        )
        values (
          r.message_id, r.instance_id, known.contact_id, known.conversation_id, r.kind, r.text, r.media_url, r.template_id,
          r.campaign_id, r.variables, r.reserved_at
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
})
