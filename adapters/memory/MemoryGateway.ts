/**
 * Meta, played by a list: every call is kept, and answered from a script or else accepted.
 *
 * ```ts
 * const gateway = yield* MemoryGateway
 * yield* gateway.script({ _tag: "Lost", reason: "reset" })
 * yield* sendTemplate(request)            // the outcome is unknown
 * yield* sendTemplate(another)            // accepted: the script is over
 * ;(yield* gateway.calls).length          // 2
 * ```
 */
import { Context, DateTime, type Duration, Effect, Layer, Schema } from "effect"
import { PhoneNumber } from "../../core/contact/PhoneNumber.ts"
import type { Instance } from "../../core/instance/Instance.ts"
import type { GatewayAnswer } from "../../core/message/GatewayAnswer.ts"
import type { AttemptId } from "../../core/message/Message.ts"
import { MessageGateway } from "../../core/message/MessageGateway.ts"
import type { OutgoingMessage } from "../../core/message/OutgoingMessage.ts"

export interface GatewayCall {
  readonly instance: Instance
  readonly attemptId: AttemptId
  readonly message: OutgoingMessage
  readonly timeout: Duration.Duration
  readonly at: DateTime.Utc
}

/** An answer, or how one comes about: late, after a rendezvous, never, or by what was handed over. */
export type Scripted =
  | GatewayAnswer
  | Effect.Effect<GatewayAnswer>
  | ((call: GatewayCall) => Effect.Effect<GatewayAnswer>)

export class MemoryGateway extends Context.Service<
  MemoryGateway,
  {
    /** What was handed over so far, oldest first, accepted or not. */
    readonly calls: Effect.Effect<ReadonlyArray<GatewayCall>>
    /** The answers to the next calls, one each; after what an earlier script still holds. */
    readonly script: (...answers: ReadonlyArray<Scripted>) => Effect.Effect<void>
  }
>()("aidesk/adapters/memory/MemoryGateway") {}

/** Gives `MessageGateway` and the `MemoryGateway` to look at it and to script it. */
export const layer = Layer.effectContext(
  Effect.sync(() => {
    const calls: Array<GatewayCall> = []
    const scripted: Array<Scripted> = []

    const accepted = (message: OutgoingMessage): GatewayAnswer => ({
      _tag: "Accepted",
      wamid: `wamid.MEMORY${calls.length}`,
      waId: Schema.is(PhoneNumber)(message.to) ? message.to : undefined,
      held: false
    })

    return Context.make(
      MessageGateway,
      MessageGateway.of({
        send: (call) =>
          Effect.flatMap(DateTime.now, (at) => {
            const handed = { ...call, at }
            calls.push(handed)
            const next = scripted.shift() ?? accepted(call.message)
            if (typeof next === "function") return next(handed)
            return Effect.isEffect(next) ? next : Effect.succeed(next)
          })
      })
    ).pipe(
      Context.add(
        MemoryGateway,
        MemoryGateway.of({
          calls: Effect.sync(() => [...calls]),
          script: (...answers) =>
            Effect.sync(() => {
              scripted.push(...answers)
            })
        })
      )
    )
  })
)
