import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/** That a person wished a message to be sent again of which nobody knows whether it went out, and what came of it. */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  yield* sql`
    create table resend (
      message_id  uuid primary key,
      instance_id int not null,
      -- Counted from 1: whoever wishes it once more replaces what came of it before.
      ask         int not null,
      -- Where its conversation is to go, where that was said.
      queue_id    int,
      status_id   int,
      asked_at    timestamptz not null,
      -- Tells the claims of it apart.
      claims      int not null default 0,
      -- When it may be claimed, whoever has it now; null once it has ended.
      next_at     timestamptz,
      outcome     text check (outcome in ('resent', 'not_sent', 'settled', 'expired')),
      -- The message that was made for it.
      resent_as   uuid,
      -- Why it was not sent, whole (core: Failure).
      failure     jsonb,
      check ((next_at is null) = (outcome is not null)),
      check (outcome <> 'resent' or resent_as is not null),
      check (outcome <> 'not_sent' or failure is not null)
    )`
  yield* sql`create index resend_due on resend (next_at) where next_at is not null`
  yield* sql`create index resend_instance on resend (instance_id, message_id)`

  // Said there.
  yield* sql`alter table unresolved drop column resent_as`
  yield* sql`create index unresolved_instance on unresolved (instance_id, message_id)`
})
