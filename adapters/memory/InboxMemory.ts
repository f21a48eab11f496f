import { DateTime, Effect, Layer, Option } from "effect"
import { Inbox } from "../../core/inbound/Inbox.ts"
import { World } from "./World.ts"

export const layer = Layer.effect(
  Inbox,
  Effect.map(World, (world) =>
    Inbox.of({
      keep: (posted) =>
        Effect.sync(() => {
          const id = world.nextId.post()
          world.inbox.push({ ...posted, id })
          world.pending.add(id)
        }),

      backlog: Effect.sync(() => ({
        posts: world.pending.size,
        oldest: Option.fromUndefinedOr(world.inbox.find(({ id }) => world.pending.has(id))?.receivedAt)
      })),

      forget: (before) =>
        Effect.sync(() => {
          const old = world.inbox.filter(
            ({ id, receivedAt }) => DateTime.isLessThan(receivedAt, before) && !world.pending.has(id)
          )
          for (const post of old) world.inbox.splice(world.inbox.indexOf(post), 1)
          return old.length
        })
    })
  )
)
