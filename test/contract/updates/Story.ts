/** What may happen between a business and four people, generated; and what it comes to, told without ids. */
import { DateTime, Effect, Order, Schema } from "effect"
import type { Instance } from "../../../core/instance/Instance.ts"
import { DeliveryStatus } from "../../../core/message/StatusHistory.ts"
import { Fixture } from "../Fixture.ts"
import { toNumber } from "../sends/Example.ts"
import { Traces } from "../Traces.ts"
import { bareStatusOf, type Sent, sent, statusOf, textOf } from "./Desk.ts"

const Person = Schema.Literals([0, 1, 2, 3])
const Second = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 9 }))

export const StatusNews = Schema.Struct({
  kind: Schema.Literal("status"),
  /** The place of the message: of four, two went to each of two people. */
  to: Person,
  status: DeliveryStatus,
  second: Second,
  names: Schema.Literals(["attempt", "user", "message"])
})
type StatusNews = typeof StatusNews.Type

export const News = Schema.Union([
  StatusNews,
  Schema.Struct({
    kind: Schema.Literal("text"),
    from: Person,
    under: Schema.Literals(["number", "twin", "user", "both"]),
    words: Schema.Literals(["oi", "PARAR", "voltar"]),
    second: Second
  }),
  /** Gives the number that belongs to the user id. */
  Schema.Struct({ kind: Schema.Literal("card"), from: Person, second: Second })
])
type News = typeof News.Type

const numberOf = (person: number): string => `551199000000${person}`
const twinOf = (person: number): string => `55119000000${person}`
const userIdOf = (person: number): string => `BR.${person}x`

const senderOf = ({ from, under }: Extract<News, { kind: "text" }>): object => {
  switch (under) {
    case "number":
      return { from: numberOf(from) }
    case "twin":
      return { from: twinOf(from) }
    case "user":
      return { from_user_id: userIdOf(from) }
    case "both":
      return { from: twinOf(from), from_user_id: userIdOf(from) }
  }
}

const errorsOf = ({ second }: StatusNews) => [{ code: second % 3 === 0 ? 131050 : 131026, title: "Failed" }]

/** A piece of news as it stands in a change: the same for the same news, wherever it comes. */
const listsOf = (news: News, sends: ReadonlyArray<Sent>): object => {
  if (news.kind === "text") {
    const { from, second, under, words } = news
    return { messages: [textOf(`wamid.${from}${under}${words}${second}`, senderOf(news), second, words)] }
  }
  if (news.kind === "card") {
    const { from, second } = news
    const number = numberOf(from)
    const contacts = [
      { origin: "contact_request", phones: [{ phone: `+${number}`, wa_id: twinOf(from), type: "CELL" }] }
    ]
    const card = textOf(`wamid.card${from}${second}`, { from_user_id: userIdOf(from) }, second)
    return { messages: [{ ...card, type: "contacts", contacts }] }
  }
  const send = sends[news.to]
  if (send === undefined) return {}
  const more = {
    recipient_id: twinOf(news.to % 2),
    ...(news.names === "user" ? { recipient_user_id: userIdOf(news.to % 2) } : {}),
    ...(news.status === "failed" ? { errors: errorsOf(news) } : {})
  }
  const told = news.names === "message" ? bareStatusOf : statusOf
  return { statuses: [told(send, news.status, news.second, more)] }
}

export const entriesOf = (news: ReadonlyArray<News>, { phoneNumberId, wabaId }: Instance, sends: ReadonlyArray<Sent>) =>
  news.map((one) => ({
    id: wabaId,
    changes: [{ field: "messages", value: { metadata: { phone_number_id: phoneNumberId }, ...listsOf(one, sends) } }]
  }))

/** An instance that has written to two of the four, and keeps what became of it. */
export const opened = Effect.gen(function* () {
  const instance = yield* (yield* Fixture).instance
  const sends = yield* Effect.forEach([0, 1, 0, 1], (person) =>
    sent(instance.id, { recipient: toNumber(person === 0 ? numberOf(person) : twinOf(person)) })
  )
  return { instance, sends }
})

