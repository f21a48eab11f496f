/** The HTTP app by itself, as production runs it: as many of them as the load wants, on one database server. */
import { Effect, Layer } from "effect"
import * as Graph from "../composition/Graph.ts"
import * as Media from "../composition/Media.ts"
import * as Sending from "../composition/Sending.ts"
import * as ServerDatabase from "../composition/ServerDatabase.ts"
import * as Webhooks from "../composition/Webhooks.ts"
import * as Configuration from "../configuration/Configuration.ts"
import { runMain } from "../configuration/runMain.ts"
import * as Telemetry from "../telemetry/Telemetry.ts"
import * as Processes from "./Processes.ts"
import { ofListener, PublicUrl } from "./PublicUrl.ts"
import * as Server from "./Server.ts"
import * as WebhookSecrets from "./webhooks/WebhookSecrets.ts"

const webhookSecrets = Effect.gen(function* () {
  return WebhookSecrets.make({
    verifyToken: yield* Configuration.metaVerifyToken,
    metaAppSecrets: (yield* Configuration.metaAppSecrets) ?? [],
    simulatorAppSecret: yield* Configuration.simulatorAppSecret
  })
})

const app = Layer.unwrap(
  Effect.gen(function* () {
    const host = yield* Configuration.host
    const port = yield* Configuration.httpPort
    const graph = yield* Graph.configured
    const publicUrl = (yield* Configuration.publicUrl) ?? ofListener(host, port)
    const listening = Layer.effectDiscard(
      Effect.flatMap(Server.boundPort, (port) => Effect.logInfo("listening", { host, port }))
    )
    return listening.pipe(
      Layer.provide(Server.layer({ host, port })),
      Layer.provide(Sending.layer(graph)),
      Layer.provide(Media.store),
      Layer.provide(Webhooks.layer()),
      Layer.provide(Layer.succeed(WebhookSecrets.WebhookSecrets, yield* webhookSecrets)),
      Layer.provide(Layer.succeed(PublicUrl, publicUrl)),
      Layer.provide(ServerDatabase.layer)
    )
  })
)

const main = Effect.gen(function* () {
  // Once, however many processes there are.
  if (!Processes.isWorker) yield* WebhookSecrets.warn(yield* webhookSecrets)
  const count = yield* Configuration.httpProcesses
  if (count > 1 && !Processes.isWorker) return yield* Processes.run(count)
  return yield* Layer.launch(app)
})

runMain(main.pipe(Effect.provide(Telemetry.layer("aidesk-http"))))
