/** What happens to messages before somebody asks for them: sends, Meta's news of them, and what people write. */
import { DateTime, Effect, type Layer } from "effect"
import { TestClock } from "effect/testing"
import type { ContactProfiles } from "../../../core/contact/ContactProfile.ts"
import type { Contacts } from "../../../core/contact/Contacts.ts"
import type { EventFeed } from "../../../core/event/EventFeed.ts"
import { Inbox } from "../../../core/inbound/Inbox.ts"
import { Updates } from "../../../core/inbound/Updates.ts"
import type { Instance } from "../../../core/instance/Instance.ts"
import type { MessageIds } from "../../../core/message/MessageIds.ts"
import type { Messages } from "../../../core/message/Messages.ts"
import { type Outcome, type Reservation, Sends } from "../../../core/message/Sends.ts"
import type { Fixture } from "../Fixture.ts"
import { reservationIn, settlementOf } from "../sends/Example.ts"

type Ports = Messages | EventFeed | ContactProfiles | Contacts | Sends | Inbox | Updates | MessageIds | Fixture
export type Live<E> = Layer.Layer<Ports, E>

/** The clock of the test alone: whoever moves that of the storage wakes every timer of its connections on the way. */
export const inOwnTime = <A, E, R>(test: Effect.Effect<A, E, R>) => Effect.provide(test, TestClock.layer())

let count = 0
/** One that no other message has: with the characters of base64 that an address cannot carry. */
export const newWamid = (): string => `wamid.HBgN+/${String(++count).padStart(6, "0")}==`

const acceptedAs = (wamid: string): Outcome => ({
  _tag: "Accepted",
  wamid,
  waId: "551178049825",
  held: false
})

type Given = Parameters<typeof reservationIn>[1]

export const reserve = Effect.fnUntraced(function* (instance: Instance, given: Given = {}) {
  const reservation = yield* reservationIn(instance.id, given)
  const { contactId } = yield* (yield* Sends).reserve(reservation)
  return { ...reservation, contactId }
})

export const settle = Effect.fnUntraced(function* (
  reservation: Reservation,
  outcome: Outcome,
  given: Parameters<typeof settlementOf>[2] = {}
) {
  yield* (yield* Sends).settle(yield* settlementOf(reservation, outcome, given))
})

/** Sent, and accepted by Meta. */
export const send = Effect.fnUntraced(function* (instance: Instance, given: Given = {}) {
  const reservation = yield* reserve(instance, given)
  const wamid = newWamid()
  yield* settle(reservation, acceptedAs(wamid))
  return { ...reservation, wamid }
})

const hear = Effect.fnUntraced(function* (instance: Instance, lists: object) {
  const payload = {
    object: "whatsapp_business_account",
    entry: [
      {
        id: instance.wabaId,
        changes: [
          {
            field: "messages",
            value: {
              messaging_product: "whatsapp",
              metadata: { display_phone_number: "551132100000", phone_number_id: instance.phoneNumberId },
              ...lists
            }
          }
        ]
      }
    ]
  }
  const now = yield* DateTime.now
  const source = instance.mode === "simulated" ? "simulator" : "meta"
  yield* (yield* Inbox).keep({ source, body: Buffer.from(JSON.stringify(payload)), receivedAt: now })
  const updates = yield* Updates
  while ((yield* updates.workThrough(now)).more) yield* Effect.yieldNow
})

const seconds = (at: DateTime.Utc): string => String(Math.floor(DateTime.toEpochMillis(at) / 1000))

interface Told {
  readonly wamid: string
  readonly status: string
  readonly at?: DateTime.Utc
  readonly further?: object
}

/** Meta tells of messages of ours. */
export const tell = Effect.fnUntraced(function* (instance: Instance, ...told: ReadonlyArray<Told>) {
  const now = yield* DateTime.now
  yield* hear(instance, {
    statuses: told.map(({ at = now, further, status, wamid }) => ({
      id: wamid,
      status,
      timestamp: seconds(at),
      recipient_id: "551178049825",
      ...further
    }))
  })
})

interface Said {
  readonly from?: string
  readonly name?: string
  readonly wamid?: string
  readonly at?: DateTime.Utc
  /** Meta's own form of it, the type included. */
  readonly message?: object
}

/** A person writes; returns the `wamid`. */
export const write = Effect.fnUntraced(function* (
  instance: Instance,
  { at, from = "5511978049825", message, name = "Ana", wamid = newWamid() }: Said = {}
) {
  yield* hear(instance, {
    contacts: [{ profile: { name }, wa_id: from }],
    messages: [
      {
        id: wamid,
        from,
        timestamp: seconds(at ?? (yield* DateTime.now)),
        ...(message ?? { type: "text", text: { body: "Oi" } })
      }
    ]
  })
  return wamid
})
