/** The worker by itself: what happens without a request. Any number may run on one database server. */
import { Effect, Layer } from "effect"
import * as ServerDatabase from "../composition/ServerDatabase.ts"
import { runMain } from "../configuration/runMain.ts"
import * as Telemetry from "../telemetry/Telemetry.ts"
import * as Recovery from "./Recovery.ts"

const started = Layer.effectDiscard(Effect.logInfo("working"))

const app = Layer.mergeAll(Recovery.layer, started).pipe(Layer.provide(ServerDatabase.layer))

runMain(Layer.launch(app).pipe(Effect.provide(Telemetry.layer("aidesk-worker"))))
