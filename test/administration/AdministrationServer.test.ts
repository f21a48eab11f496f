import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, Redacted } from "effect"
import { existsSync } from "node:fs"
import { stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import * as PgliteStream from "../../adapters/embedded/PgliteStream.ts"
import * as MessageIdsMemory from "../../adapters/memory/MessageIdsMemory.ts"
import * as AccessTokensPostgres from "../../adapters/postgres/AccessTokensPostgres.ts"
import * as AdministrationPostgres from "../../adapters/postgres/AdministrationPostgres.ts"
import * as ApiKeysPostgres from "../../adapters/postgres/ApiKeysPostgres.ts"
import * as DirectoryPostgres from "../../adapters/postgres/DirectoryPostgres.ts"
import * as Migrations from "../../adapters/postgres/Migrations.ts"
import * as QuarantinePostgres from "../../adapters/postgres/QuarantinePostgres.ts"
import * as ResendsPostgres from "../../adapters/postgres/ResendsPostgres.ts"
import * as SendsPostgres from "../../adapters/postgres/SendsPostgres.ts"
import * as SecretBox from "../../adapters/secrets/SecretBox.ts"
import * as AdministrationClient from "../../apps/administration/AdministrationClient.ts"
import * as AdministrationServer from "../../apps/administration/AdministrationServer.ts"
import * as Endpoint from "../../apps/administration/Endpoint.ts"
import { Administration } from "../../core/administration/Administration.ts"
import { Quarantine } from "../../core/inbound/Quarantine.ts"
import { Resends } from "../../core/resend/Resends.ts"
import { temporaryFolder } from "../cli/CommandLine.ts"
import { administrationContract } from "../contract/administration.ts"
import { quarantineContract } from "../contract/quarantine.ts"
import { resendsContract } from "../contract/resends.ts"
import * as AftermathSql from "../postgres/AftermathSql.ts"
import * as FixtureSql from "../postgres/FixtureSql.ts"
import * as MailroomSql from "../postgres/MailroomSql.ts"
import * as TracesSql from "../postgres/TracesSql.ts"

const sealing = SecretBox.layer({ current: Redacted.make(new Uint8Array(32).fill(7)), previous: [] })

const storage = Layer.mergeAll(
  AdministrationPostgres.layer,
  AccessTokensPostgres.layer,
  ApiKeysPostgres.layer,
  DirectoryPostgres.layer,
  QuarantinePostgres.layer,
  ResendsPostgres.layer,
  SendsPostgres.layer,
  MessageIdsMemory.layer,
  MailroomSql.layer,
  FixtureSql.layer,
  TracesSql.layer,
  AftermathSql.layer
).pipe(Layer.provide([sealing, Migrations.layer]), Layer.provide(PgliteStream.layer({ dataDir: undefined })))

const endpointIn = (dataDir: string) =>
  Effect.flatMap(Endpoint.find(dataDir), (endpoint) => Effect.fromOption(endpoint))

/** The ports as the CLI gets them while a process has the folder; the other ports as that process has them. */
const throughTheServer = Layer.unwrap(
  Effect.gen(function* () {
    const dataDir = yield* temporaryFolder
    const client = Layer.unwrap(Effect.map(endpointIn(dataDir), AdministrationClient.layer)).pipe(
      Layer.provide(AdministrationServer.layer({ dataDir }))
    )
    return Layer.provideMerge(client, storage)
  })
)

administrationContract("a running process", throughTheServer)
quarantineContract("a running process", throughTheServer)
resendsContract("a running process", throughTheServer)

const nothing = Layer.mergeAll(
  Layer.mock(Administration, { instances: Effect.succeed([]) }),
  Layer.mock(Quarantine, {}),
  Layer.mock(Resends, {})
)

const serving = Effect.fnUntraced(function* (dataDir: string) {
  yield* Layer.build(Layer.provide(AdministrationServer.layer({ dataDir }), nothing))
  return yield* endpointIn(dataDir)
})

const fetched = (url: string, init: RequestInit) => Effect.promise(() => fetch(url, init))

describe("the endpoint for the CLI", () => {
  it.live("is told in a file of the data folder that its owner alone can read, and gone with the process", () =>
    Effect.gen(function* () {
      const dataDir = yield* temporaryFolder
      const endpoint = yield* Effect.scoped(
        Effect.gen(function* () {
          const told = yield* serving(dataDir)
          const { mode } = yield* Effect.promise(() => stat(join(dataDir, "admin.json")))
          assert.strictEqual(mode & 0o777, 0o600)
          assert.isTrue(yield* AdministrationClient.answers(told))
          return told
        })
      )
      assert.isFalse(existsSync(join(dataDir, "admin.json")))
      assert.isFalse(yield* AdministrationClient.answers(endpoint))
    })
  )

  it.live("listens on the loopback interface only", () =>
    Effect.gen(function* () {
      const { url } = yield* serving(yield* temporaryFolder)
      assert.strictEqual(new URL(url).hostname, "127.0.0.1")
    })
  )

  it.live("answers 401 without its token, with a wrong one and with a longer one, whatever is asked", () =>
    Effect.gen(function* () {
      const { token, url } = yield* serving(yield* temporaryFolder)
      const right = Redacted.value(token)
      const wrong = ["", "Bearer ", "Bearer nonsense", right, `Bearer ${right}0`, `Bearer ${right.slice(1)}`]
      for (const authorization of wrong) {
        for (const method of ["POST", "GET", "HEAD", "DELETE"]) {
          const response = yield* fetched(url, { method, headers: authorization === "" ? {} : { authorization } })
          assert.strictEqual(response.status, 401, `${method} with ${authorization.length} characters`)
          assert.strictEqual(yield* Effect.promise(() => response.text()), "")
        }
      }
      const authorization = `Bearer ${right}`
      assert.strictEqual((yield* fetched(url, { method: "HEAD", headers: { authorization } })).status, 204)
      assert.strictEqual((yield* fetched(url, { method: "GET", headers: { authorization } })).status, 405)
    })
  )

  it.live("gets a new token at each start", () =>
    Effect.gen(function* () {
      const dataDir = yield* temporaryFolder
      const first = yield* Effect.scoped(serving(dataDir))
      const second = yield* serving(dataDir)
      assert.notStrictEqual(Redacted.value(second.token), Redacted.value(first.token))
      assert.isFalse(yield* AdministrationClient.answers({ ...second, token: first.token }))
    })
  )

  it.live("leaves the file of a process that has taken the folder over", () =>
    Effect.gen(function* () {
      const dataDir = yield* temporaryFolder
      const path = join(dataDir, "admin.json")
      const theirs = JSON.stringify({ url: "http://127.0.0.1:9/", token: "theirs", pid: 1 })
      yield* Effect.scoped(
        Effect.andThen(
          serving(dataDir),
          Effect.promise(() => writeFile(path, theirs))
        )
      )
      assert.isTrue(existsSync(path))
    })
  )

  it.live("is not found in a file that holds something else", () =>
    Effect.gen(function* () {
      const dataDir = yield* temporaryFolder
      assert.deepStrictEqual(yield* Endpoint.find(dataDir), Option.none())
      yield* Effect.promise(() => writeFile(join(dataDir, "admin.json"), '{"url": "http://127.0.0.1:9/", "tok'))
      assert.deepStrictEqual(yield* Endpoint.find(dataDir), Option.none())
    })
  )
})
