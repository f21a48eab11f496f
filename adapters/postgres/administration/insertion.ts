/** What every `add` shares: ids that are given and ids that are given out, and what the database refuses. */
import { type Cause, Effect, type Schema } from "effect"
import type { SqlClient } from "effect/sql"
import { isSqlError, type SqlError } from "effect/sql/SqlError"
import { type Kind, Taken } from "../../../core/administration/Refusal.ts"
import type { Unavailable } from "../../../core/Unavailable.ts"
import { orUnavailable } from "../unavailable.ts"

export interface Own {
  readonly table: "instance" | "queue" | "conversation_status" | "template" | "campaign"
  readonly kind: Kind
  /** The id it is to have; the next one where none is given. */
  readonly id: number | undefined
  readonly field: Exclude<Taken["field"], "id">
  /** What no second one may have there. */
  readonly value: string
  /** The unique constraint that sees to it. */
  readonly constraint: string
}

export const idOf = (sql: SqlClient.SqlClient, { id, table }: Pick<Own, "id" | "table">) =>
  sql`coalesce(${id ?? null}::int, nextval(pg_get_serial_sequence(${table}, 'id'))::int)`

/**
 * Runs `insert` as one transaction. With a given id it is the only insertion into the table meanwhile, and leaves the
 * sequence behind that id: whoever takes a next one never meets it. The table is always locked first, before any row.
 */
export const insertion = <A, E>(
  sql: SqlClient.SqlClient,
  { id, table }: Pick<Own, "id" | "table">,
  insert: Effect.Effect<A, E>
): Effect.Effect<A, E | Unavailable> => {
  const transaction = Effect.gen(function* () {
    yield* sql`lock table ${sql(table)} in ${sql.literal(id === undefined ? "row" : "share row")} exclusive mode`
    const inserted = yield* insert
    if (id !== undefined) {
      yield* sql`
        select setval(pg_get_serial_sequence(${table}, 'id'), greatest(last_value, ${id}::int))
        from ${sql(`${table}_id_seq`)}`
    }
    return inserted
  })
  return sql
    .withTransaction(transaction)
    .pipe(
      Effect.catch((error): Effect.Effect<never, E | Unavailable> =>
        isSqlError(error) ? orUnavailable(Effect.fail(error)) : Effect.fail(error)
      )
    )
}

type Fault = SqlError | Schema.SchemaError | Cause.NoSuchElementError

/** Fails with `Taken` where another one has what must be one's own, and with `Unavailable` where nobody answers. */
export const orTaken =
  ({ constraint, field, id, kind, value }: Omit<Own, "table">) =>
  <A, R>(self: Effect.Effect<A, Fault, R>) =>
    self.pipe(
      Effect.catch((error): Effect.Effect<never, Taken | Unavailable> => {
        const violated =
          error._tag === "SqlError" && error.reason._tag === "UniqueViolation" ? error.reason.constraint : undefined
        if (violated === constraint) return Effect.fail(new Taken({ kind, field, value }))
        if (violated?.endsWith("_pkey") === true && id !== undefined) {
          return Effect.fail(new Taken({ kind, field: "id", value: String(id) }))
        }
        return orUnavailable(Effect.fail(error))
      })
    )
