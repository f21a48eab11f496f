/** However a command or an app cannot go on, people get one line that says why. */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { mkdir, writeFile } from "node:fs/promises"
import { createServer } from "node:http"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { inject } from "vitest"
import { failureLine } from "../../apps/configuration/failureLine.ts"
import { aidesk, node, type Outcome, temporaryFolder } from "./CommandLine.ts"

const inOneLine = ({ code, err, out }: Outcome, line: RegExp): void => {
  assert.match(err, line)
  assert.match(err, /^[^\n]+\n$/u)
  assert.notInclude(err, "hunter2")
  assert.deepStrictEqual({ code, out }, { code: 1, out: "" })
}

/** The address of the tests' own server, changed. */
const server = (change: (url: URL) => void): string => {
  const url = new URL(inject("serverUrl"))
  change(url)
  return url.href
}

const databases: ReadonlyArray<readonly [fault: string, url: () => string, line: RegExp]> = [
  ["is no address", () => "hunter2", /^A variável DATABASE_URL tem um valor inválido: esperado um endereço postgres:/u],
  [
    "names a port where nobody listens",
    () => "postgres://me:hunter2@127.0.0.1:1/aidesk",
    /^O banco de dados não responde em DATABASE_URL \(.*ECONNREFUSED.*\)\.$/mu
  ],
  [
    "has a wrong password",
    () => server((url) => (url.password = "hunter2")),
    /^O banco de dados não aceitou o acesso de DATABASE_URL/u
  ],
  [
    "names a database that does not exist",
    () => server((url) => (url.pathname = "/nowhere")),
    /^O banco de dados recusou a operação \(database "nowhere" does not exist\)/u
  ]
]

const list = ["instance", "list"]

describe("a command", () => {
  it.live.each(databases)("says so where DATABASE_URL %s", ([, url, line]) =>
    Effect.gen(function* () {
      inOneLine(yield* aidesk(list, { env: { DATABASE_URL: url() } }), line)
    })
  )

  it.live("says so where the data folder is a file", () =>
    Effect.gen(function* () {
      const path = join(yield* temporaryFolder, "file")
      yield* Effect.promise(() => writeFile(path, ""))
      inOneLine(yield* aidesk(list, { env: { AIDESK_DATA_DIR: path } }), /^A pasta de dados .* não pode ser criada/u)
    })
  )

  it.live("says so where the data folder's database is damaged", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      yield* Effect.promise(() => mkdir(join(folder, "postgres")))
      yield* Effect.promise(() => writeFile(join(folder, "postgres", "thesis.txt"), "mine"))
      inOneLine(yield* aidesk(list, { env: { AIDESK_DATA_DIR: folder } }), /^O banco de dados da pasta .* aberto/u)
    })
  )

  it.live("says so where the secrets are damaged, before anything is sealed by others", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      yield* Effect.promise(() => writeFile(join(folder, "secrets.json"), "{"))
      inOneLine(yield* aidesk(list, { env: { AIDESK_DATA_DIR: folder } }), /^O arquivo de segredos .*secrets\.json/u)
    })
  )

  const live = ["instance", "add", "--name", "x", "--mode", "live", "--phone-number-id", "1", "--waba-id", "1"]
  const tokens: ReadonlyArray<readonly [fault: string, args: ReadonlyArray<string>, input: string, line: RegExp]> = [
    ["is missing", live, "", /^Uma instância live precisa do token .*--token-stdin.*AIDESK_INSTANCE_TOKEN/u],
    ["is empty", [...live, "--token-stdin"], "\n", /^Uma instância live precisa do token/u],
    ["is several words", [...live, "--token-stdin"], "hunter2 hunter2\n", /^O token deve ser uma linha/u],
    [
      "is given to a simulated instance",
      [...live.map((word) => (word === "live" ? "simulated" : word)), "--token-stdin"],
      "hunter2",
      /^Uma instância simulated não tem token/u
    ]
  ]
  it.live.each(tokens)("says so where the token %s", ([, args, input, line]) =>
    Effect.gen(function* () {
      inOneLine(yield* aidesk(args, { env: { AIDESK_DATA_DIR: yield* temporaryFolder }, input }), line)
    })
  )
})

const runMain = JSON.stringify(fileURLToPath(new URL("../../apps/configuration/runMain.ts", import.meta.url)))

const script = (main: string) =>
  node([
    "--input-type=module",
    "--disable-warning=ExperimentalWarning",
    "-e",
    `const { Effect } = await import("effect"); (await import(${runMain})).runMain(${main})`
  ])

const serve = (port: number) => NodeHttpServer.make(() => createServer(), { host: "127.0.0.1", port })

describe("an app", () => {
  it.live("says which port is taken", () =>
    Effect.gen(function* () {
      const { address } = yield* serve(0)
      const port = address._tag === "UnixPathAddress" ? 0 : address.port
      const error = yield* Effect.flip(serve(port))
      assert.strictEqual(failureLine(error), `A porta ${port} de 127.0.0.1 já está em uso por outro processo.`)
    })
  )

  it.live("tells in one line whatever was foreseen, and with a stack trace what was not", () =>
    Effect.gen(function* () {
      inOneLine(yield* script("Effect.fail(new Error('first\\nsecond'))"), /^first second$/mu)
      const unforeseen = yield* script("Effect.die(new TypeError('broken'))")
      assert.strictEqual(unforeseen.code, 1)
      assert.match(unforeseen.err, /TypeError: broken\n +at /u)
      assert.deepStrictEqual(yield* script("Effect.void"), { code: 0, out: "", err: "" })
    })
  )
})
