import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Redacted } from "effect"
import * as Configuration from "../../apps/configuration/Configuration.ts"
import type { InvalidVariable } from "../../apps/configuration/Variable.ts"

type Env = Readonly<Record<string, string>>

const withEnv = (env: Env) => Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env })))

const revealed = (value: unknown): unknown => {
  if (Redacted.isRedacted(value)) return Redacted.value(value)
  return Array.isArray(value) ? value.map(revealed) : value
}

const bytes = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
const base64 = (byte: number): string => Buffer.from(bytes(byte)).toString("base64")

const { requiredSecretKey, ...optional } = Configuration
const variables: Readonly<Record<string, Effect.Effect<unknown, InvalidVariable>>> = { ...optional, requiredSecretKey }
const read = (name: string): Effect.Effect<unknown, InvalidVariable> => variables[name] ?? Effect.die(name)

const defaults: ReadonlyArray<readonly [name: string, value: unknown]> = [
  ["host", "127.0.0.1"],
  ["httpPort", 8080],
  ["databaseUrl", undefined],
  ["dataDir", "./data"],
  ["optionalSecretKey", undefined],
  ["previousSecretKeys", []],
  ["instanceToken", undefined],
  ["graphBaseUrl", "https://graph.facebook.com"],
  ["graphApiVersion", "v25.0"],
  ["simulatorUrl", undefined],
  ["simulatorPort", 8081],
  ["demoApiKey", undefined],
  ["metaAppSecrets", undefined],
  ["metaVerifyToken", undefined],
  ["otlpEndpoint", undefined],
  ["logLevel", "Info"]
]

const good: ReadonlyArray<readonly [name: string, variable: string, text: string, value: unknown]> = [
  ["host", "HOST", "0.0.0.0", "0.0.0.0"],
  ["host", "HOST", "::", "::"],
  ["httpPort", "PORT", "0", 0],
  ["httpPort", "PORT", " 65535 ", 65_535],
  [
    "databaseUrl",
    "DATABASE_URL",
    "postgres://me:pa%40ss@db.example:5432/aidesk",
    "postgres://me:pa%40ss@db.example:5432/aidesk"
  ],
  [
    "databaseUrl",
    "DATABASE_URL",
    "postgresql:///aidesk?host=/run/postgresql",
    "postgresql:///aidesk?host=/run/postgresql"
  ],
  ["dataDir", "AIDESK_DATA_DIR", "/var/lib/ai desk", "/var/lib/ai desk"],
  ["requiredSecretKey", "AIDESK_SECRET_KEY", base64(250), bytes(250)],
  ["requiredSecretKey", "AIDESK_SECRET_KEY", Buffer.from(bytes(251)).toString("base64url"), bytes(251)],
  ["previousSecretKeys", "AIDESK_SECRET_KEY_PREVIOUS", base64(1), [bytes(1)]],
  ["previousSecretKeys", "AIDESK_SECRET_KEY_PREVIOUS", `${base64(1)}, ${base64(2)}`, [bytes(1), bytes(2)]],
  ["graphBaseUrl", "GRAPH_BASE_URL", "http://127.0.0.1:8081/", "http://127.0.0.1:8081"],
  ["graphApiVersion", "GRAPH_API_VERSION", "v24.0", "v24.0"],
  ["simulatorUrl", "SIMULATOR_URL", "http://simulator:8081", "http://simulator:8081"],
  ["simulatorPort", "SIMULATOR_PORT", "9000", 9000],
  ["demoApiKey", "AIDESK_DEMO_API_KEY", `ad_test_${"a".repeat(22)}`, `ad_test_${"a".repeat(22)}`],
  ["metaAppSecrets", "META_APP_SECRETS", "new,old", ["new", "old"]],
  ["metaVerifyToken", "META_VERIFY_TOKEN", "word", "word"],
  ["instanceToken", "AIDESK_INSTANCE_TOKEN", "EAAG", "EAAG"],
  ["otlpEndpoint", "OTEL_EXPORTER_OTLP_ENDPOINT", "http://otel:4318", "http://otel:4318"],
  ["logLevel", "LOG_LEVEL", "debug", "Debug"]
]

