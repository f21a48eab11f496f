/**
 * Stops calling for a number while Meta, or the way to it, is not answering for that number: what is not sent fails
 * at once and provably, instead of ending in one unknown outcome after another.
 *
 * A circuit opens when half of its latest 20 calls failed, once 10 are known, and stays open for five seconds; then
 * one call goes out to probe while the others are turned away. A refusal in Meta's own words shows that Meta works,
 * except where it says that it is briefly unable. State is per process.
 */
import { Duration, Effect, Exit, Scope } from "effect"
import { CircuitBreaker } from "effect/persistence"
import { reactionTo } from "../../core/failure/MetaErrorTable.ts"
import type { Instance } from "../../core/instance/Instance.ts"
import type { GatewayAnswer } from "../../core/message/GatewayAnswer.ts"

const tripPolicy = CircuitBreaker.rate({ threshold: 0.5, minimumCalls: 10, size: 20 })
const openFor = Duration.seconds(5)

const failed = (answer: GatewayAnswer): boolean =>
  answer._tag === "NeverLeft" ||
  answer._tag === "Lost" ||
  (answer._tag === "Refused" && reactionTo(answer.error.code)?.kind === "busy")

const outcomeOf = (exit: Exit.Exit<GatewayAnswer>): CircuitBreaker.Outcome["_tag"] => {
  if (Exit.isFailure(exit)) return "Ignored"
  return failed(exit.value) ? "Failure" : "Success"
}

const turnedAway = ({ reason }: CircuitBreaker.CircuitBreakerError): GatewayAnswer => ({
  _tag: "NeverLeft",
  reason: "circuit open",
  // A probe that is under way may be back at any moment.
  retryAfter: reason._tag === "CircuitOpen" ? Math.max(1, Math.ceil(Duration.toSeconds(reason.retryAfter))) : 1
})

type NumberBreaker = (instance: Instance, call: Effect.Effect<GatewayAnswer>) => Effect.Effect<GatewayAnswer>

/**
 * Works on the library's store of circuits without its `execute`, whose scope, schedule and event stream cost every
 * call 6 to 10 µs of CPU against 2 to 4 here, and serve nobody here.
 */
export const make: Effect.Effect<NumberBreaker, never, Scope.Scope> = Effect.gen(function* () {
  const store = yield* CircuitBreaker.CircuitBreakerStore
  const scope = yield* Effect.scope
  return (instance: Instance, call: Effect.Effect<GatewayAnswer>) => {
    const key = `${instance.mode}:${instance.phoneNumberId}`
    return Effect.uninterruptibleMask((restore) =>
      Effect.matchEffect(Scope.provide(store.admit(key), scope), {
        onFailure: (error) => Effect.succeed(turnedAway(error)),
        onSuccess: ({ generation }) =>
          Effect.onExit(restore(call), (exit) =>
            Effect.ignore(store.record({ key, generation, outcome: outcomeOf(exit), tripPolicy, openFor }))
          )
      })
    )
  }
}).pipe(Effect.provide(CircuitBreaker.layerStoreMemory()))
