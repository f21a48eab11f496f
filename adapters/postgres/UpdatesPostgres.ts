/**
 * The applier. One transaction takes the oldest waiting payloads, looks up what they are about, has the core say what they
 * come to, and writes it. A lock that ends with the transaction lets one process at a time do so: nothing of it races
 * but with sends, and those are waited for, or the batch is begun anew.
 */
import { Array, type Cause, DateTime, Effect, Exit, Function, Layer, Number, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { isSqlError } from "effect/sql/SqlError"
import { apply } from "../../core/inbound/application/apply.ts"
import { arrivalsOf, type SetAside } from "../../core/inbound/application/arrivals.ts"
import { makeIds } from "../../core/inbound/application/ids.ts"
import { idsFor } from "../../core/inbound/application/wanted.ts"
import { whole } from "../../core/inbound/Quarantined.ts"
import { nothingWorked, Updates, type Worked } from "../../core/inbound/Updates.ts"
import { MessageIds } from "../../core/message/MessageIds.ts"
import type { Unavailable } from "../../core/Unavailable.ts"
import { orUnavailable, orUnavailableWithin } from "./unavailable.ts"
import { gather } from "./updates/gather.ts"
import { writePeople } from "./updates/people.ts"
import * as rows from "./updates/rows.ts"
import { withRealIds } from "./updates/settled.ts"
import * as Waiting from "./updates/Waiting.ts"
import { setAside, write } from "./updates/write.ts"

/** Of one batch. What takes longer is begun anew, and is not to be. */
const patience = "60 seconds"

/**
 * How long a batch waits for a row that a send holds. Less than the second after which the database looks for circles:
 * should there be one, it is the batch that steps back and not the send.
 */
const lockTimeout = "300ms"

/** A row that a send made or holds meanwhile: over when it is tried again. */
const attempts = 3

/** Rows removed by one statement. */
const tidyingBatch = 10_000

/** Of `pg_try_advisory_xact_lock`: this work, among all that lock by a number. */
export const lock = 0x41_49_44_45

const readInstances = Schema.decodeUnknownEffect(Schema.Array(rows.InstanceRow))
const readLock = Schema.decodeUnknownEffect(Schema.Tuple([Schema.Struct({ mine: Schema.Boolean })]))

const all: Waiting.Share = { _tag: "All" }

interface Taken {
  payloads: ReadonlyArray<Waiting.Payload>
  parked: number
}

const contentions = new Set(["LockTimeoutError", "DeadlockError", "SerializationError"])

/** Not away, but in another's hands. */
const isContended = ({ cause }: Unavailable): boolean => isSqlError(cause) && contentions.has(cause.reason._tag)

const isWorthAnother = ({ reasons }: Cause.Cause<Unavailable>): boolean =>
  reasons.some((reason) => reason._tag === "Die" || (reason._tag === "Fail" && isContended(reason.error)))

export const layer = Layer.effect(
  Updates,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const messageIds = yield* MessageIds

    const learn = (numbers: ReadonlyMap<number, string>) =>
      Effect.forEach(
        numbers,
        ([id, number]) =>
          sql`update instance set display_number = ${number} where id = ${id} and display_number is null`,
        { discard: true }
      )

    const batch = Effect.fnUntraced(function* (now: DateTime.Utc, share: Waiting.Share, taken: Taken) {
      // Plans are made once, maybe while the tables are empty, and must fit them when they are large.
      const [{ mine }] = yield* sql`
        select pg_try_advisory_xact_lock(${lock}::bigint) as mine, set_config('lock_timeout', ${lockTimeout}, true),
          set_config('enable_seqscan', 'off', true)`.pipe(Effect.flatMap(readLock))
      if (!mine) return nothingWorked
      const payloads = yield* Waiting.payloads(sql, share)
      taken.payloads = payloads
      const found = yield* Waiting.parked(sql, share, now)
      taken.parked = found.length
      const parked = yield* Waiting.readParked(found)
      if (payloads.length === 0 && parked.length === 0) return nothingWorked

      const instances = yield* sql`
        select id, mode, phone_number_id, waba_id, display_number, keywords from instance`.pipe(
        Effect.flatMap(readInstances)
      )
      const {
        arrivals,
        displayNumbers,
        setAside: aside
      } = arrivalsOf(
        payloads.map(({ body, received_at, source }) => ({ source, body, receivedAt: received_at })),
        instances.map(rows.toInstance)
      )
      const facts = yield* gather(sql, arrivals, parked, now)
      const ids = yield* makeIds(messageIds, idsFor(arrivals, parked))
      const decided = apply({ arrivals, parked, facts, ids, now })
      const { changes, newContacts } = yield* withRealIds(sql, decided)
      yield* writePeople(sql, changes, newContacts)
      yield* write(sql, changes, now)
      yield* setAside(sql, aside, now)
      yield* learn(displayNumbers)
      yield* Waiting.done(sql, payloads)
      return {
        payloads: payloads.length,
        updates: arrivals.length,
        setAside: aside.length,
        more: payloads.length > 0
      } satisfies Worked
    })

    const attempt = (now: DateTime.Utc, share: Waiting.Share, taken: Taken) =>
      Effect.suspend(() => {
        taken.payloads = []
        taken.parked = 0
        return sql.withTransaction(batch(now, share, taken)).pipe(orUnavailableWithin(patience))
      })

    const persistently = Effect.fnUntraced(function* (
      now: DateTime.Utc,
      share: Waiting.Share,
      taken: Taken = { payloads: [], parked: 0 }
    ) {
      for (let left = attempts - 1; left > 0; left--) {
        const exit = yield* Effect.exit(attempt(now, share, taken))
        if (Exit.isSuccess(exit) || !isWorthAnother(exit.cause)) return yield* exit
      }
      return yield* attempt(now, share, taken)
    })

    /** The whole payload, for a person to look at: nothing that stands in it was applied. */
    const giveUp = Effect.fnUntraced(function* (payload: Waiting.Payload, defect: unknown, now: DateTime.Utc) {
      const item: SetAside = {
        ...whole(payload.body, { reason: "not_applied", detail: String(defect).slice(0, 300) }),
        source: payload.source,
        receivedAt: payload.received_at
      }
      yield* Effect.logError("a webhook could not be applied and was set aside", { inbox_id: payload.id, defect })
      const move = Effect.gen(function* () {
        yield* setAside(sql, [item], now)
        yield* Waiting.done(sql, [payload])
      })
      yield* orUnavailable(sql.withTransaction(move))
      return { payloads: 1, updates: 0, setAside: 1, more: true } satisfies Worked
    })

    /** It may be the fault of the status, or of what is known of its message. */
    const postpone = Effect.fnUntraced(function* (defect: unknown, now: DateTime.Utc) {
      yield* Effect.logError("a status that waited for its message could not be applied and waits on", { defect })
      yield* orUnavailable(Waiting.postpone(sql, now))
      return nothingWorked
    })

    /** What fails together is tried one by one, so that the fault stays with its own. */
    const oneByOne = Effect.fnUntraced(function* ({ parked, payloads }: Taken, now: DateTime.Utc) {
      const ofPayloads = yield* Effect.forEach(payloads, (payload) =>
        Effect.catchDefect(persistently(now, { _tag: "Payload", payload }), (defect) => giveUp(payload, defect, now))
      )
      const ofParked = yield* Effect.forEach(Array.makeBy(parked, Function.identity), () =>
        Effect.catchDefect(persistently(now, { _tag: "Parked" }), (defect) => postpone(defect, now))
      )
      const sum = (count: (worked: Worked) => number) => Number.sumAll([...ofPayloads, ...ofParked].map(count))
      return {
        payloads: sum(({ payloads }) => payloads),
        updates: sum(({ updates }) => updates),
        setAside: sum(({ setAside }) => setAside),
        more: payloads.length > 0
      } satisfies Worked
    })

    return Updates.of({
      workThrough: (now) =>
        Effect.suspend(() => {
          const taken: Taken = { payloads: [], parked: 0 }
          return Effect.catchDefect(persistently(now, all, taken), (defect) =>
            taken.payloads.length + taken.parked === 0 ? Effect.die(defect) : oneByOne({ ...taken }, now)
          )
        }),

      tellUnresolved: Effect.fnUntraced(function* (before, now) {
        const told = yield* sql`
          with late as (
            select o.message_id, o.instance_id, o.settled_at from outcome o
            where o.status = 'unknown' and o.settled_at < ${DateTime.toDate(before)}
              and not exists (select from message_state s where s.message_id = o.message_id)
              and not exists (select from unresolved u where u.message_id = o.message_id)
            limit ${tidyingBatch}
          ), kept as (
            insert into unresolved (message_id, instance_id, since)
            select message_id, instance_id, settled_at from late
            on conflict do nothing
            returning message_id, instance_id
          )
          insert into event (id, instance_id, type, at, message_id)
          select event_id(message_id, 'unresolved'), instance_id, 'message.unresolved', ${DateTime.toDate(now)}, message_id
          from kept
          returning seq`.pipe(orUnavailable)
        return told.length
      }),

      forget: Effect.fnUntraced(function* (before) {
        const at = DateTime.toDate(before)
        const seen = yield* sql`
          delete from seen_update where ctid = any (array(
            select ctid from seen_update where seen_at < ${at} limit ${tidyingBatch}
          )) returning 1`.pipe(orUnavailable)
        const parked = yield* sql`
          delete from parked_status where ctid = any (array(
            select ctid from parked_status where received_at < ${at} limit ${tidyingBatch}
          )) returning 1`.pipe(orUnavailable)
        return seen.length + parked.length
      })
    })
  })
)
