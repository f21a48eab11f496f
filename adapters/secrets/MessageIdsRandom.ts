import { Effect, Layer } from "effect"
import { SecureRandom } from "effect/crypto"
import { AttemptId, MessageId } from "../../core/message/Message.ts"
import { MessageIds } from "../../core/message/MessageIds.ts"

/** Of this process, every id sorts after the one before, also within a millisecond and when the clock is set back. */
export const layer = Layer.effect(
  MessageIds,
  Effect.gen(function* () {
    const random = yield* SecureRandom.SecureRandom
    const next = random.uuidV7()
    return MessageIds.of({
      message: Effect.map(next, (id) => MessageId.make(id)),
      attempt: Effect.map(next, (id) => AttemptId.make(id))
    })
  })
).pipe(Layer.provide(SecureRandom.layerWebCrypto))
