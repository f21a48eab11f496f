import { Effect, Layer, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { type Checks, Readiness } from "../../core/Readiness.ts"
import { latest } from "./Migrations.ts"

const decode = Schema.decodeUnknownEffect(Schema.Tuple([Schema.Struct({ applied: Schema.Int })]))

const away: Checks = { database: "unavailable", migrations: "unknown" }

/** A database that takes longer is away for whoever asks whether to send traffic here. */
const patience = "2 seconds"

export const layer = Layer.effect(
  Readiness,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    return Readiness.of({
      check: sql`select coalesce(max(migration_id), 0)::int as applied from migration`.pipe(
        Effect.flatMap(decode),
        Effect.map(([{ applied }]): Checks => ({ database: "ok", migrations: applied >= latest ? "ok" : "pending" })),
        Effect.timeout(patience),
        Effect.catch((error) =>
          Effect.succeed<Checks>(
            error._tag === "SqlError" && !error.isRetryable ? { database: "ok", migrations: "pending" } : away
          )
        )
      )
    })
  })
)
