import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/**
 * The plain cases of sends, each as one statement over its set, at three quarters of what `reserve_sends` and
 * `settle_sends` take for 18 of them, and no more for one row than `reserve_few` and `settle_few`. What is not plain is left to
 * those two, which know every case: here nothing is made but the message, and nothing refused.
 *
 * `reserve_few` and `settle_few` stay for processes of the version before, which may run on for a while.
 */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  /** Without a key nothing is claimed: an insert costs its start-up even when it has no row to write. */
  const claims = {
    none: { live: "ground", claimed: "" },
    keys: {
      live: "live",
      claimed: `
        claimed as (
          insert into idempotency_key (instance_id, path, key, body_hash, request_id, message_id, contact_id, created_at)
          select g.instance_id, g.key_path, g.key, g.key_body_hash, g.key_request_id, g.message_id, g.person, g.reserved_at
          from ground g
          where g.key is not null
          -- Keys are waited for in one order by all.
          order by g.instance_id, g.key_path, g.key
          on conflict do nothing
          returning message_id
        ), live as (
          select * from ground g where g.key is null or exists (select from claimed c where c.message_id = g.message_id)
        ),`
    }
  }

  // Answers those it has reserved: of people who are known, may be written to and have an open conversation, under keys
  // that nobody holds, judged on what an operator has set up by now. Repeating a row that was reserved violates the key of `message`.
  for (const [name, { claimed, live }] of [
    ["reserve_known", claims.none],
    ["reserve_known_keyed", claims.keys]
  ] as const) {
    yield* sql.unsafe(`
      create function ${name}(input json)
      returns table (message_id uuid, contact_id int, moves boolean)
      language plpgsql
      -- As in reserve_sends: plans made on empty tables must fit large ones, and every table is looked up row by row.
      set enable_seqscan = off
      as $reserve$
      #variable_conflict use_column
      begin
        return query
        with ground as materialized (
          select r.*, c.id as person, v.id as talk,
            (r.contact_name is not null and c.name is distinct from r.contact_name)
              or (r.queue_id is not null
                and (v.queue_id is distinct from r.queue_id or v.status_id is distinct from r.status_id)) as moves
          from json_populate_recordset(null::send_reservation, input) r
          cross join lateral (
            select from instance i
            where i.id = r.instance_id and (r.revision is null or i.revision = r.revision) offset 0
          ) i
          cross join lateral (
            select c.id, c.name, c.merged_into, c.marketing_opt_out_at from contact c
            where r.contact_id is null and c.instance_id = r.instance_id and c.identity_key = r.identity_key
            union all
            select c.id, c.name, c.merged_into, c.marketing_opt_out_at from contact c
            where c.id = r.contact_id and c.instance_id = r.instance_id
            offset 0
          ) c
          cross join lateral (
            select v.id, v.queue_id, v.status_id from conversation v
            where v.contact_id = c.id and v.closed_at is null offset 0
          ) v
          where c.merged_into is null and not (coalesce(r.marketing, false) and c.marketing_opt_out_at is not null)
        ),${claimed} written as (
          insert into message (
            id, instance_id, contact_id, conversation_id, kind, text, media_url, template_id, campaign_id, variables,
            created_at
          )
          select g.message_id, g.instance_id, g.person, g.talk, g.kind, g.text, g.media_url, g.template_id, g.campaign_id,
            g.variables, g.reserved_at
          from ${live} g
        ), attempted as (
          insert into attempt (id, message_id, instance_id, reserved_at)
          select g.attempt_id, g.message_id, g.instance_id, g.reserved_at from ${live} g
        )
        select g.message_id, g.person, g.moves from ${live} g;
      end
      $reserve$`)
  }

  // For what Meta has accepted, or holds, and what changes nothing else: no key, no name, no place.
  yield* sql`
    create function settle_accepted(input json)
    returns void
    language plpgsql
    set enable_seqscan = off
    -- By a bitmap, attempts would be locked as they lie in the table, and not in the order of their ids.
    set enable_bitmapscan = off
    as $settle$
    begin
      with asked as materialized (
        select r.attempt_id, r.status, r.wamid, r.wa_id, r.calls, r.settled_at
        from json_populate_recordset(null::send_settlement, input) r
      ), gone as (
        -- Of an attempt that was settled before, by whoever came first, nothing more is changed.
        delete from attempt where id = any (array(select attempt_id from asked)) returning id, message_id, instance_id
      ), kept as (
        insert into outcome (attempt_id, message_id, instance_id, status, wamid, wa_id, calls, settled_at)
        select g.id, g.message_id, g.instance_id, r.status, r.wamid, r.wa_id, r.calls, r.settled_at
        from gone g
        join asked r on r.attempt_id = g.id
      )
      insert into event (id, instance_id, type, at, message_id)
      select event_id(g.message_id, 'accepted'), g.instance_id, 'message.accepted', r.settled_at, g.message_id
      from gone g
      join asked r on r.attempt_id = g.id;
    end
    $settle$`
})
