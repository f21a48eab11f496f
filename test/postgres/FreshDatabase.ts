import { PgClient } from "@effect/sql-pg"
import { Context, Effect, Layer, Redacted } from "effect"
import { randomUUID } from "node:crypto"
import { inject } from "vitest"

const administration = <A, E>(work: (admin: PgClient.PgClient) => Effect.Effect<A, E>) =>
  Effect.suspend(() =>
    PgClient.PgClient.pipe(
      Effect.flatMap(work),
      Effect.provide(PgClient.layer({ url: Redacted.make(inject("serverUrl")), maxConnections: 1 }))
    )
  )

/** An empty database on the run's real server, gone with its scope, whoever is still connected to it. */
export class FreshDatabase extends Context.Service<
  FreshDatabase,
  {
    /** Superuser's URL, for a child process or another driver. */
    readonly url: string
  }
>()("test/FreshDatabase") {
  static readonly layer = Layer.effect(
    FreshDatabase,
    Effect.gen(function* () {
      const name = `test_${randomUUID().replaceAll("-", "")}`
      yield* Effect.acquireRelease(
        // From template0, whatever the server that TEST_DATABASE_URL names has put into template1.
        administration((admin) => admin`create database ${admin(name)} template template0 encoding 'UTF8' locale 'C'`),
        () => administration((admin) => admin`drop database ${admin(name)} with (force)`).pipe(Effect.orDie)
      )
      const url = new URL(inject("serverUrl"))
      url.pathname = `/${name}`
      return FreshDatabase.of({ url: url.href })
    })
  )
}

/** A client of a fresh database, set up as production's is: multiplexed over at most ten connections. */
export const layer = Layer.unwrap(
  Effect.map(FreshDatabase, ({ url }) =>
    PgClient.layer({ url: Redacted.make(url), multiplex: true, maxConnections: 10 })
  )
).pipe(Layer.provideMerge(FreshDatabase.layer))
