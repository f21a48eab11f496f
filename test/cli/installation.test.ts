/** An operator sets up an installation from nothing, wherever its data is. */
import { PgClient } from "@effect/sql-pg"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer, Option, Redacted, Schema } from "effect"
import type { SqlClient } from "effect/sql"
import { spawn, type ChildProcess } from "node:child_process"
import { once } from "node:events"
import { existsSync } from "node:fs"
import { readdir, readFile, writeFile } from "node:fs/promises"
import { createServer, type RequestListener } from "node:http"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { vi } from "vitest"
import * as FolderLock from "../../adapters/embedded/FolderLock.ts"
import * as PgliteStream from "../../adapters/embedded/PgliteStream.ts"
import * as AccessTokensPostgres from "../../adapters/postgres/AccessTokensPostgres.ts"
import * as ApiKeysPostgres from "../../adapters/postgres/ApiKeysPostgres.ts"
import * as ApiKeyMaker from "../../adapters/secrets/ApiKeyMaker.ts"
import * as SecretBox from "../../adapters/secrets/SecretBox.ts"
import * as AdministrationServer from "../../apps/administration/AdministrationServer.ts"
import * as DataFolderSecrets from "../../apps/configuration/DataFolderSecrets.ts"
import { Administration } from "../../core/administration/Administration.ts"
import { Quarantine } from "../../core/inbound/Quarantine.ts"
import { AccessTokens } from "../../core/instance/AccessTokens.ts"
import { ApiKeys } from "../../core/instance/ApiKeys.ts"
import { InstanceId } from "../../core/instance/Instance.ts"
import { Resends } from "../../core/resend/Resends.ts"
import * as FreshDatabase from "../postgres/FreshDatabase.ts"
import { aidesk, temporaryFolder } from "./CommandLine.ts"

// A dozen processes, one after the other.
vi.setConfig({ testTimeout: 120_000 })

const token = "EAAG-token-of-the-operator"
const number = ["--phone-number-id", "106540352242922", "--waba-id", "102290129340398"]

const template = JSON.stringify({
  name: "boas_vindas",
  language: "pt_BR",
  category: "UTILITY",
  status: "APPROVED",
  components: [{ type: "BODY", text: "Olá {{1}}, seu código é {{2}}." }],
  variables: {
    nome: { component: "body", position: 1, default: "cliente" },
    codigo: { component: "body", position: 2 }
  }
})

const campaign = (templateId: number): string =>
  JSON.stringify({
    name: "Natal",
    template_id: templateId,
    variables: { nomeCliente: { variable: "nome" }, codigo: { variable: "codigo" } }
  })

const Made = Schema.fromJsonString(Schema.Struct({ id: Schema.Int }))
const MadeKey = Schema.fromJsonString(Schema.Struct({ id: Schema.Int, key: Schema.String, hint: Schema.String }))

type Env = Readonly<Record<string, string>>

/** A live number and a key for it; answers how to go on, and what was printed on the way. */
const begin = Effect.fnUntraced(function* (env: Env) {
  const printed: Array<string> = []
  const run = Effect.fnUntraced(function* (args: ReadonlyArray<string>, input?: string) {
    const outcome = yield* aidesk(args, input === undefined ? { env } : { env, input })
    assert.deepStrictEqual({ code: outcome.code, err: outcome.err }, { code: 0, err: "" }, args.join(" "))
    printed.push(outcome.out)
    return outcome.out
  })
  const made = (args: ReadonlyArray<string>, input?: string) =>
    Effect.flatMap(run([...args, "--json"], input), Schema.decodeUnknownEffect(Made))

  const live = ["instance", "add", "--name", "Loja", "--mode", "live", ...number]
  const { id } = yield* made([...live, "--token-stdin"], `${token}\n`)
  const of = ["--instance", String(id)]
  const key = yield* Effect.flatMap(
    run(["key", "add", "--label", "ERP", "--json", ...of]),
    Schema.decodeUnknownEffect(MadeKey)
  )
  return { instanceId: InstanceId.make(id), key, made, of, printed, run }
})

/** What sending sees of it. */
const check = Effect.fnUntraced(function* (instanceId: InstanceId, key: string) {
  const found = yield* (yield* ApiKeys).find(ApiKeyMaker.hashOf(key))
  assert.deepStrictEqual(
    Option.map(found, ({ instance }) => instance.id),
    Option.some(instanceId)
  )
  const kept = yield* (yield* AccessTokens).find(instanceId)
  assert.deepStrictEqual(Option.map(kept, Redacted.value), Option.some(token))
})

const portsOn = <E>(database: Layer.Layer<SqlClient.SqlClient, E>, keys: SecretBox.Keys) =>
  Layer.mergeAll(ApiKeysPostgres.layer, AccessTokensPostgres.layer).pipe(
    Layer.provide([database, SecretBox.layer(keys)])
  )

