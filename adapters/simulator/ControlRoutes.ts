import { Array, Duration, Effect, Schema } from "effect"
import { HttpRouter } from "effect/http"
import { badCommand, command } from "./Command.ts"
import { ScriptedFault } from "./Faults.ts"
import type { Faults } from "./Faults.ts"
import { json, jsonText, success } from "./GraphAnswers.ts"
import type { Latency } from "./Latency.ts"
import type { Ledger } from "./Ledger.ts"
import { fatedRecipients, magicRecipients } from "./MagicRecipients.ts"
import type { Statuses } from "./Statuses.ts"

const newFaults = command(Schema.Union([ScriptedFault, Schema.NonEmptyArray(ScriptedFault)]))

const newLatency = command(
  Schema.Struct({ ms: Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 600_000 })) })
)

const wholeNumber = (largest: number) =>
  Schema.FiniteFromString.check(Schema.isInt(), Schema.isBetween({ minimum: 0, maximum: largest }))

const LedgerQuery = Schema.Struct({
  to: Schema.optionalKey(Schema.String),
  attempt_id: Schema.optionalKey(Schema.String),
  after: Schema.optionalKey(wholeNumber(Number.MAX_SAFE_INTEGER)),
  limit: Schema.optionalKey(wholeNumber(1000))
})
const ledgerQuery = HttpRouter.schemaParams(LedgerQuery)
const defaultLimit = 100

/** Digits, with or without the `+` that a query string turns into a blank; a business-scoped id as it is. */
const recipientKey = (to: string): string => to.replace(/^[+ ](?=\d)/u, "")

/** What steers the simulator and tells what happened, under `/_simulator`. No token: it is for whoever runs it. */
export const controlRoutes = (parts: {
  readonly faults: Faults
  readonly latency: Latency
  readonly ledger: Ledger
  readonly statuses: Statuses
}) => [
  HttpRouter.route(
    "GET",
    "/_simulator/health",
    Effect.map(parts.ledger.count, (count) => json({ status: "ok", sends: count }))
  ),

  HttpRouter.route("GET", "/_simulator/recipients", json({ recipients: [...magicRecipients, ...fatedRecipients] })),

  HttpRouter.route(
    "GET",
    "/_simulator/faults",
    Effect.sync(() => json({ faults: parts.faults.list() }))
  ),
  HttpRouter.route("POST", "/_simulator/faults", (request) =>
    newFaults(request).pipe(
      Effect.map((given) => {
        parts.faults.add(Array.ensure(given))
        return json({ faults: parts.faults.list() }, 201)
      }),
      Effect.catch(badCommand)
    )
  ),
  HttpRouter.route(
    "DELETE",
    "/_simulator/faults",
    Effect.sync(() => {
      parts.faults.clear()
      return success
    })
  ),

  HttpRouter.route(
    "GET",
    "/_simulator/latency",
    Effect.sync(() => json({ ms: Duration.toMillis(parts.latency.current()) }))
  ),
  HttpRouter.route("POST", "/_simulator/latency", (request) =>
    newLatency(request).pipe(
      Effect.map(({ ms }) => {
        parts.latency.set(Duration.millis(ms))
        return json({ ms })
      }),
      Effect.catch(badCommand)
    )
  ),

  HttpRouter.route(
    "GET",
    "/_simulator/ledger",
    ledgerQuery.pipe(
      Effect.flatMap(({ after = 0, attempt_id, limit = defaultLimit, to }) =>
        parts.ledger.search({
          keys: {
            ...(to === undefined ? {} : { to: recipientKey(to) }),
            ...(attempt_id === undefined ? {} : { attempt_id })
          },
          after,
          limit
        })
      ),
      // The lines of the file are JSON already.
      Effect.map(({ count, next, sends }) =>
        jsonText(`{"count":${count},"next":${next},"sends":[${sends.join(",")}]}`)
      ),
      Effect.catch(badCommand)
    )
  ),
  HttpRouter.route(
    "DELETE",
    "/_simulator/ledger",
    Effect.as(Effect.andThen(parts.ledger.clear, Effect.sync(parts.statuses.ledgerCleared)), success)
  )
]