const bad: ReadonlyArray<readonly [name: string, variable: string, text: string]> = [
  ["host", "HOST", "http://127.0.0.1"],
  ["httpPort", "PORT", "65536"],
  ["httpPort", "PORT", "-1"],
  ["httpPort", "PORT", "80a"],
  ["httpPort", "PORT", "1e3"],
  ["httpPort", "PORT", "0x50"],
  ["databaseUrl", "DATABASE_URL", "mysql://me:hunter2@db/aidesk"],
  ["databaseUrl", "DATABASE_URL", "hunter2"],
  ["databaseUrl", "DATABASE_URL", "postgres:hunter2"],
  ["requiredSecretKey", "AIDESK_SECRET_KEY", "hunter2"],
  ["requiredSecretKey", "AIDESK_SECRET_KEY", Buffer.alloc(31, 7).toString("base64")],
  ["requiredSecretKey", "AIDESK_SECRET_KEY", Buffer.alloc(33, 7).toString("base64")],
  ["optionalSecretKey", "AIDESK_SECRET_KEY", `${base64(1)}!`],
  ["previousSecretKeys", "AIDESK_SECRET_KEY_PREVIOUS", `${base64(1)},hunter2`],
  ["graphBaseUrl", "GRAPH_BASE_URL", "ftp://graph.facebook.com"],
  ["graphBaseUrl", "GRAPH_BASE_URL", "graph.facebook.com"],
  ["graphBaseUrl", "GRAPH_BASE_URL", "https://user:hunter2@graph.facebook.com"],
  ["graphBaseUrl", "GRAPH_BASE_URL", "https://graph.facebook.com/?a=1"],
  ["graphApiVersion", "GRAPH_API_VERSION", "latest"],
  ["simulatorUrl", "SIMULATOR_URL", "127.0.0.1:8081"],
  ["demoApiKey", "AIDESK_DEMO_API_KEY", `ad_live_${"a".repeat(22)}`],
  ["demoApiKey", "AIDESK_DEMO_API_KEY", "ad_test_short"],
  ["metaAppSecrets", "META_APP_SECRETS", "new,,old"],
  ["metaVerifyToken", "META_VERIFY_TOKEN", "two words"],
  ["instanceToken", "AIDESK_INSTANCE_TOKEN", "hunter2 hunter2"],
  ["otlpEndpoint", "OTEL_EXPORTER_OTLP_ENDPOINT", "otel:4318"],
  ["logLevel", "LOG_LEVEL", "verbose"]
]

describe("configuration", () => {
  it.effect.each(defaults)("without its variable %s is what a first start needs", ([name, value]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(revealed(yield* read(name)), value)
    }).pipe(withEnv({}))
  )

  it.effect.each(good)("reads %s from %s=%s", ([name, variable, text, value]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(revealed(yield* read(name)), value)
    }).pipe(withEnv({ [variable]: text }))
  )

  it.effect.each(bad)("refuses %s where %s=%s, naming the variable but not its value", ([name, variable, text]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(read(name))
      assert.strictEqual(error.name, variable)
      assert.isFalse(error.missing)
      assert.include(error.message, variable)
      assert.include(error.message, `esperado ${error.expected}`)
      assert.notInclude(error.message, text)
      assert.notInclude(error.message, "hunter2")
      assert.notInclude(error.message, "\n")
    }).pipe(withEnv({ [variable]: text }))
  )

  it.effect.each(["", "   "])("takes a blank variable (%j) for a missing one", (blank) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* Configuration.httpPort, 8080)
      assert.strictEqual(yield* Configuration.databaseUrl, undefined)
      const error = yield* Effect.flip(Configuration.requiredSecretKey)
      assert.deepInclude(error, { name: "AIDESK_SECRET_KEY", missing: true })
      assert.include(error.message, "não está definida")
    }).pipe(withEnv({ PORT: blank, DATABASE_URL: blank, AIDESK_SECRET_KEY: blank }))
  )

  it.effect("shows no secret when it is printed", () =>
    Effect.gen(function* () {
      const secrets = [
        yield* Configuration.databaseUrl,
        yield* Configuration.requiredSecretKey,
        yield* Configuration.previousSecretKeys,
        yield* Configuration.demoApiKey,
        yield* Configuration.metaAppSecrets,
        yield* Configuration.metaVerifyToken
      ]
      for (const shown of [JSON.stringify(secrets), secrets.map(String).join(" ")]) {
        assert.notMatch(shown, /hunter2|ad_test_|7,7,7/u)
        assert.match(shown, /redacted/u)
      }
    }).pipe(
      withEnv({
        DATABASE_URL: "postgres://me:hunter2@db/aidesk",
        AIDESK_SECRET_KEY: base64(7),
        AIDESK_SECRET_KEY_PREVIOUS: base64(7),
        AIDESK_DEMO_API_KEY: `ad_test_${"a".repeat(22)}`,
        META_APP_SECRETS: "hunter2",
        META_VERIFY_TOKEN: "hunter2"
      })
    )
  )
})
