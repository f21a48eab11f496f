import { Effect, Layer } from "effect"
import { World } from "../../adapters/memory/World.ts"
import { Happening } from "../contract/webhookSetup.ts"

export const layer = Layer.effect(
  Happening,
  Effect.map(World, ({ events }) =>
    Happening.of({
      write: (event) => Effect.sync(() => void events.push(event)),
      events: (id) => Effect.sync(() => events.filter(({ instanceId }) => instanceId === id))
    })
  )
)
