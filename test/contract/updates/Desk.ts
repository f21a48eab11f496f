/** A business that sends, Meta that tells, and people who write; a test says only what it is about. */
import { assert, type Vitest } from "@effect/vitest"
import { Context, DateTime, Effect, Option } from "effect"
import { TestClock } from "effect/testing"
import { Buffer } from "node:buffer"
import type { Contacts } from "../../../core/contact/Contacts.ts"
import type { Inbox } from "../../../core/inbound/Inbox.ts"
import { Inbox as InboxPort } from "../../../core/inbound/Inbox.ts"
import { Quarantine } from "../../../core/inbound/Quarantine.ts"
import type { Source } from "../../../core/inbound/Source.ts"
import { Updates } from "../../../core/inbound/Updates.ts"
import type { Directory } from "../../../core/instance/Directory.ts"
import type { Instance, InstanceId } from "../../../core/instance/Instance.ts"
import type { MessageIds } from "../../../core/message/MessageIds.ts"
import { type Outcome, type Reservation, Sends } from "../../../core/message/Sends.ts"
import { Traces } from "../Traces.ts"
import type { Fixture, Peer } from "../Fixture.ts"
import { reservationIn, settlementOf } from "../sends/Example.ts"

/** The applier of a second process on the same storage. */
export class PeerUpdates extends Context.Service<PeerUpdates, Updates["Service"]>()("test/contract/PeerUpdates") {}

export type UpdatesIt = Vitest.MethodsNonLive<
  Updates | PeerUpdates | Inbox | Quarantine | Sends | Peer | Contacts | Directory | MessageIds | Fixture | Traces
>

/** Forty days after the test clock's own beginning: what sleeps on that clock wakes as often as it would in the time between. */
const start = 40 * 86_400

/** Seconds after the start, as Meta writes them. */
export const stamp = (seconds: number): string => String(start + seconds)

export const after = (seconds: number): DateTime.Utc => DateTime.makeUnsafe((start + seconds) * 1000)

/** The clock of the test, too, says that it is `seconds` after the start. */
export const itIs = (seconds: number) => TestClock.setTime(after(seconds).epochMilliseconds)

interface Addressed {
  readonly phoneNumberId: string
  readonly wabaId: string
}

export const payloadOf = (...entries: ReadonlyArray<object>) => ({
  object: "whatsapp_business_account",
  entry: entries
})

/** An entry about one number: `statuses`, `messages`, `contacts`, `errors`. */
export const entryOf = ({ phoneNumberId, wabaId }: Addressed, lists: object, field = "messages") => ({
  id: wabaId,
  changes: [
    {
      field,
      value: {
        messaging_product: "whatsapp",
        metadata: { display_phone_number: "5511976543210", phone_number_id: phoneNumberId },
        ...lists
      }
    }
  ]
})

/** An entry about the account as a whole. */
export const managementOf = ({ wabaId }: Addressed, field: string, value: object, seconds = 0) => ({
  id: wabaId,
  time: start + seconds,
  changes: [{ field, value }]
})

export const post = Effect.fnUntraced(function* (payload: object | string, source: Source = "meta") {
  const body = Buffer.from(typeof payload === "string" ? payload : JSON.stringify(payload))
  yield* (yield* InboxPort).keep({ source, body, receivedAt: yield* DateTime.now })
})

/** Until nothing waits. Returns how many updates were applied and how many items were set aside. */
export const workThrough = Effect.gen(function* () {
  const updates = yield* Updates
  let applied = 0
  let setAside = 0
  while (true) {
    const worked = yield* updates.workThrough(yield* DateTime.now)
    applied += worked.updates
    setAside += worked.setAside
    if (!worked.more) return { applied, setAside }
  }
})

/** One payload with these entries, applied. */
export const tell = Effect.fnUntraced(function* (...entries: ReadonlyArray<object>) {
  yield* post(payloadOf(...entries))
  return yield* workThrough
})

/** What was set aside last, with its reason. */
export const lastSetAside = Effect.gen(function* () {
  const [item] = yield* (yield* Quarantine).list({ before: undefined, limit: 1 })
  return item ?? assert.fail("nothing was set aside")
})

export interface Sent extends Reservation {
  readonly wamid: string
}

/** Reserved, and Meta called; nobody knows yet what comes of it. */
export const sending = Effect.fnUntraced(function* (
  instanceId: InstanceId,
  given: Parameters<typeof reservationIn>[1] = {}
) {
  const send = yield* reservationIn(instanceId, given)
  yield* (yield* Sends).reserve(send)
  const sent: Sent = { ...send, wamid: `wamid.OUT_${send.messageId}` }
  return sent
})

export const acceptedAs = (wamid: string): Outcome => ({ _tag: "Accepted", wamid, waId: undefined, held: false })

export const settle = Effect.fnUntraced(function* (send: Sent, outcome: Outcome = acceptedAs(send.wamid)) {
  yield* (yield* Sends).settle(yield* settlementOf(send, outcome))
})

export const sent = Effect.fnUntraced(function* (
  instanceId: InstanceId,
  given: Parameters<typeof reservationIn>[1] = {}
) {
  const send = yield* sending(instanceId, given)
  yield* settle(send)
  return send
})

/** A status as Meta posts it, which names the attempt. */
export const statusOf = ({ attemptId, wamid }: Sent, status: string, seconds: number, more: object = {}) => ({
  id: wamid,
  status,
  timestamp: stamp(seconds),
  recipient_id: "551178049825",
  biz_opaque_callback_data: attemptId,
  ...more
})

/** A status that names the message by Meta's id alone. */
export const bareStatusOf = (send: Sent, status: string, seconds: number, more: object = {}) =>
  statusOf(send, status, seconds, { biz_opaque_callback_data: undefined, ...more })

export const tellStatuses = (instance: Instance, ...statuses: ReadonlyArray<object>) =>
  tell(entryOf(instance, { statuses }))

/** A text from a person: `from` names them by number or by user id. */
export const textOf = (wamid: string, from: object, seconds: number, body = "Olá") => ({
  ...from,
  id: wamid,
  timestamp: stamp(seconds),
  type: "text",
  text: { body }
})

export const tellMessages = (instance: Instance, ...messages: ReadonlyArray<object>) =>
  tell(entryOf(instance, { messages }))

/** `[type, id of the message]`, in the order in which they are told. */
export const eventsOf = Effect.fnUntraced(function* (instanceId: InstanceId) {
  const events = yield* (yield* Traces).events(instanceId)
  return events.map(({ messageId, type }) => [type, messageId] as const)
})

export const eventTypes = Effect.fnUntraced(function* (instanceId: InstanceId) {
  return (yield* eventsOf(instanceId)).map(([type]) => type)
})

/** The contacts that are nobody else. */
export const survivors = Effect.fnUntraced(function* (instanceId: InstanceId) {
  const people = yield* (yield* Traces).people(instanceId)
  return people.filter(({ mergedInto }) => mergedInto === undefined)
})

export const onlyOne = <A>(items: ReadonlyArray<A>): A => {
  assert.strictEqual(items.length, 1)
  return Option.getOrThrow(Option.fromUndefinedOr(items[0]))
}
