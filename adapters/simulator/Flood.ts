import { Clock, DateTime, Effect, Schema } from "effect"
import { noCallback, noNumber } from "./Command.ts"
import type { CustomerParts } from "./Customers.ts"
import { write } from "./Customers.ts"
import { ordinary } from "./Fate.ts"
import { json } from "./GraphAnswers.ts"
import type { Ledger, Send } from "./Ledger.ts"
import type { StatusParts } from "./StatusUpdate.ts"
import { statusUpdate } from "./StatusUpdate.ts"
import * as Wamid from "./Wamid.ts"
import type { Update } from "./WebhookPayload.ts"
import type { Webhooks } from "./Webhooks.ts"

/** Very many updates at once, in POSTs of `size`. */
export const Flood = Schema.Struct({
  count: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1_000_000 })),
  size: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1000 })).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(1))
  ),
  /** Statuses of the sends in the ledger, over and over, or messages of ever new customers. */
  kind: Schema.Literals(["statuses", "messages"]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("statuses" as const))
  ),
  phone_number_id: Schema.optionalKey(Schema.String)
})
export type Flood = typeof Flood.Type

export interface FloodParts {
  readonly customers: CustomerParts
  readonly statuses: StatusParts
  readonly ledger: Ledger
}

/** Mobiles of area code 11 that are not magic. */
const customerOf = (count: number): string => `551196${String(count % 10_000_000).padStart(7, "0")}`

const fate = ordinary("text")

/** Where nothing was sent there are statuses of messages that nobody knows. */
const madeUp = (count: number, phoneNumberId: string, now: number): Send => {
  const to = customerOf(count)
  const id = String(count).padStart(18, "0")
  const at = DateTime.formatIso(DateTime.makeUnsafe(now))
  return { wamid: Wamid.encode(to, id), to, attempt_id: null, phone_number_id: phoneNumberId, at, body: {} }
}

/** Starts it, and answers at once how many POSTs there will be. As many are under way as may be in flight. */
export const floodOf = Effect.fnUntraced(function* (
  { count, kind, phone_number_id, size }: Flood,
  webhooks: Webhooks,
  { customers, ledger, statuses }: FloodParts
) {
  const { numbers } = customers
  const number = phone_number_id === undefined ? numbers.usual() : numbers.of(phone_number_id)
  if (number === undefined) return noNumber
  if (webhooks.callback.current() === undefined) return noCallback
  const now = yield* Clock.currentTimeMillis

  const message = (index: number): Update =>
    write({ from: customerOf(index), text: `Mensagem ${index + 1}` }, number, now, customers).update

  const status = (index: number): Update => {
    const sends = ledger.size()
    const send = (sends === 0 ? undefined : ledger.read(index % sends)) ?? madeUp(index, number.phoneNumberId, now)
    const step = fate[Math.floor(index / Math.max(sends, 1)) % fate.length] ?? { status: "sent", after: "sent" }
    return statusUpdate(send, fate, step, now, statuses)
  }

  const make = kind === "messages" ? message : status
  const posts = Math.ceil(count / size)
  yield* webhooks.flood(posts, (post) =>
    Array.from({ length: Math.min(size, count - post * size) }, (_, position) => make(post * size + position))
  )
  return json({ count, posts }, 202)
})
