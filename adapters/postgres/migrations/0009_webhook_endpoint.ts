import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/**
 * Who is told of events, and what is on its way to them. Ids are UUIDs; the API writes them behind `we_` and `dlv_`.
 *
 * An endpoint's place in the feed moves in the transaction that enters what it passed. One that is removed stays until
 * its deliveries have been swept up.
 */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  yield* sql`
    create table webhook_endpoint (
      id              uuid primary key,
      instance_id     int not null references instance,
      url             text not null,
      -- {*}, or some.
      event_types     text[] not null,
      description     text not null,
      -- Sealed for the instance.
      sealed_secret   text not null,
      previous_secret text,
      previous_until  timestamptz,
      -- Where in the feed it is.
      cursor_tx       xid8 not null,
      cursor_seq      bigint not null,
      disabled_reason text check (disabled_reason in ('requested', 'failing', 'gone')),
      disabled_at     timestamptz,
      failing_since   timestamptz,
      held_until      timestamptz,
      holds           int not null default 0,
      created_at      timestamptz not null,
      removed_at      timestamptz,
      check ((disabled_reason is null) = (disabled_at is null)),
      check ((previous_secret is null) = (previous_until is null))
    )`
  yield* sql`create index webhook_endpoint_instance on webhook_endpoint (instance_id)`

  yield* sql`
    create table webhook_delivery (
      id           uuid primary key,
      endpoint_id  uuid not null,
      instance_id  int not null,
      event_id     text not null,
      event_type   text not null,
      -- Whom it tells of.
      contact_id   int,
      -- Until it has arrived.
      body         text,
      state        text not null check (state in ('pending', 'succeeded', 'exhausted')),
      -- Counted when it is claimed: the number of the latest claim since it was last called for.
      attempts     int not null,
      -- While it is pending: not to be claimed before. While it is claimed: the end of the lease.
      next_at      timestamptz,
      -- Null unless it is claimed.
      leased_until timestamptz,
      -- Tells the claims of one delivery apart.
      claims       int not null default 0,
      log          jsonb not null default '[]',
      created_at   timestamptz not null,
      settled_at   timestamptz,
      check ((state = 'pending') = (next_at is not null)),
      check ((state = 'pending') = (settled_at is null)),
      check (state = 'succeeded' or body is not null)
    )`
  yield* sql`create unique index webhook_delivery_event on webhook_delivery (endpoint_id, event_id)`
  yield* sql`create index webhook_delivery_state on webhook_delivery (endpoint_id, state, id)`
  yield* sql`create index webhook_delivery_due on webhook_delivery (endpoint_id, next_at) where state = 'pending'`
  yield* sql`create index webhook_delivery_leased on webhook_delivery (endpoint_id) where leased_until is not null`
  yield* sql`create index webhook_delivery_age on webhook_delivery (state, settled_at) where state <> 'pending'`

  // For stretches of time; nearly free to keep, for rows come in about the order of their time.
  yield* sql`create index event_at on event using brin (at) with (autosummarize = on)`
})
