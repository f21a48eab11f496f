import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/**
 * What happened, for those who were not there: one row per event, written in the transaction of the change that it
 * tells of.
 *
 * The order of the events is that of their transactions (`tx`), as far as these are over: a reader takes only what is
 * older than every transaction still under way (`tx < pg_snapshot_xmin(pg_current_snapshot())`), so nothing can appear
 * behind a place that was read already.
 *
 * `reserve_sends` and `settle_sends` do what they did, and now: aliases lead to their survivor, marketing stops at a
 * refusal (`opted_out`), every settlement tells of itself.
 */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  yield* sql`
    create table event (
      tx          xid8 not null default pg_current_xact_id(),
      seq         bigint generated always as identity,
      id          text not null,
      instance_id int not null,
      type        text not null,
      at          timestamptz not null,
      -- When we heard of it, where that is another's clock: how long an event is kept is counted by ours.
      heard_at    timestamptz,
      message_id  uuid,
      contact_id  int,
      -- What the rows that it names do not tell.
      data        json,
      primary key (instance_id, tx, seq)
    )`
  yield* sql`create index event_id on event (id)`

  // A message has one event per status, so the two name it.
  yield* sql`
    create function event_id(message_id uuid, status text) returns text
    language sql immutable
    return 'evt_' || replace(message_id::text, '-', '') || '_' || status`

  // Held for quality assessment is accepted, as far as anybody is told.
  yield* sql`
    create function heard_as(status text) returns text
    language sql immutable
    return case status when 'held' then 'accepted' else status end`

  yield* sql`alter type send_reservation add attribute marketing boolean`

  yield* sql`
    create or replace function reserve_sends(input json)
    returns table (message_id uuid, verdict text, contact_id int, moves boolean)
    language plpgsql
    -- Plans are made once, maybe while the tables are empty, and must fit them when they are large: every table
    -- is looked up by index, row by row (scalar subqueries), never scanned and hashed.
    set enable_seqscan = off
    as $reserve$
    #variable_conflict use_column
    declare
      live  send_reservation[];
      -- The contact of each live row, at its place.
      whose int[];
      -- Its open conversation.
      talks int[];
      keyed boolean;
    begin
      -- Judged on what an operator has set up by now, and for people that exist.
      select array_agg(r), bool_or(r.key is not null) into live, keyed
      from json_populate_recordset(null::send_reservation, input) r
      where (select r.revision is null or i.revision = r.revision from instance i where i.id = r.instance_id)
        and (r.contact_id is null
          or (select c.instance_id = r.instance_id from contact c where c.id = r.contact_id))
        and (r.marketing is not true or coalesce(
          (
            select c.marketing_opt_out_at from contact c
            where c.instance_id = r.instance_id and c.identity_key = r.identity_key
          ),
          (select c.marketing_opt_out_at from contact c where c.id = r.contact_id)
        ) is null);

      if keyed then
        perform from idempotency_key k, unnest(live) r
        where k.instance_id = r.instance_id and k.path = r.key_path and k.key = r.key
          and k.created_at < r.keys_expired_at
        order by k.instance_id, k.path, k.key
        for update of k;

        delete from idempotency_key k
        using unnest(live) r
        where k.instance_id = r.instance_id and k.path = r.key_path and k.key = r.key
          and k.created_at < r.keys_expired_at;

        insert into idempotency_key (instance_id, path, key, body_hash, request_id, message_id, created_at)
        select r.instance_id, r.key_path, r.key, r.key_body_hash, r.key_request_id, r.message_id, r.reserved_at
        from unnest(live) r
        where r.key is not null
        order by r.instance_id, r.key_path, r.key
        on conflict do nothing;

        select array_agg(r) into live
        from unnest(live) r
        where r.key is null or r.message_id = (
          select k.message_id from idempotency_key k
          where k.instance_id = r.instance_id and k.path = r.key_path and k.key = r.key
        );
      end if;

      -- Most people are known and most conversations open: nothing is inserted that need not be, for an insert
      -- costs its start-up even when it has no row to write.
      select array_agg(case
        when r.contact_id is null then (
          select coalesce(c.merged_into, c.id) from contact c
          where c.instance_id = r.instance_id and c.identity_key = r.identity_key
        )
        else (select coalesce(c.merged_into, c.id) from contact c where c.id = r.contact_id)
      end) into whose
      from unnest(live) r;

      if array_position(whose, null) is not null then
        insert into contact (instance_id, number, identity_key, name, created_at)
        select distinct on (r.instance_id, r.identity_key)
          r.instance_id, r.number, r.identity_key, r.contact_name, r.reserved_at
        from unnest(live) with ordinality r
        where whose[r.ordinality] is null
        order by r.instance_id, r.identity_key, r.reserved_at
        on conflict do nothing;

        select array_agg(coalesce(whose[r.ordinality], (
          select coalesce(c.merged_into, c.id) from contact c
          where c.instance_id = r.instance_id and c.identity_key = r.identity_key
        ))) into whose
        from unnest(live) with ordinality r;
      end if;

      select array_agg((select v.id from conversation v where v.contact_id = w and v.closed_at is null)) into talks
      from unnest(whose) w;

      if array_position(talks, null) is not null then
        insert into conversation (instance_id, contact_id, queue_id, status_id, opened_at)
        select distinct on (whose[r.ordinality]) r.instance_id, whose[r.ordinality], r.queue_id, r.status_id, r.reserved_at
        from unnest(live) with ordinality r
        where talks[r.ordinality] is null
        order by whose[r.ordinality], r.reserved_at
        on conflict do nothing;

        select array_agg((select v.id from conversation v where v.contact_id = w and v.closed_at is null)) into talks
        from unnest(whose) w;
      end if;

      insert into message (
        id, instance_id, contact_id, conversation_id, kind, text, media_url, template_id, campaign_id, variables,
        created_at
      )
      select r.message_id, r.instance_id, whose[r.ordinality], talks[r.ordinality], r.kind, r.text, r.media_url, r.template_id,
        r.campaign_id, r.variables, r.reserved_at
      from unnest(live) with ordinality r
      on conflict do nothing;

      insert into attempt (id, message_id, instance_id, reserved_at)
      select r.attempt_id, r.message_id, r.instance_id, r.reserved_at
      from unnest(live) r
      on conflict do nothing;

      if keyed then
        update idempotency_key k set contact_id = whose[r.ordinality]
        from unnest(live) with ordinality r
        where r.key is not null and k.instance_id = r.instance_id and k.path = r.key_path and k.key = r.key;
      end if;

      return query
        select r.message_id, 'reserved', whose[r.ordinality],
          coalesce((
            select c.name is distinct from r.contact_name from contact c
            where c.id = whose[r.ordinality] and r.contact_name is not null
          ), false)
          or coalesce((
            select v.queue_id is distinct from r.queue_id or v.status_id is distinct from r.status_id
            from conversation v where v.id = talks[r.ordinality] and r.queue_id is not null
          ), false)
        from unnest(live) with ordinality r;

      if coalesce(cardinality(live), 0) < json_array_length(input) then
        return query
          select r.message_id,
            case
              when (select r.revision is null or i.revision = r.revision from instance i where i.id = r.instance_id) is not true
                then 'stale'
              when r.contact_id is not null
                and (select c.id from contact c where c.id = r.contact_id and c.instance_id = r.instance_id) is null
                then 'contact_gone'
              when r.marketing and coalesce(
                (
                  select c.marketing_opt_out_at from contact c
                  where c.instance_id = r.instance_id and c.identity_key = r.identity_key
                ),
                (select c.marketing_opt_out_at from contact c where c.id = r.contact_id)
              ) is not null
                then 'opted_out'
              else 'key_taken'
            end,
            null::int,
            null::boolean
          from json_populate_recordset(null::send_reservation, input) r
          where not coalesce(r.message_id = any (select l.message_id from unnest(live) l), false);
      end if;
    end
    $reserve$`

  yield* sql`
    create or replace function settle_sends(input json)
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
      fails    boolean;
      settled  send_settlement[];
      freed    uuid[];
      renamed  int[];
      placed   int[];
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
