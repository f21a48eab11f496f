import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/** The files that inbound messages brought: at Meta's for seven days, in our store from when they were fetched. */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  yield* sql`
    create table media_file (
      message_id   uuid primary key,
      instance_id  int not null,
      -- Meta's id of the file.
      meta_id      text not null,
      kind         text not null,
      mime_type    text,
      -- Of the bytes, as Meta tells it: base64 in webhooks.
      sha256       text,
      filename     text,
      state        text not null check (state in ('pending', 'stored', 'expired', 'refused', 'failed')),
      -- Counted when it is claimed: the number of the latest claim.
      attempts     int not null,
      next_at      timestamptz not null,
      leased_until timestamptz,
      store_key    text,
      size         bigint,
      reason       text,
      received_at  timestamptz not null,
      check (state <> 'stored' or (store_key is not null and size is not null))
    )`
  yield* sql`create index media_file_pending on media_file (next_at) where state = 'pending'`
})
