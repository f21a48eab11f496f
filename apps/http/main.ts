/** The HTTP app by itself, as production runs it: as many of them as the load wants, on one database server. */
import { Effect, Layer } from "effect"
import * as Sending from "../composition/Sending.ts"
import * as ServerDatabase from "../composition/ServerDatabase.ts"
import * as Configuration from "../configuration/Configuration.ts"
import { runMain } from "../configuration/runMain.ts"
import * as Telemetry from "../telemetry/Telemetry.ts"
import * as Processes from "./Processes.ts"
import { ofListener, PublicUrl } from "./PublicUrl.ts"
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
    const publicUrl = (yield* Configuration.publicUrl) ?? ofListener(host, port)
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

const main = Effect.gen(function* () {
  const count = yield* Configuration.httpProcesses
  if (count > 1 && !Processes.isWorker) return yield* Processes.run(count)
  return yield* Layer.launch(app)
})

runMain(main.pipe(Effect.provide(Telemetry.layer("aidesk-http"))))
