/**
 * The product as its users run it: the apps as processes, on one free port each. Two forms: everything in one
 * (standalone), or the HTTP app and the simulator apart, on a PostgreSQL server.
 */
import type { Vitest } from "@effect/vitest"
import { Context, Effect, Layer, Redacted } from "effect"
import type { Scope } from "effect"
import { randomBytes } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Migrations from "../../adapters/postgres/Migrations.ts"
import * as ApiKeyMaker from "../../adapters/secrets/ApiKeyMaker.ts"
import * as SecretBox from "../../adapters/secrets/SecretBox.ts"
import * as Storage from "../../apps/composition/Storage.ts"
import * as FreshDatabase from "../postgres/FreshDatabase.ts"
import * as Child from "./Child.ts"

/** A folder that is gone with the scope. */
export const temporaryFolder = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "aidesk-journey-"))),
  (folder) => Effect.promise(() => rm(folder, { recursive: true, force: true }))
)

/** An app and where it listens. */
export interface Listening {
  readonly url: string
  readonly child: Child.Child
}

type Environment = Readonly<Record<string, string>>

/** What the HTTP app is called and calls. */
export class Product extends Context.Service<
  Product,
  {
    /** Of the HTTP app. */
    readonly url: string
    readonly simulatorUrl: string
    /** The process that serves `url`. */
    readonly child: Child.Child
  }
>()("test/journeys/Product") {}

export const demoKey = "ad_test_journey-0123456789abcdef"

/** Everything in one process, with its data in `dataDir`. */
export const standalone = Effect.fnUntraced(function* (dataDir: string, environment: Environment = {}) {
  const child = yield* Child.start("standalone", {
    AIDESK_DATA_DIR: dataDir,
    PORT: "0",
    SIMULATOR_PORT: "0",
    AIDESK_DEMO_API_KEY: demoKey,
    ...environment
  })
  const url = yield* Child.said(child, /^Endereço +(\S+)$/mu)
  return Product.of({ child, url, simulatorUrl: yield* Child.said(child, /^Simulador +(\S+)/mu) })
})

/** The simulator in a process of its own, which outlives any HTTP app. */
export const simulator = Effect.gen(function* () {
  const child = yield* Child.start("simulator", { AIDESK_DATA_DIR: yield* temporaryFolder, SIMULATOR_PORT: "0" })
  const url = yield* Child.said(child, /(http:\S+)/u)
  return { child, url } satisfies Listening
})

/** Nothing listens there: what is sent to it is refused. */
export const nowhere = "http://127.0.0.1:9"

/** The apps that run apart, all of one database, one simulator and one secret key. */
export class Apart extends Context.Service<
  Apart,
  {
    readonly httpApp: (environment?: Environment) => Effect.Effect<Listening, never, Scope.Scope>
    readonly worker: Effect.Effect<Child.Child, never, Scope.Scope>
    readonly simulatorUrl: string
    readonly databaseUrl: string
  }
>()("test/journeys/Apart") {}

const secretKey = randomBytes(32)

/** What all apps of one database have in common. */
export const shared = Effect.map(FreshDatabase.FreshDatabase, ({ url }) => ({
  DATABASE_URL: url,
  AIDESK_SECRET_KEY: secretKey.toString("base64")
}))

const apart = Layer.effect(
  Apart,
  Effect.gen(function* () {
    const environment = yield* shared
    const { url: simulatorUrl } = yield* simulator
    return Apart.of({
      databaseUrl: environment.DATABASE_URL,
      simulatorUrl,
      httpApp: Effect.fnUntraced(function* (further = {}) {
        const child = yield* Child.start("http", {
          ...environment,
          SIMULATOR_URL: simulatorUrl,
          GRAPH_BASE_URL: nowhere,
          PORT: "0",
          AIDESK_HTTP_PROCESSES: "1",
          ...further
        })
        const port = yield* Child.said(child, /"listening".*"port":(\d+)/u)
        return { child, url: `http://127.0.0.1:${port}` }
      }),
      worker: Effect.gen(function* () {
        const child = yield* Child.start("worker", {
          ...environment,
          SIMULATOR_URL: simulatorUrl,
          GRAPH_BASE_URL: nowhere
        })
        yield* Child.said(child, /("working")/u)
        return child
      })
    })
  })
)

/** What an operator does, done on a fresh database: `Administration` and its like, and SQL. */
export const layerOperator = Storage.layer.pipe(
  Layer.provideMerge(ApiKeyMaker.layer),
  Layer.provide(SecretBox.layer({ current: Redacted.make(secretKey), previous: [] })),
  Layer.provideMerge(Migrations.layer),
  Layer.provideMerge(FreshDatabase.layer)
)

/** The apps apart, none of the HTTP app started yet. */
export const layerApart = apart.pipe(Layer.provideMerge(layerOperator))

/** One HTTP app and the simulator, on PostgreSQL. */
export const layer = Layer.effect(
  Product,
  Effect.gen(function* () {
    const { httpApp, simulatorUrl } = yield* Apart
    return Product.of({ ...(yield* httpApp()), simulatorUrl })
  })
).pipe(Layer.provideMerge(layerApart))

/** What tests of one HTTP app on PostgreSQL are written with: `layer`'s own `it`. */
export type It = Vitest.MethodsNonLive<Layer.Success<typeof layer>>