const folderPorts = (dataDir: string) =>
  Layer.unwrap(
    Effect.gen(function* () {
      yield* FolderLock.acquire(dataDir)
      const keys = { current: (yield* DataFolderSecrets.keptIn(dataDir)).secretKey, previous: [] }
      return portsOn(PgliteStream.layer({ dataDir: join(dataDir, "postgres") }), keys)
    })
  )

const textOfAll = Effect.fnUntraced(function* (folder: string) {
  const entries = yield* Effect.promise(() => readdir(folder, { recursive: true, withFileTypes: true }))
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return yield* Effect.promise(() => Promise.all(files.map((file) => readFile(file, "latin1"))))
})

const keyTable = /^ID +PARA +CHAVE +CRIADA +ÚLTIMO USO +REVOGADA\n1 +ERP +ad_live_\w{6}… +\S+Z +nunca +não\n$/u

describe("an installation in a data folder", () => {
  it.live("is begun by commands alone, which leave no secret readable", () =>
    Effect.gen(function* () {
      const dataDir = join(yield* temporaryFolder, "data")
      const { instanceId, key, of, printed, run } = yield* begin({ AIDESK_DATA_DIR: dataDir })
      assert.match(yield* run(["key", "list", ...of]), keyTable)
      yield* run(["instance", "list", "--json"])

      const all = printed.join("")
      assert.notInclude(all, token)
      assert.strictEqual(all.split(key.key).length, 2, "the key was printed once")
      for (const text of yield* textOfAll(dataDir)) {
        assert.isFalse(text.includes(token), "the token is in no file")
        assert.isFalse(text.includes(key.key), "the key is in no file")
      }
      yield* Effect.provide(check(instanceId, key.key), folderPorts(dataDir))
    })
  )

  it.live("can be administered by two commands at once, one after the other", () =>
    Effect.gen(function* () {
      const env = { AIDESK_DATA_DIR: yield* temporaryFolder }
      const add = (mode: string) =>
        aidesk(["instance", "add", "--name", "Loja", "--mode", mode, ...number], {
          env: { ...env, AIDESK_INSTANCE_TOKEN: token }
        })
      const outcomes = yield* Effect.all([add("simulated"), add("live")], { concurrency: "unbounded" })
      assert.deepStrictEqual(
        outcomes.map(({ code, err }) => ({ code, err })),
        [
          { code: 0, err: "" },
          { code: 0, err: "" }
        ]
      )
      const { out } = yield* aidesk(["instance", "list"], { env })
      assert.strictEqual(out.trimEnd().split("\n").length, 3)
    })
  )
})

const holder = (dataDir: string) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const script = fileURLToPath(new URL("./holder.ts", import.meta.url))
      const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", script], {
        env: { PATH: process.env["PATH"], AIDESK_DATA_DIR: dataDir },
        stdio: ["ignore", "pipe", "inherit"]
      })
      await once(child.stdout, "data")
      return child
    }),
    (child) => Effect.promise(() => ended(child, "SIGKILL"))
  )

const ended = async (child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> => {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, "exit")
    child.kill(signal)
    await exited
  }
  return child.exitCode
}

