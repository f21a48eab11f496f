import { Effect, Layer, Option, Struct } from "effect"
import { ApiKey } from "../../core/instance/ApiKey.ts"
import { ApiKeys } from "../../core/instance/ApiKeys.ts"
import { World } from "./World.ts"

export const layer = Layer.effect(
  ApiKeys,
  Effect.map(World, ({ apiKeys, instances }) =>
    ApiKeys.of({
      find: (hash) =>
        Effect.sync(() => {
          const key = apiKeys.get(hash)
          const owner = key === undefined ? undefined : instances.get(key.instanceId)
          return key === undefined || owner === undefined
            ? Option.none()
            : Option.some({ key, instance: owner.instance })
        }),

      touch: (ids, at) =>
        Effect.sync(() => {
          const used = new Set(ids)
          for (const [hash, key] of apiKeys) {
            if (used.has(key.id)) apiKeys.set(hash, new ApiKey(Struct.assign(key, { lastUsedAt: Option.some(at) })))
          }
        })
    })
  )
)
