import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/**
 * Reserves many sends in one statement and one commit: contacts and conversations found or made,
 * messages and attempts written, idempotency keys claimed.
 *
 * One function, because a statement of its own per step would be a round trip per step, and one
 * statement for all steps could not see the contacts that another transaction made in the meantime:
 * each step below reads what was committed before it began.
 *
 * Locks are taken in one order everywhere (keys, contacts, conversations; each sorted), so that two
 * processes reserving for the same people wait for each other but never in a circle.
 *
 * Takes a JSON array of `send_reservation`; answers per message: `reserved`, its contact and whether its
 * settlement will change a contact's name or a conversation's place, or why not (`stale`, `contact_gone`, `key_taken`), in which case nothing of that row was written.
 * Repeating a row that was reserved answers `reserved` again.
 */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  yield* sql`
    create type send_reservation as (
      message_id      uuid,
      attempt_id      uuid,
      instance_id     int,
      revision        int,
      contact_id      int,
      number          text,
      identity_key    text,
      contact_name    text,
      queue_id        int,
      status_id       int,
      kind            text,
      text            text,
      media_url       text,
      template_id     int,
      campaign_id     int,
      variables       jsonb,
      key_path        text,
      key             text,
      key_body_hash   text,
      key_request_id  text,
      keys_expired_at timestamptz,
      reserved_at     timestamptz
    )`

  yield* sql`
    create function reserve_sends(input json)
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
          or (select c.instance_id = r.instance_id from contact c where c.id = r.contact_id));

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
      select array_agg(coalesce(r.contact_id, (
        select c.id from contact c where c.instance_id = r.instance_id and c.identity_key = r.identity_key
      ))) into whose
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
          select c.id from contact c where c.instance_id = r.instance_id and c.identity_key = r.identity_key
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
              else 'key_taken'
            end,
            null::int,
            null::boolean
          from json_populate_recordset(null::send_reservation, input) r
          where not coalesce(r.message_id = any (select l.message_id from unnest(live) l), false);
      end if;
    end
    $reserve$`
})
