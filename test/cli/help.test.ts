import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Exit, Layer } from "effect"
import { Command } from "effect/cli"
import { TestConsole } from "effect/testing"
import { aidesk } from "../../apps/cli/aidesk.ts"
import * as Presentation from "../../apps/cli/Presentation.ts"

/** Where any look at the database would fail. */
const nowhere = ConfigProvider.layer(ConfigProvider.fromEnv({ env: { DATABASE_URL: "not an address" } }))

const call = (line: string) =>
  Command.runWith(aidesk, { version: "1.2.3" })(line.split(" ").filter((word) => word !== "")).pipe(
    Effect.exit,
    Effect.provide(Layer.mergeAll(NodeServices.layer, Presentation.layer, nowhere))
  )

const printed = Effect.map(TestConsole.logLines, (lines) => lines.join("\n"))
const complained = Effect.map(TestConsole.errorLines, (lines) => lines.join("\n"))

const commands = [
  "",
  "migrate",
  "instance",
  "instance add",
  "instance list",
  "instance token",
  "instance keywords",
  "instance health",
  "key",
  "key add",
  "key list",
  "key revoke",
  "queue",
  "queue add",
  "queue list",
  "status",
  "status add",
  "status list",
  "template",
  "template add",
  "template list",
  "template set-status",
  "campaign",
  "campaign add",
  "campaign activate",
  "campaign list",
  "contact",
  "contact opt-out",
  "contact resume",
  "messages",
  "messages unresolved",
  "messages resend",
  "webhooks",
  "webhooks quarantine",
  "webhooks quarantine list",
  "webhooks quarantine retry",
  "simulate",
  "simulate message",
  "simulate template",
  "simulate clock"
]

describe("--help", () => {
  it.effect.each(commands)("says in Portuguese what `aidesk %s` does and takes, touching nothing", (command) =>
    Effect.gen(function* () {
      assert.isTrue(Exit.isSuccess(yield* call(`${command} --help`)))
      const help = yield* printed
      assert.include(help, `Uso: ${["aidesk", ...command.split(" ")].join(" ").trim()}`)
      assert.match(help, /--help, -h +Mostra esta ajuda/u)
      // What Effect would say by itself.
      assert.notMatch(help, /USAGE|FLAGS|\b(?:the|choices|optional|required|Show)\b/u)
      assert.strictEqual(yield* complained, "")
    })
  )

  it.effect("lists every command", () =>
    Effect.gen(function* () {
      yield* call("--help")
      const listed = [...(yield* printed).matchAll(/^ {2}(\w+) {3}/gmu)].map(([, name]) => name)
      assert.deepStrictEqual(
        listed,
        commands.filter((command) => command !== "" && !command.includes(" "))
      )
    })
  )

  it.effect("is what a group of commands without a command shows", () =>
    Effect.gen(function* () {
      yield* call("key")
      assert.match(yield* printed, /Uso: aidesk key <comando>[^]*revoke/u)
    })
  )
})

const wrong: ReadonlyArray<readonly [line: string, complaint: RegExp]> = [
  ["quue list", /^O comando quue não existe\. Seria queue\? Veja: aidesk --help$/u],
  ["queue list", /^Falta a opção --instance\. Veja: aidesk queue list --help$/u],
  ["queue list --instance abc", /^Valor inválido em --instance: esperado um id/u],
  ["queue list --instance -1", /^Valor inválido em --instance: esperado um id/u],
  ["queue list --instance 0", /^Valor inválido em --instance: esperado um id/u],
  ["queue list --instance 99999999999", /^Valor inválido em --instance: esperado um id/u],
  ["queue list --instance 1 --colour", /^A opção --colour não existe\. Veja: aidesk queue list --help$/u],
  ["queue add -i 1 --name  ", /^.*--name.*Veja: aidesk queue add --help$/u],
  [`queue add -i 1 --name ${"x".repeat(101)}`, /^Valor inválido em --name: esperado um texto de 1 a 100 caracteres/u],
  ["key revoke -i 1", /^Falta o argumento <id>\./u],
  ["key revoke -i 1 abc", /^Valor inválido em <id>: esperado um id/u],
  ["key revoke -i 1 2 3", /^Argumento a mais: 3\./u],
  [
    "instance add --name x --mode test --phone-number-id 1 --waba-id 1",
    /^Valor inválido em --mode: esperado live ou simulated/u
  ],
  [
    "instance add --name x --mode live --phone-number-id +55 --waba-id 1",
    /^Valor inválido em --phone-number-id: esperado o id/u
  ],
  ["messages resend", /^Falta o argumento <id>\./u],
  ["messages resend 4711", /^Valor inválido em <id>: esperado o id de uma mensagem/u],
  ["messages unresolved --limit 101", /^Valor inválido em --limit: esperado um número de 1 a 100/u],
  ["instance keywords -i 1 --opt-out PARAR,,SAIR", /^Valor inválido em --opt-out: esperado palavras/u],
  ["template set-status -i 1 --template 2 --status 1", /^Valor inválido em --status: esperado uma palavra da Meta/u],
  // No such option: a token is never an argument.
  ["instance add --name x --mode live --phone-number-id 1 --waba-id 1 --token abc", /^A opção --token não existe/u]
]

describe("a wrong call", () => {
  it.effect.each(wrong)("is explained in one line: aidesk %s", ([line, complaint]) =>
    Effect.gen(function* () {
      assert.isTrue(Exit.isFailure(yield* call(line)))
      assert.match(yield* complained, complaint)
      assert.notInclude(yield* complained, "\n")
      assert.strictEqual(yield* printed, "")
    })
  )
})

describe("--version", () => {
  it.effect("is that of the package", () =>
    Effect.gen(function* () {
      yield* call("--version")
      assert.strictEqual(yield* printed, "aidesk 1.2.3")
    })
  )
})
