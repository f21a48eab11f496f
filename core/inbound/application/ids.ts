import { Effect } from "effect"
import type { MessageIds } from "../../message/MessageIds.ts"
import type { Ids } from "./apply.ts"

/** As many as could be needed (`idsFor`): a core that asks for an id may not wait for one. */
export const makeIds = ({ message }: MessageIds["Service"], count: number): Effect.Effect<Ids> =>
  Effect.map(Effect.replicateEffect(message, count), (ids) => {
    let used = 0
    const next = () => {
      const id = ids[used++]
      if (id === undefined) throw new Error("more ids were asked for than there can be news")
      return id
    }
    return { message: next, event: () => `evt_${next().replaceAll("-", "")}` }
  })
