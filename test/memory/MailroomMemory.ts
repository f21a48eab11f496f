import { Effect, Layer } from "effect"
import { Buffer } from "node:buffer"
import { World } from "../../adapters/memory/World.ts"
import { QuarantineId } from "../../core/inbound/Quarantine.ts"
import { Mailroom } from "../contract/Mailroom.ts"

export const layer = Layer.effect(
  Mailroom,
  Effect.map(World, ({ inbox, nextId, pending, quarantine }) =>
    Mailroom.of({
      empty: Effect.sync(() => {
        inbox.length = 0
        pending.clear()
        quarantine.clear()
      }),
      posts: Effect.sync(() =>
        inbox.map(({ body, id, receivedAt, source }) => ({
          source,
          receivedAt,
          body: Buffer.from(body).toString("hex"),
          pending: pending.has(id)
        }))
      ),
      workThrough: Effect.sync(() => pending.clear()),
      setAside: (item) =>
        Effect.sync(() => {
          const id = QuarantineId.make(nextId.quarantined())
          quarantine.set(id, { ...item, id })
          return id
        }),
      quarantined: Effect.sync(() => [...quarantine.values()].map(({ payload }) => payload))
    })
  )
)
