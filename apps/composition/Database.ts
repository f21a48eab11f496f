/** The database behind every app: a server where one is named, else the embedded one in the data folder. */
import { PgClient } from "@effect/sql-pg"
import type { Redacted } from "effect"
import { join } from "node:path"
import * as PgliteStream from "../../adapters/embedded/PgliteStream.ts"

/** Enough for the lanes of every batch and the look-ups beside them; more only makes the server's commits compete. */
const maxConnections = 10

/**
 * A real server. Not multiplexed: a batch is one statement that ends with its commit, and a second one
 * pipelined behind it on the same session would wait for that commit instead of sharing its time.
 */
export const server = (url: Redacted.Redacted) =>
  PgClient.layer({ url, maxConnections, applicationName: "aidesk", connectTimeout: "5 seconds" })

/** The database in a subfolder of `dataDir`, whose lock the caller holds. */
export const embedded = (dataDir: string) => PgliteStream.layer({ dataDir: join(dataDir, "postgres") })
