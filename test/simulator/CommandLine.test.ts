/** `aidesk simulate …`, through the command itself, against a running simulator. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, it, layer } from "@effect/vitest"
import { Clock, ConfigProvider, Effect, Exit, Layer } from "effect"
import { Command } from "effect/cli"
import { TestConsole } from "effect/testing"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { Simulator } from "../../adapters/simulator/Simulator.ts"
import * as Presentation from "../../apps/cli/Presentation.ts"
import { simulate } from "../../apps/cli/commands/simulate.ts"
import * as MovableClock from "../../apps/standalone/MovableClock.ts"
import { take, telling } from "./Receiver.ts"
import { mobile, running, temporaryFolder } from "./RunningSimulator.ts"

const call = Effect.fnUntraced(function* (args: ReadonlyArray<string>, url?: string) {
  const env = { SIMULATOR_URL: url ?? (yield* Simulator).url }
  return yield* Command.runWith(simulate, { version: "1" })(args).pipe(
    Effect.provide(
      Layer.mergeAll(NodeServices.layer, Presentation.layer, ConfigProvider.layer(ConfigProvider.fromEnv({ env })))
    )
  )
})

const printed = Effect.map(TestConsole.logLines, (lines) => lines.join("\n"))

layer(telling())("aidesk simulate", (it) => {
  it.effect("message makes a customer write", () =>
    Effect.gen(function* () {
      yield* call(["message", "--from", mobile, "--text", "Bom dia"])
      assert.match(yield* printed, /^O cliente escreveu: wamid\./u)
      assert.include((yield* take).text, "Bom dia")
    })
  )

  it.effect("message takes anything from a file, and prints JSON", () =>
    Effect.gen(function* () {
      const path = join(yield* temporaryFolder, "mensagem.json")
      yield* Effect.promise(() => writeFile(path, JSON.stringify({ from: mobile, preference: "stop" })))
      yield* call(["message", path, "--json"])
      assert.include(yield* printed, '"wamid": null')
      assert.deepInclude((yield* take).updates[0], { _tag: "UserPreference", value: "stop" })
    })
  )

  it.effect("template makes something happen to one", () =>
    Effect.gen(function* () {
      yield* call(["template", "--name", "boas_vindas", "--event", "APPROVED"])
      assert.deepInclude((yield* take).updates[0], { _tag: "TemplateStatus", name: "boas_vindas", language: "pt_BR" })
    })
  )

  it.effect("says in one sentence why it cannot", () =>
    Effect.gen(function* () {
      const refused = yield* Effect.flip(call(["message", "--from", "abc", "--text", "Oi"]))
      assert.match(String(refused), /O simulador recusou: Comando inválido: .*is no phone number/u)
      const nothing = yield* Effect.flip(call(["message"]))
      assert.include(String(nothing), "Informe --from e --text")
      const away = yield* Effect.flip(call(["template", "--name", "x", "--event", "PAUSED"], "http://127.0.0.1:9"))
      assert.include(String(away), "O simulador não responde em http://127.0.0.1:9")
    })
  )
})

it.live("aidesk simulate clock shows the clock and moves it", () =>
  Effect.gen(function* () {
    const clock = MovableClock.make({ now: () => 0n, elapsed: () => 0n, after: () => () => {} })
    yield* Effect.gen(function* () {
      yield* call(["clock"])
      yield* call(["clock", "--advance", "25 hours"])
      assert.deepStrictEqual(yield* TestConsole.logLines, [
        "Agora é 1970-01-01T00:00:00.000Z.",
        "Agora é 1970-01-02T01:00:00.000Z."
      ])
    }).pipe(
      Effect.provide(running({ clock })),
      Effect.provideService(Clock.Clock, clock),
      Effect.provide(TestConsole.layer)
    )
  })
)

it.effect("aidesk simulate explains itself in Portuguese", () =>
  Effect.gen(function* () {
    for (const command of [[], ["message"], ["template"], ["clock"]]) {
      assert.isTrue(Exit.isSuccess(yield* Effect.exit(call([...command, "--help"], "http://127.0.0.1:9"))))
    }
    const help = yield* printed
    assert.include(help, "Faz um cliente escrever à empresa")
    assert.notMatch(help, /USAGE|FLAGS|\b(?:the|choices|optional|required|Show)\b/u)
  }).pipe(Effect.provide(running()))
)
