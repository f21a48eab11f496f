import type { TestProject } from "vitest/node"
import { start } from "./PostgresServer.ts"

declare module "vitest" {
  interface ProvidedContext {
    /** A superuser's URL of the server that the run's databases are made on; see `FreshDatabase`. */
    readonly serverUrl: string
  }
}

/** One PostgreSQL server for the whole run: the one in `TEST_DATABASE_URL`, else our own. */
export default async (project: TestProject): Promise<() => Promise<void>> => {
  const given = process.env["TEST_DATABASE_URL"]
  const server =
    given === undefined || given === ""
      ? await start({ durable: false })
      : { url: given, stop: () => Promise.resolve() }
  project.provide("serverUrl", server.url)
  return server.stop
}
