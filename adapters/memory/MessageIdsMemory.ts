import { Clock, Effect, Layer } from "effect"
import { AttemptId, MessageId } from "../../core/message/Message.ts"
import { MessageIds } from "../../core/message/MessageIds.ts"

/** A UUID v7 of `millis` since the epoch, whose random part is a number that counts up. */
const uuid = (millis: number, count: number): string => {
  const time = millis.toString(16).padStart(12, "0")
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${count.toString(16).padStart(12, "0")}`
}

/**
 * Ids that anybody can foretell: the clock's time and a counter. Under a test clock they are the same in every run;
 * two of these side by side make the same ids.
 */
export const layer = Layer.sync(MessageIds, () => {
  let count = 0
  const next = Effect.map(Clock.currentTimeMillis, (millis) => uuid(millis, ++count))
  return MessageIds.of({
    message: Effect.map(next, (id) => MessageId.make(id)),
    attempt: Effect.map(next, (id) => AttemptId.make(id))
  })
})