/** A server that is not ours; its address. */
const stranger = (listener: RequestListener) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const server = createServer(listener).listen(0, "127.0.0.1")
      await once(server, "listening")
      return server
    }),
    (server) => Effect.sync(() => server.close())
  ).pipe(
    Effect.map((server) => {
      const address = server.address()
      return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/`
    })
  )

describe("an installation that is running", () => {
  it.live("is administered through the process that has its folder", () =>
    Effect.gen(function* () {
      const dataDir = yield* temporaryFolder
      const running = yield* holder(dataDir)
      const { instanceId, key, made, of, printed, run } = yield* begin({ AIDESK_DATA_DIR: dataDir })
      yield* made(["template", "add", "-", ...of], template)
      assert.match(yield* run(["key", "list", ...of]), keyTable)
      assert.strictEqual(yield* run(["migrate"]), "Nada a aplicar.\n")
      assert.notInclude(printed.join(""), token)

      const refused = yield* aidesk(["queue", "list", "--instance", "9"], { env: { AIDESK_DATA_DIR: dataDir } })
      assert.deepStrictEqual(refused, { code: 1, out: "", err: "A instância 9 não existe.\n" })

      assert.strictEqual(yield* Effect.promise(() => ended(running, "SIGTERM")), 0)
      assert.isFalse(existsSync(join(dataDir, "admin.json")))
      yield* Effect.provide(check(instanceId, key.key), folderPorts(dataDir))
    })
  )

  it.live("leaves the folder to commands once it is killed, whatever it has left there", () =>
    Effect.gen(function* () {
      const dataDir = yield* temporaryFolder
      const running = yield* holder(dataDir)
      yield* Effect.promise(() => ended(running, "SIGKILL"))
      assert.isTrue(existsSync(join(dataDir, "admin.json")))
      const outcome = yield* aidesk(["instance", "list"], { env: { AIDESK_DATA_DIR: dataDir } })
      assert.deepStrictEqual(outcome, { code: 0, out: "Nenhuma instância.\n", err: "" })
    })
  )

  it.live("is waited for while it starts", () =>
    Effect.gen(function* () {
      const dataDir = yield* temporaryFolder
      yield* FolderLock.acquire(dataDir)
      // An earlier process left its address, which somebody else has by now.
      const asked = yield* Deferred.make<void>()
      const url = yield* stranger((_request, response) => {
        Deferred.doneUnsafe(asked, Effect.void)
        response.writeHead(401).end()
      })
      const stale = JSON.stringify({ url, token: "stale", pid: 1 })
      yield* Effect.promise(() => writeFile(join(dataDir, "admin.json"), stale))

      const command = yield* Effect.forkChild(aidesk(["instance", "list"], { env: { AIDESK_DATA_DIR: dataDir } }))
      yield* Deferred.await(asked)
      const nothing = Layer.mock(Administration, { instances: Effect.succeed([]) })
      const none = Layer.merge(Layer.mock(Quarantine, {}), Layer.mock(Resends, {}))
      yield* Layer.build(Layer.provide(AdministrationServer.layer({ dataDir }), [nothing, none]))
      assert.deepStrictEqual(yield* Fiber.join(command), { code: 0, out: "Nenhuma instância.\n", err: "" })
    })
  )

  it.live("that ends in the middle of a command leaves nobody in doubt that the outcome is in doubt", () =>
    Effect.gen(function* () {
      const dataDir = yield* temporaryFolder
      yield* FolderLock.acquire(dataDir)
      const url = yield* stranger((request, response) => {
        if (request.method === "HEAD") response.writeHead(204).end()
        else request.socket.destroy()
      })
      const endpoint = JSON.stringify({ url, token: "token", pid: 1 })
      yield* Effect.promise(() => writeFile(join(dataDir, "admin.json"), endpoint))
      const outcome = yield* aidesk(["instance", "list"], { env: { AIDESK_DATA_DIR: dataDir } })
      assert.deepInclude(outcome, { code: 1, out: "" })
      assert.match(outcome.err, /^O processo que usa a pasta de dados parou de responder; confira com `list`[^\n]*\n$/u)
    })
  )
})

const tables: ReadonlyArray<readonly [command: string, shown: RegExp]> = [
  ["key", keyTable],
  ["queue", /^ID +NOME\n1 +Vendas\n$/u],
  ["status", /^ID +NOME\n1 +Novo\n$/u],
  ["template", /^ID +NOME .*\n1 +boas_vindas +pt_BR +UTILITY +APPROVED +nome, codigo\n$/u],
  ["campaign", /^ID +NOME .*\n1 +Natal +1 +active +codigo, nomeCliente\n$/u]
]

describe("an installation on a PostgreSQL server", () => {
  it.live("is set up from nothing by commands alone", () =>
    Effect.gen(function* () {
      const { url } = yield* FreshDatabase.FreshDatabase
      const secretKey = Buffer.alloc(32, 9)
      const env = { DATABASE_URL: url, AIDESK_SECRET_KEY: secretKey.toString("base64") }

      const early = yield* aidesk(["instance", "list"], { env })
      assert.strictEqual(early.code, 1)
      assert.match(early.err, /^O banco de dados ainda não tem todas as migrações.*migrate.*\n$/u)
      assert.match((yield* aidesk(["migrate"], { env })).out, /^Migrações aplicadas: 0001_/u)

      const { instanceId, key, made, of, run } = yield* begin(env)
      yield* run(["queue", "add", "--name", "Vendas", ...of])
      yield* run(["status", "add", "--name", "Novo", ...of])
      const { id: templateId } = yield* made(["template", "add", "-", ...of], template)
      const { id: campaignId } = yield* made(["campaign", "add", "-", ...of], campaign(templateId))
      yield* run(["campaign", "activate", String(campaignId), ...of])
      for (const [command, shown] of tables) assert.match(yield* run([command, "list", ...of]), shown)
      assert.match(yield* run(["key", "revoke", String(key.id), ...of]), /revogada/u)

      const database = PgClient.layer({ url: Redacted.make(url) })
      const keys = { current: Redacted.make(new Uint8Array(secretKey)), previous: [] }
      yield* Effect.provide(check(instanceId, key.key), portsOn(database, keys))

      // Only a token needs the key that seals it.
      const unsealed = yield* aidesk(
        ["instance", "add", "--name", "x", "--mode", "live", "--phone-number-id", "1", "--waba-id", "1"],
        {
          env: { DATABASE_URL: url, AIDESK_INSTANCE_TOKEN: token }
        }
      )
      assert.strictEqual(unsealed.code, 1)
      assert.match(unsealed.err, /^.*AIDESK_SECRET_KEY.*\n$/u)
      assert.strictEqual((yield* aidesk(["queue", "list", ...of], { env: { DATABASE_URL: url } })).code, 0)
    }).pipe(Effect.provide(FreshDatabase.FreshDatabase.layer))
  )
})
