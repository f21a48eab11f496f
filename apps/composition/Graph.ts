/** Where Meta is reached, and the simulator in its place: the same for every app. */
import { Effect } from "effect"
import * as Configuration from "../configuration/Configuration.ts"

/** Of the apps that run apart. */
export const configured = Effect.gen(function* () {
  return {
    graphBaseUrl: yield* Configuration.graphBaseUrl,
    version: yield* Configuration.graphApiVersion,
    simulatorUrl: yield* Configuration.simulatorUrl
  }
})