const sorted = (items: ReadonlyArray<object>): ReadonlyArray<string> =>
  items.map((item) => JSON.stringify(item)).toSorted(Order.String)

const time = (at: DateTime.Utc | undefined) => (at === undefined ? null : DateTime.toEpochMillis(at) / 1000)

/** People by their keys, messages by their place or Meta's id. */
export const told = Effect.fnUntraced(function* (
  { instance, sends }: Effect.Success<typeof opened>,
  { inOrder }: { readonly inOrder: boolean }
) {
  const traces = yield* Traces
  const fixture = yield* Fixture
  const all = yield* traces.people(instance.id)
  const nameOf = (id: number | undefined) => {
    const asked = all.find((person) => person.id === id)
    const person = all.find((person) => person.id === (asked?.mergedInto ?? asked?.id))
    return person === undefined ? null : (person.keys[0]?.value ?? person.number ?? null)
  }
  const messages = yield* Effect.forEach(sends, ({ messageId }) => traces.heard(messageId))
  const inbound = yield* traces.inbound(instance.id)
  const conversations = yield* Effect.forEach(all, ({ id }) => fixture.conversations(id))
  const events = yield* traces.events(instance.id)
  const placeOf = (id: string | undefined) => {
    const place = sends.findIndex(({ messageId }) => messageId === id)
    return place === -1 ? (inbound.find((message) => message.id === id)?.wamid ?? null) : place
  }
  return {
    people: sorted(
      all
        .filter(({ mergedInto }) => mergedInto === undefined)
        .map(({ consents, id: _id, keys, lastInboundAt, mergedInto: _mergedInto, ...person }) => ({
          ...person,
          lastInboundAt: time(lastInboundAt),
          keys: sorted(
            keys.map(({ kind, since, until, value }) => ({ kind, value, ...(inOrder ? { since, until } : {}) }))
          ),
          consents: sorted(consents)
        }))
    ),
    open: conversations.flat().filter(({ open }) => open).length,
    inbound: sorted(
      inbound.map(({ at, contactId, text, wamid }) => ({ wamid, text, at: time(at), of: nameOf(contactId) }))
    ),
    messages: messages.map(({ state, statuses }) => ({
      state: state === undefined ? null : [state.status, time(state.at)],
      statuses: sorted(statuses.map(({ at, errors, status }) => ({ status, at: time(at), errors })))
    })),
    /** Of two who prove to be one within one payload nobody had heard as of two. */
    events: sorted(
      events
        .filter(({ type }) => (inOrder ? type !== "contact.merged" : type.startsWith("message.")))
        .map(({ at, contactId, messageId, type }) => ({
          type,
          message: placeOf(messageId),
          ...(inOrder ? { at: time(at), of: nameOf(contactId) } : {})
        }))
    ),
    eventIds: events.map(({ id }) => id)
  }
})

/** The same news, some of them more than once, in an order that `keys` tell. */
export const shuffled = <A>(
  items: ReadonlyArray<A>,
  keys: ReadonlyArray<number>,
  again: ReadonlyArray<number>
): ReadonlyArray<A> => {
  const twice = [...items, ...again.flatMap((place) => (items.length === 0 ? [] : (items[place % items.length] ?? [])))]
  return twice
    .map((item, place) => ({ item, key: keys[place % Math.max(keys.length, 1)] ?? place, place }))
    .toSorted((one, other) => one.key - other.key || other.place - one.place)
    .map(({ item }) => item)
}

/** Cut into pieces after these places. */
export const cut = <A>(items: ReadonlyArray<A>, places: ReadonlyArray<number>): ReadonlyArray<ReadonlyArray<A>> => {
  const cuts = [...new Set(places.map((place) => place % (items.length + 1)))].toSorted((one, other) => one - other)
  return [...cuts, items.length]
    .map((end, index) => items.slice(index === 0 ? 0 : cuts[index - 1], end))
    .filter((piece) => piece.length > 0)
}
