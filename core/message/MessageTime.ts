/** When a message was made, which its id tells: the first 48 bits of a UUID v7 are milliseconds (RFC 9562, 5.7). */
import { DateTime } from "effect"
import { MessageId } from "./Message.ts"

export const madeAt = (id: MessageId): DateTime.Utc =>
  DateTime.makeUnsafe(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16))

const largestMillis = 2 ** 48 - 1

/** No message made at `at` or later has a smaller id, and none made before has one as great. */
export const firstIdAt = (at: DateTime.Utc): MessageId => {
  const millis = Math.min(Math.max(DateTime.toEpochMillis(at), 0), largestMillis)
  const time = millis.toString(16).padStart(12, "0")
  return MessageId.make(`${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`)
}
