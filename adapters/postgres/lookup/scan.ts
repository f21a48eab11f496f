/**
 * The ids of the wanted messages of one table, newest first. What no index knows is looked for among a bounded number of
 * messages, so that no page costs more than that, however few are wanted.
 */
import { Effect, Schema } from "effect"
import type { SqlClient, SqlError, Statement } from "effect/sql"
import { MessageId } from "../../../core/message/Message.ts"
import type { Stretch } from "../../../core/message/MessagePage.ts"

/** How many messages one page looks at. At three index look-ups for each a page takes some 20 ms. */
const scanned = 2000

/** In the order of the ids: nothing is before the first, and nothing after the last. */
export const firstId = "00000000-0000-0000-0000-000000000000"
export const lastId = "ffffffff-ffff-ffff-ffff-ffffffffffff"

export interface Range {
  /** This one and later. */
  readonly after: string
  /** Before this one. */
  readonly before: string
}

/**
 * Rows of an index that begins with `owner` and goes on with `id`, the newest first. Written as a comparison of both
 * together, for which there is but this index: an owner that has few or none would else be looked for through all the
 * rows of the others, from the newest on.
 */
export const ofOwner = (
  sql: SqlClient.SqlClient,
  { id, owner, value }: { readonly owner: Statement.Fragment; readonly id: Statement.Fragment; readonly value: number },
  { after, before }: Range,
  most: number
): Statement.Fragment => sql`
  (${owner}, ${id}) >= (${value}::int, ${after}::uuid) and (${owner}, ${id}) < (${value}::int, ${before}::uuid)
  order by ${owner} desc, ${id} desc
  limit ${most}`

export interface Scan {
  /** Selects `id`, and whatever `matches` speaks of, from newest to oldest, `most` of them. */
  readonly newest: (most: number) => Statement.Fragment
  /** Of a row `m` of those. */
  readonly matches: ReadonlyArray<Statement.Fragment>
}

const decode = Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ id: MessageId })))

const idsOf = (statement: Effect.Effect<ReadonlyArray<unknown>, SqlError.SqlError>) =>
  Effect.map(Effect.flatMap(statement, decode), (rows) => rows.map(({ id }) => id))

/** At least one more than `limit` where there are as many, so that it is known whether a next page has any. */
export const scan =
  (sql: SqlClient.SqlClient, limit: number) =>
  ({ matches, newest }: Scan): Effect.Effect<Stretch, SqlError.SqlError | Schema.SchemaError> =>
    Effect.gen(function* () {
      const enough = limit + 1
      if (matches.length === 0) {
        const ids = yield* idsOf(sql`${newest(enough)}`)
        return { ids, through: ids.length < enough ? undefined : ids.at(-1) }
      }
      const ids = yield* idsOf(sql`
        select m.id from (${newest(scanned)}) m where ${sql.and(matches)} order by m.id desc limit ${enough}`)
      if (ids.length === enough) return { ids, through: ids.at(-1) }
      const [last] = yield* idsOf(sql`select m.id from (${newest(scanned)}) m offset ${scanned - 1} limit 1`)
      return { ids, through: last }
    })
