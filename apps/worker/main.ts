/** The worker by itself: what happens without a request. Any number may run on one database server. */
import { Effect, Layer } from "effect"
import * as Graph from "../composition/Graph.ts"
import * as Media from "../composition/Media.ts"
import * as Sending from "../composition/Sending.ts"
import * as ServerDatabase from "../composition/ServerDatabase.ts"
import * as Webhooks from "../composition/Webhooks.ts"
import { runMain } from "../configuration/runMain.ts"
import * as Telemetry from "../telemetry/Telemetry.ts"
import * as Work from "./Work.ts"

const started = Layer.effectDiscard(Effect.logInfo("working"))

const app = Layer.unwrap(
  Effect.gen(function* () {
    const graph = yield* Graph.configured
    return Layer.mergeAll(Work.layer, started).pipe(
      Layer.provide(Sending.layer(graph)),
      Layer.provide(Media.source(graph)),
      Layer.provide(Media.store),
      Layer.provide(Webhooks.layer()),
      Layer.provide(ServerDatabase.layer)
    )
  })
)

runMain(Layer.launch(app).pipe(Effect.provide(Telemetry.layer("aidesk-worker"))))
