/**
 * Who is asking: the one gate every request passes. Found keys are remembered for a moment, so that a
 * busy key costs no look-up, and a revoked one dies within that moment; unknown ones are not remembered.
 */
import { Cache, Context, DateTime, Effect, Exit, Layer, Option, Schedule } from "effect"
import { type ApiKeyId, isRevoked, type KeyHash } from "./ApiKey.ts"
import { ApiKeys } from "./ApiKeys.ts"
import type { Instance } from "./Instance.ts"
import type { Unavailable } from "../Unavailable.ts"

/** The longest a revoked key still opens anything, short of the promised five seconds. */
const rememberedFor = "3 seconds"

/** How often the times of last use are written. */
const touchEvery = "10 seconds"

export class KeyRing extends Context.Service<
  KeyRing,
  {
    /** The instance a key opens; none for an unknown or revoked one. */
    readonly open: (hash: KeyHash) => Effect.Effect<Option.Option<Instance>, Unavailable>
  }
>()("aidesk/core/instance/KeyRing") {
  static readonly layer = Layer.effect(
    KeyRing,
    Effect.gen(function* () {
      const keys = yield* ApiKeys
      const used = new Set<ApiKeyId>()

      const found = yield* Cache.makeWith((hash: KeyHash) => keys.find(hash), {
        capacity: 4096,
        timeToLive: (exit) => (Exit.isSuccess(exit) && Option.isSome(exit.value) ? rememberedFor : "0 seconds")
      })

      const touch = Effect.gen(function* () {
        if (used.size === 0) return
        const batch = [...used]
        used.clear()
        yield* keys.touch(batch, yield* DateTime.now)
      }).pipe(Effect.catchTag("Unavailable", (error) => Effect.logWarning("last-used times not written", error)))

      yield* Effect.addFinalizer(() => touch)
      yield* touch.pipe(Effect.repeat(Schedule.spaced(touchEvery)), Effect.forkScoped)

      return KeyRing.of({
        open: Effect.fnUntraced(function* (hash) {
          const opened = yield* Cache.get(found, hash)
          if (Option.isNone(opened) || isRevoked(opened.value.key)) return Option.none()
          used.add(opened.value.key.id)
          return Option.some(opened.value.instance)
        })
      })
    })
  )
}
