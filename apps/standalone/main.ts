/** The whole product in one process: HTTP app, worker, simulator and, unless a server is named, the database. */
import { Clock, Console, Effect, Layer } from "effect"
import { join, resolve } from "node:path"
import * as FolderLock from "../../adapters/embedded/FolderLock.ts"
import * as Migrations from "../../adapters/postgres/Migrations.ts"
import * as ApiKeyMaker from "../../adapters/secrets/ApiKeyMaker.ts"
import * as SecretBox from "../../adapters/secrets/SecretBox.ts"
import * as Simulator from "../../adapters/simulator/Simulator.ts"
import * as AdministrationServer from "../administration/AdministrationServer.ts"
import * as Database from "../composition/Database.ts"
import * as Media from "../composition/Media.ts"
import * as Sending from "../composition/Sending.ts"
import * as Storage from "../composition/Storage.ts"
import * as Webhooks from "../composition/Webhooks.ts"
import * as Configuration from "../configuration/Configuration.ts"
import * as DataFolderSecrets from "../configuration/DataFolderSecrets.ts"
import { runMain } from "../configuration/runMain.ts"
import { ofListener, PublicUrl } from "../http/PublicUrl.ts"
import * as Server from "../http/Server.ts"
import { path } from "../http/webhooks/path.ts"
import * as WebhookSecrets from "../http/webhooks/WebhookSecrets.ts"
import * as Telemetry from "../telemetry/Telemetry.ts"
import * as Work from "../worker/Work.ts"
import * as Demo from "./Demo.ts"
import { greeting } from "./greeting.ts"
import * as MovableClock from "./MovableClock.ts"
import * as demo from "./demoData.ts"

const simulatorOf = Effect.fnUntraced(function* (dataDir: string, host: string, clock: MovableClock.MovableClock) {
  return Simulator.layer({
    host,
    port: yield* Configuration.simulatorPort,
    ledgerPath: join(dataDir, "simulator", "ledger.jsonl"),
    templates: [{ wabaId: demo.instance.wabaId, template: demo.templateAsSubmitted }],
    // What an operator registers by the CLI was approved by Meta, and the simulator is not told.
    unknownTemplates: "accept",
    numbers: { [demo.instance.phoneNumberId]: { wabaId: demo.instance.wabaId } },
    seed: yield* Configuration.simulatorSeed,
    clock
  })
})

const main = Effect.fnUntraced(function* (clock: MovableClock.MovableClock) {
  const dataDir = resolve(yield* Configuration.dataDir)
  const host = yield* Configuration.host
  const port = yield* Configuration.httpPort
  const databaseUrl = yield* Configuration.databaseUrl
  const graphBaseUrl = yield* Configuration.graphBaseUrl
  const version = yield* Configuration.graphApiVersion
  const givenKey = yield* Configuration.demoApiKey

  yield* FolderLock.acquire(dataDir)
  const { keys, ...webhooks } = yield* DataFolderSecrets.load(dataDir)

  const database = databaseUrl === undefined ? Database.embedded(dataDir) : Database.server(databaseUrl)
  const storage = yield* Layer.build(
    Storage.layer.pipe(
      Layer.provideMerge(ApiKeyMaker.layer),
      Layer.provide(SecretBox.layer(keys)),
      Layer.provideMerge(Migrations.layer),
      Layer.provideMerge(database)
    )
  )

  const simulator = yield* Layer.build(yield* simulatorOf(dataDir, "127.0.0.1", clock))
  const { setCallback, url: simulatorUrl } = yield* Simulator.Simulator.pipe(Effect.provideContext(simulator))
  const madeKey = yield* Demo.prepare(givenKey).pipe(Effect.provideContext(storage))

  const graph = { graphBaseUrl, version, simulatorUrl }
  const publicUrl = (yield* Configuration.publicUrl) ?? ofListener(host, port)
  const served = yield* Layer.build(
    Layer.mergeAll(Server.layer({ host, port }), Work.layer, AdministrationServer.layer({ dataDir })).pipe(
      Layer.provide(Sending.layer(graph)),
      Layer.provide(Media.source(graph)),
      Layer.provide(Media.store),
      Layer.provide(Webhooks.layer(Webhooks.loopback)),
      Layer.provide(Layer.succeed(WebhookSecrets.WebhookSecrets, WebhookSecrets.make(webhooks))),
      Layer.provide(Layer.succeed(PublicUrl, publicUrl)),
      Layer.provide(Layer.succeedContext(storage))
    )
  )

  const boundPort = yield* Server.boundPort.pipe(Effect.provideContext(served))
  const url = ofListener(host, boundPort)
  yield* setCallback({ url: `${url}${path}`, appSecret: webhooks.simulatorAppSecret })
  yield* Console.log(greeting({ url, simulatorUrl, dataDir, madeKey, keyGiven: givenKey !== undefined }))
  return yield* Effect.never
})

/** One clock for the product and its simulator, which can be moved forward: days pass in a moment. */
const clock = MovableClock.make()

runMain(
  main(clock).pipe(Effect.scoped, Effect.provide(Telemetry.layer("aidesk")), Effect.provideService(Clock.Clock, clock))
)
