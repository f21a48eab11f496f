/**
 * Keeping a post is the hot path of all that Meta tells us. Posts that come at once are one statement and one commit,
 * and their bodies travel as they are, in an array of `bytea`. Measured (32 bodies of 0.5 KB, and 16 of 15 KB, per
 * statement; two statements at once; durable commits), processor time of PostgreSQL per body: 15 µs and 140 µs; as
 * text or base64 within JSON 23 µs and 270 µs, and twice as much of our own.
 */
import { DateTime, Effect, Layer, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { type Backlog, Inbox, type Posted } from "../../core/inbound/Inbox.ts"
import { Unavailable } from "../../core/Unavailable.ts"
import * as Batch from "./Batch.ts"
import { orUnavailable } from "./unavailable.ts"

interface Waiting extends Posted {
  /** Of `performance.now()`: nothing moves this clock. */
  readonly since: number
}

/**
 * As long as one statement may take. What has waited that long for its turn is given up, so that no queue builds up
 * behind a database that is silent.
 */
const patienceMillis = 3000

const givenUp = Effect.fail(new Unavailable({ dependency: "database", cause: new Error("no turn in time") }))

const BacklogRow = Schema.Tuple([
  Schema.Struct({ posts: Schema.Int, oldest: Schema.OptionFromNullOr(Schema.DateTimeUtcFromDate) })
])
const decodeBacklog = Schema.decodeUnknownEffect(BacklogRow)

/** Rows removed by one statement. A body may be of three megabytes, in two thousand pieces. */
const tidyingBatch = 500

export const layer = Layer.effect(
  Inbox,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient

    const insert = (posts: ReadonlyArray<Posted>) => sql`
      with kept as (
        insert into inbox (source, body, received_at)
        select * from unnest(
          ${posts.map(({ source }) => source)}::text[],
          ${posts.map(({ body }) => body)}::bytea[],
          ${posts.map(({ receivedAt }) => DateTime.toDate(receivedAt))}::timestamptz[]
        )
        returning id
      )
      insert into inbox_pending (inbox_id) select id from kept`

    const keep = yield* Batch.make<Waiting, void, Unavailable, never>({
      size: 512,
      load: { weigh: ({ body }) => body.length, most: 1024 * 1024 },
      // What comes meanwhile shares the next commit. Measured at 64 posts at once: 19,200/s, with two lanes 12,200/s.
      lanes: 1,
      run: Effect.fnUntraced(function* (posts) {
        const oldest = performance.now() - patienceMillis
        const inTime = posts.filter(({ since }) => since > oldest)
        if (inTime.length > 0) yield* orUnavailable(insert(inTime))
        return posts.map(({ since }) => (since > oldest ? Effect.void : givenUp))
      })
    })

    return Inbox.of({
      keep: (posted) => Effect.suspend(() => keep({ ...posted, since: performance.now() })),

      backlog: sql`
        select (select count(*)::int from inbox_pending) as posts,
          (select received_at from inbox where id = (select min(inbox_id) from inbox_pending)) as oldest`.pipe(
        Effect.flatMap(decodeBacklog),
        Effect.map(([backlog]): Backlog => backlog),
        orUnavailable
      ),

      forget: Effect.fnUntraced(function* (before) {
        const rows = yield* orUnavailable(sql`
          delete from inbox where id = any (array(
            select id from inbox i
            where received_at < ${DateTime.toDate(before)}
              and not exists (select from inbox_pending p where p.inbox_id = i.id)
            order by received_at
            limit ${tidyingBatch}
            for update skip locked
          )) returning 1`)
        return rows.length
      })
    })
  })
)
