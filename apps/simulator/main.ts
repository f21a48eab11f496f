/** The simulator of Meta by itself, for apps that run apart: `SIMULATOR_URL` points them here. */
import { Console, Effect, Layer } from "effect"
import { join, resolve } from "node:path"
import * as Simulator from "../../adapters/simulator/Simulator.ts"
import * as Configuration from "../configuration/Configuration.ts"
import { runMain } from "../configuration/runMain.ts"

/** A callback needs a secret to sign with. */
const webhooks = Effect.gen(function* () {
  const callbackUrl = yield* Configuration.simulatorCallbackUrl
  if (callbackUrl === undefined) return undefined
  return { callbackUrl, appSecret: yield* Configuration.requiredSimulatorAppSecret }
})

const app = Layer.unwrap(
  Effect.gen(function* () {
    const dataDir = resolve(yield* Configuration.dataDir)
    const seed = yield* Configuration.simulatorSeed
    const started = Layer.effectDiscard(
      Effect.flatMap(Simulator.Simulator, ({ url }) => Console.log(`Simulador da Meta em ${url}`))
    )
    return started.pipe(
      Layer.provide(
        Simulator.layer({
          host: yield* Configuration.host,
          port: yield* Configuration.simulatorPort,
          ledgerPath: join(dataDir, "simulator", "ledger.jsonl"),
          unknownTemplates: "accept",
          webhooks: yield* webhooks,
          seed
        })
      )
    )
  })
)

runMain(Layer.launch(app))
