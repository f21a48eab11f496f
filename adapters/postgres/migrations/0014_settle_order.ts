import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/**
 * `settle_sends` takes attempts away by their index, and so in the order of their ids: by a bitmap it locked them as they
 * lie in the table, and could wait in a circle with whoever settles the same ones row by row.
 */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  yield* sql`alter function settle_sends(json) set enable_bitmapscan = off`
})
