import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/**
 * What is heard by webhook: people and the names they go by, what became of messages, what people wrote, and what
 * Meta says of templates and numbers.
 *
 * A contact that proved to be another's stays as an alias (`merged_into`): its id keeps answering as the survivor, and
 * its number keeps leading there. `merged_into` always names a contact that is no alias itself.
 */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  yield* sql`
    alter table contact
      add column merged_into int references contact,
      add column username text,
      -- Meta's scoped user id, under which a person without a number is answered.
      add column user_id text,
      -- Follows from contact_consent (core: Consent); kept at every alias too, for a reservation looks no further.
      add column marketing_opt_out_at timestamptz`
  yield* sql`create index contact_merged on contact (merged_into) where merged_into is not null`

  yield* sql`
    create table contact_key (
      instance_id int not null,
      contact_id  int not null references contact,
      kind        text not null check (kind in ('user_id', 'phone', 'wa_id', 'parent_user_id')),
      value       text not null,
      since       timestamptz not null,
      until       timestamptz
    )`
  yield* sql`create index contact_key_value on contact_key (instance_id, value)`
  yield* sql`create index contact_key_contact on contact_key (contact_id)`

  yield* sql`
    create table contact_consent (
      instance_id int not null,
      contact_id  int not null references contact,
      intent      text not null check (intent in ('opt_out', 'opt_in')),
      source      text not null,
      at          timestamptz not null,
      heard_at    timestamptz not null,
      primary key (contact_id, at, source, intent)
    )`

  yield* sql`
    create table message_status (
      message_id  uuid not null,
      status      text not null,
      at          timestamptz not null,
      received_at timestamptz not null,
      wamid       text not null,
      errors      json not null,
      pricing     json,
      primary key (message_id, status, at)
    )`
  // What the history comes to (core: StatusHistory.view), of messages that Meta has told of.
  yield* sql`
    create table message_state (
      message_id  uuid primary key,
      instance_id int not null,
      status      text not null,
      wamid       text not null,
      at          timestamptz not null
    )`
  yield* sql`
    create table parked_status (
      instance_id int not null,
      wamid       text not null,
      update      json not null,
      received_at timestamptz not null,
      tries       int not null,
      next_at     timestamptz not null
    )`
  yield* sql`create index parked_status_due on parked_status (next_at)`

  // By day, so that a new row lands among the day's and not anywhere in years of them.
  yield* sql`
    create index outcome_wamid on outcome (
      date_bin(interval '1 day', settled_at, timestamptz '2000-01-01 00:00:00+00'), hashtextextended(wamid, 0)
    ) where wamid is not null`
  yield* sql`create index outcome_unknown on outcome (settled_at) where status = 'unknown'`
  yield* sql`create index message_state_wamid on message_state (instance_id, hashtextextended(wamid, 0))`
  yield* sql`
    create table unresolved (
      message_id  uuid primary key,
      instance_id int not null,
      since       timestamptz not null,
      resent_as   uuid
    )`

  yield* sql`
    create table inbound_message (
      id              uuid primary key,
      instance_id     int not null,
      contact_id      int not null,
      conversation_id int not null,
      wamid           text not null,
      kind            text not null,
      text            text not null,
      -- As Meta writes it (core: Content); json keeps what jsonb refuses.
      content         json not null,
      context         json,
      referral        json,
      errors          json not null,
      at              timestamptz not null,
      received_at     timestamptz not null
    )`
  yield* sql`create unique index inbound_message_wamid on inbound_message (instance_id, wamid)`

  yield* sql`
    alter table instance
      add column keywords jsonb not null default '{}',
      add column display_number text`
  yield* sql`
    alter table template
      add column quality text,
      -- When Meta said so, of each aspect: older news that come later change nothing.
      add column told_at jsonb not null default '{}'`
  yield* sql`
    create table instance_health (
      instance_id int not null references instance,
      aspect      text not null,
      value       json not null,
      at          timestamptz not null,
      primary key (instance_id, aspect)
    )`
  yield* sql`
    create table seen_update (
      instance_id int not null,
      key_hash    bytea not null,
      seen_at     timestamptz not null,
      primary key (instance_id, key_hash)
    )`
  yield* sql`create index seen_update_age on seen_update (seen_at)`
})
