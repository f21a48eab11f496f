import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Layer } from "effect"
import { Command } from "effect/cli"
import manifest from "../../package.json" with { type: "json" }
import { ProcessLost } from "../administration/AdministrationClient.ts"
import { runCommand } from "../configuration/runMain.ts"
import { aidesk } from "./aidesk.ts"
import * as Presentation from "./Presentation.ts"

aidesk.pipe(
  Command.run({ version: manifest.version }),
  Effect.catchDefect((defect) => (defect instanceof ProcessLost ? Effect.fail(defect) : Effect.die(defect))),
  Effect.provide(Layer.merge(NodeServices.layer, Presentation.layer)),
  runCommand
)
