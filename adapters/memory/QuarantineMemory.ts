import { Effect, Layer, Option } from "effect"
import { Buffer } from "node:buffer"
import { Quarantine, SetAside, shownLength } from "../../core/inbound/Quarantine.ts"
import { type StoredQuarantined, World } from "./World.ts"

const toSetAside = ({ detail, id, path, raw, reason, receivedAt, setAsideAt, source }: StoredQuarantined) =>
  new SetAside({
    id,
    source,
    reason,
    detail: Option.fromUndefinedOr(detail),
    path,
    raw: raw.slice(0, shownLength),
    receivedAt,
    setAsideAt
  })

export const layer = Layer.effect(
  Quarantine,
  Effect.map(World, ({ inbox, nextId, pending, quarantine }) =>
    Quarantine.of({
      list: ({ before, limit }) =>
        Effect.sync(() =>
          [...quarantine.values()]
            .filter(({ id }) => before === undefined || id < before)
            .toSorted((one, other) => other.id - one.id)
            .slice(0, limit)
            .map(toSetAside)
        ),

      retry: (which) =>
        Effect.sync(() => {
          const chosen = which === "all" ? [...quarantine.keys()] : [...new Set(which)]
          const moved = chosen.flatMap((id) => quarantine.get(id) ?? [])
          for (const { id, payload, receivedAt, source } of moved.toSorted((one, other) => one.id - other.id)) {
            const post = nextId.post()
            inbox.push({ id: post, source, body: Buffer.from(payload), receivedAt })
            pending.add(post)
            quarantine.delete(id)
          }
          return moved.length
        })
    })
  )
)
