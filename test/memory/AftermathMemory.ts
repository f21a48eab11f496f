import { Effect, Layer } from "effect"
import { within } from "../../core/inbound/application/Facts.ts"
import { canonical } from "../../core/inbound/Json.ts"
import { World } from "../../adapters/memory/World.ts"
import { Aftermath } from "../contract/Aftermath.ts"

export const layer = Layer.effect(
  Aftermath,
  Effect.map(World, (world) =>
    Aftermath.of({
      told: (id, status, at) =>
        Effect.sync(() => {
          const event = { _tag: "Status", status, at, receivedAt: at, errors: [], pricing: undefined } as const
          world.heard.set(id, [...(world.heard.get(id) ?? []), { ...event, wamid: `wamid.${id}` }])
        }),
      unresolved: (id) => Effect.sync(() => void world.unresolved.add(id)),
      health: (instanceId, { aspect, at, value }) =>
        Effect.sync(
          () => void world.health.set(within(instanceId, aspect), { instanceId, aspect, value: canonical(value), at })
        ),
      stopped: (contactId, at) =>
        Effect.sync(() => {
          const stored = world.contacts.get(contactId)
          if (stored === undefined) return
          const consents = [{ intent: "opt_out", source: "user_preferences", at } as const]
          world.contacts.set(contactId, { ...stored, consents })
        }),
      merged: (retired, survivor) =>
        Effect.sync(() => {
          const stored = world.contacts.get(retired)
          if (stored !== undefined) world.contacts.set(retired, { ...stored, mergedInto: survivor })
        })
    })
  )
)
