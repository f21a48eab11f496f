/**
 * The outcomes of attempts, many in one statement. Most change nothing at the endpoint; those that do are entered there
 * in the same transaction, in the order of the endpoints, so that two workers never wait for each other.
 */
import { DateTime, Effect, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"
import type { SqlError } from "effect/sql/SqlError"
import type { Unavailable } from "../../../core/Unavailable.ts"
import type { ClaimedDelivery, Outcome } from "../../../core/webhook/Deliveries.ts"
import { Attempt, mostAttempts } from "../../../core/webhook/Delivery.ts"
import { disabledEvent } from "../../../core/webhook/disabledEvent.ts"
import * as Batch from "../Batch.ts"
import { orUnavailable } from "../unavailable.ts"
import { uuidOf } from "./rows.ts"

export interface Settling {
  readonly claimed: ClaimedDelivery
  readonly outcome: Outcome
}

const encodeAttempt = Schema.encodeSync(Attempt)

const states = { Succeeded: "succeeded", Later: "pending", Exhausted: "exhausted" } as const

const toRow = ({ claimed: { claim, delivery }, outcome: { at, attempt, verdict } }: Settling) => ({
  id: uuidOf(delivery.id),
  claim,
  state: states[verdict.fate._tag],
  next_at: verdict.fate._tag === "Later" ? DateTime.formatIso(verdict.fate.nextAt) : null,
  settled_at: verdict.fate._tag === "Later" ? null : DateTime.formatIso(at),
  entry: encodeAttempt(attempt)
})

const byEndpoint = (one: Settling, other: Settling): number =>
  one.claimed.endpoint.id < other.claimed.endpoint.id ? -1 : 1

export const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  /** Which of them still counted. */
  const enter = SqlSchema.findAll({
    Request: Schema.String,
    Result: Schema.Struct({ id: Schema.String }),
    execute: (rows) => sql`
      update webhook_delivery d
      set state = r.state, next_at = r.next_at, settled_at = r.settled_at, leased_until = null,
        body = case when r.state = 'succeeded' then null else d.body end,
        log = (case when jsonb_array_length(d.log) >= ${mostAttempts} then d.log - 0 else d.log end) || r.entry
      from jsonb_to_recordset(${rows}::jsonb) as r(
        id uuid, claim int, state text, next_at timestamptz, settled_at timestamptz, entry jsonb
      )
      where d.id = r.id and d.claims = r.claim and d.leased_until is not null
      returning replace(d.id::text, '-', '') as id`
  })

  const disable = ({ claimed, outcome }: Settling) => {
    const { consequence } = outcome.verdict
    const event = disabledEvent(claimed, outcome)
    if (event === undefined || consequence._tag !== "Disabled") return Effect.void
    const since = DateTime.toDate(consequence.since)
    // What has failed for too long may have recovered in the meantime; what is gone has said so.
    return sql`
      with disabled as (
        update webhook_endpoint e
        set disabled_reason = ${consequence.reason}, disabled_at = ${DateTime.toDate(outcome.at)},
          failing_since = coalesce(e.failing_since, ${since})
        where e.id = ${uuidOf(claimed.endpoint.id)} and e.disabled_at is null and e.removed_at is null
          and (${consequence.reason}::text = 'gone' or e.failing_since <= ${since})
        returning e.instance_id
      )
      insert into event (id, instance_id, type, at, data)
      select ${event.id}, instance_id, ${event.type}, ${DateTime.toDate(event.at)}, ${JSON.stringify(event.data)}::json
      from disabled`
  }

  const follow = (settling: Settling): Effect.Effect<unknown, SqlError> => {
    const { consequence } = settling.outcome.verdict
    const id = uuidOf(settling.claimed.endpoint.id)
    switch (consequence._tag) {
      case "None":
        return Effect.void
      case "Recovered":
        // A hold stands: it was asked for.
        return sql`update webhook_endpoint set failing_since = null, holds = 0 where id = ${id}`
      case "Failing": {
        const { hold, since } = consequence
        const until = hold === undefined ? null : DateTime.toDate(hold.until)
        return sql`
          update webhook_endpoint
          set failing_since = coalesce(failing_since, ${DateTime.toDate(since)}),
            held_until = greatest(held_until, ${until}::timestamptz), holds = greatest(holds, ${hold?.holds ?? 0}::int)
          where id = ${id}`
      }
      case "Disabled":
        return disable(settling)
    }
  }

  const settleAll = Effect.fnUntraced(function* (settlings: ReadonlyArray<Settling>) {
    const entered = yield* enter(JSON.stringify(settlings.map(toRow)))
    const counted = new Set(entered.map(({ id }) => id))
    yield* Effect.forEach(
      settlings.filter(({ claimed }) => counted.has(uuidOf(claimed.delivery.id))).toSorted(byEndpoint),
      follow,
      { discard: true }
    )
  })

  return yield* Batch.make<Settling, void, Unavailable, never>({
    size: 128,
    lanes: 2,
    run: Effect.fnUntraced(function* (settlings) {
      const changing = settlings.some(({ outcome }) => outcome.verdict.consequence._tag !== "None")
      const work = settleAll(settlings)
      yield* orUnavailable(changing ? sql.withTransaction(work) : work)
      return settlings.map(() => Effect.void)
    })
  })
})
