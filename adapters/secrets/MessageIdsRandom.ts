import { Brand, Effect, Layer } from "effect"
import { SecureRandom } from "effect/crypto"
import { randomFillSync } from "node:crypto"
import type { AttemptId, MessageId } from "../../core/message/Message.ts"
import { MessageIds } from "../../core/message/MessageIds.ts"

/** Every send takes two ids: one call for the bytes of many costs a seventh of a call for each. */
const pooledBytes = 8192

const pooled = (): ((size: number) => Uint8Array) => {
  const pool = new Uint8Array(pooledBytes)
  let used = pool.length
  return (size) => {
    if (used + size > pool.length) {
      randomFillSync(pool)
      used = 0
    }
    used += size
    return pool.slice(used - size, used)
  }
}

// What makes them makes nothing but ids of version 7: none has to be checked.
const asMessageId = Brand.nominal<MessageId>()
const asAttemptId = Brand.nominal<AttemptId>()

/** Of this process, every id sorts after the one before, also within a millisecond and when the clock is set back. */
export const layer = Layer.sync(MessageIds, () => {
  const next = SecureRandom.make(pooled()).uuidV7()
  return MessageIds.of({
    message: Effect.map(next, asMessageId),
    attempt: Effect.map(next, asAttemptId)
  })
})
