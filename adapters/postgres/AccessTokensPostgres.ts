import { Cache, Effect, Exit, Layer, Option, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"
import { AccessTokens } from "../../core/instance/AccessTokens.ts"
import type { InstanceId } from "../../core/instance/Instance.ts"
import { Sealing } from "../../core/instance/Sealing.ts"
import { orUnavailable } from "./unavailable.ts"

/** How long a replaced token may still be used; every send asks for one. */
const rememberedFor = "5 seconds"

/**
 * A token that does not open counts as none, so that the send is refused before anything leaves; why is logged.
 */
export const layer = Layer.effect(
  AccessTokens,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const sealing = yield* Sealing

    const findSealed = SqlSchema.findOneOption({
      Request: Schema.Int,
      Result: Schema.Struct({ sealed_token: Schema.String }),
      execute: (id) => sql`
        select sealed_token from instance
        where id = ${id} and mode = 'live' and sealed_token is not null`
    })

    const read = Effect.fnUntraced(function* (instanceId: InstanceId) {
      const row = yield* orUnavailable(findSealed(instanceId))
      if (Option.isNone(row)) return Option.none()
      return yield* sealing.open(instanceId, row.value.sealed_token).pipe(
        Effect.map(Option.some),
        Effect.catchTag("Unsealable", (error) => Effect.as(Effect.logError(error.message), Option.none()))
      )
    })

    const cache = yield* Cache.makeWith(read, {
      capacity: 1024,
      timeToLive: (exit) => (Exit.isSuccess(exit) && Option.isSome(exit.value) ? rememberedFor : "0 seconds")
    })

    return AccessTokens.of({ find: (instanceId) => Cache.get(cache, instanceId) })
  })
)
