import { DateTime, Effect } from "effect"
import { SqlClient } from "effect/sql"
import type { Deliveries } from "../../../core/webhook/Deliveries.ts"
import { orUnavailable } from "../unavailable.ts"

/** Rows removed by one statement, so that a long-neglected table is tidied without long locks. */
const tidyingBatch = 5000

export const make: Effect.Effect<Deliveries["Service"]["forget"], never, SqlClient.SqlClient> = Effect.gen(
  function* () {
    const sql = yield* SqlClient.SqlClient

    const settled = (state: "succeeded" | "exhausted", before: Date) => sql`
      delete from webhook_delivery where ctid = any (array(
        select ctid from webhook_delivery where state = ${state} and settled_at < ${before} limit ${tidyingBatch}
      )) returning 1`

    /** What has waited at a disabled endpoint for as long as the feed keeps events. */
    const stranded = (before: Date) => sql`
      delete from webhook_delivery where ctid = any (array(
        select d.ctid from webhook_endpoint e
        join webhook_delivery d on d.endpoint_id = e.id and d.state = 'pending' and d.created_at < ${before}
        where e.disabled_at < ${before} limit ${tidyingBatch}
      )) returning 1`

    const ofRemoved = sql`
      delete from webhook_delivery where ctid = any (array(
        select d.ctid from webhook_endpoint e join webhook_delivery d on d.endpoint_id = e.id
        where e.removed_at is not null limit ${tidyingBatch}
      )) returning 1`

    const removed = sql`
      delete from webhook_endpoint e
      where e.removed_at is not null and not exists (select from webhook_delivery d where d.endpoint_id = e.id)
      returning 1`

    return Effect.fnUntraced(function* ({ exhausted, succeeded }) {
      let count = 0
      for (const statement of [
        settled("succeeded", DateTime.toDate(succeeded)),
        settled("exhausted", DateTime.toDate(exhausted)),
        stranded(DateTime.toDate(exhausted)),
        ofRemoved,
        removed
      ]) {
        count += (yield* orUnavailable(statement)).length
      }
      return count
    })
  }
)
