/** The HTTP app by itself, as production runs it: as many of them as the load wants, on one database server. */
import { Effect, Layer } from "effect"
import * as Sending from "../composition/Sending.ts"
import * as ServerDatabase from "../composition/ServerDatabase.ts"
import * as Configuration from "../configuration/Configuration.ts"
import { runMain } from "../configuration/runMain.ts"
import * as Telemetry from "../telemetry/Telemetry.ts"
import { PublicUrl } from "./PublicUrl.ts"
import * as Server from "./Server.ts"

const app = Layer.unwrap(
  Effect.gen(function* () {
    const host = yield* Configuration.host
    const port = yield* Configuration.httpPort
    const graph = {
      graphBaseUrl: yield* Configuration.graphBaseUrl,
      version: yield* Configuration.graphApiVersion,
      simulatorUrl: yield* Configuration.simulatorUrl
    }
    const publicUrl = (yield* Configuration.publicUrl) ?? `http://${host}:${port}`
    const listening = Layer.effectDiscard(
      Effect.flatMap(Server.boundPort, (port) => Effect.logInfo("listening", { host, port }))
    )
    return listening.pipe(
      Layer.provide(Server.layer({ host, port })),
      Layer.provide(Sending.layer(graph)),
      Layer.provide(Layer.succeed(PublicUrl, publicUrl)),
      Layer.provide(ServerDatabase.layer)
    )
  })
)

runMain(Layer.launch(app).pipe(Effect.provide(Telemetry.layer("aidesk-http"))))
