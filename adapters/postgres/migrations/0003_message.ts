import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/**
 * What was to be sent (`message`), which calls to Meta may be under way (`attempt`) and what became of
 * them (`outcome`). Nothing here is ever updated: settling a send moves it from `attempt` to `outcome`.
 * So the large tables only grow at their end (ids are ordered by time), no index is written at random,
 * and whatever a dead process left behind is found in a table that holds little else.
 *
 * These tables carry no foreign keys: the reservation that fills them has just found or made every row
 * they name, and a check per row and key would cost more than the insert itself.
 */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  yield* sql`
    create table message (
      id              uuid primary key,
      instance_id     int not null,
      contact_id      int not null,
      conversation_id int,
      kind            text not null,
      text            text not null,
      media_url       text,
      template_id     int,
      campaign_id     int,
      variables       jsonb,
      created_at      timestamptz not null
    )`

  yield* sql`
    create table attempt (
      id          uuid primary key,
      message_id  uuid not null,
      instance_id int not null,
      reserved_at timestamptz not null
    )`

  yield* sql`
    create table outcome (
      attempt_id  uuid primary key,
      message_id  uuid not null,
      instance_id int not null,
      status      text not null check (status in ('accepted', 'held', 'failed', 'unknown')),
      wamid       text,
      wa_id       text,
      -- Why it failed, whole (core: Failure), or why nobody knows.
      failure     jsonb,
      reason      text,
      calls       int not null,
      settled_at  timestamptz not null
    )`
  yield* sql`create index outcome_message on outcome (message_id)`

  yield* sql`
    create table idempotency_key (
      instance_id int not null,
      path        text not null,
      key         text not null,
      body_hash   text not null,
      request_id  text not null,
      message_id  uuid not null,
      contact_id  int,
      created_at  timestamptz not null,
      primary key (instance_id, path, key)
    )`
  yield* sql`create index idempotency_key_message on idempotency_key (message_id)`
  yield* sql`create index idempotency_key_age on idempotency_key (created_at)`
})
