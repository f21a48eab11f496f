import type { Effect } from "effect"
import { Context } from "effect"

/** What serving depends on: `ok`, or in a word why not. */
export interface Checks {
  readonly database: "ok" | "unavailable"
  readonly migrations: "ok" | "pending" | "unknown"
}

/** Port: whether the storage can serve. Never fails: being away is its answer. */
export class Readiness extends Context.Service<Readiness, { readonly check: Effect.Effect<Checks> }>()(
  "aidesk/core/Readiness"
) {}
