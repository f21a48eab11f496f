/**
 * Everything that was heard of one outgoing message, and what it comes to.
 *
 * The view is a pure function of the *set* of events: their order, and how often each came, change nothing. That is
 * what Meta's webhooks need, which come late, twice, out of order, and before our own send has returned.
 *
 * Source: Meta, "Status messages webhook reference"; "Pricing".
 */
import { Array, DateTime, Order, Schema } from "effect"
import { type Failure, failure } from "../failure/Failure.ts"
import type { MetaError } from "../failure/MetaError.ts"
import { deadlineMillis, judge } from "./Verdict.ts"

/** `played`: the first time that a voice message was listened to. */
export const DeliveryStatus = Schema.Literals(["sent", "delivered", "read", "played", "failed"])
export type DeliveryStatus = typeof DeliveryStatus.Type

/** What Meta says that the message costs. Comes with `sent` and with one of `delivered` and `read`. Meta's words, whatever they are: new ones appear. */
export const Pricing = Schema.Struct({
  /** `regular` is billed; `free_customer_service` and `free_entry_point` are not. Missing in old versions. */
  type: Schema.optionalKey(Schema.String),
  /** `marketing`, `utility`, `authentication`, `service`, `referral_conversion`, … */
  category: Schema.optionalKey(Schema.String),
  /** On its way out: `type` tells the same. */
  billable: Schema.optionalKey(Schema.Boolean),
  model: Schema.optionalKey(Schema.String)
}).pipe(Schema.encodeKeys({ model: "pricing_model" }))
export type Pricing = typeof Pricing.Type

/** How our own call ended. */
export interface OutcomeEvent {
  readonly _tag: "Outcome"
  readonly status: "accepted" | "held" | "failed" | "unknown"
  /** By our clock. */
  readonly at: DateTime.Utc
  readonly failure?: Failure | undefined
}

/** What Meta told afterwards. */
export interface StatusEvent {
  readonly _tag: "Status"
  readonly status: DeliveryStatus
  /** By Meta's clock, in whole seconds. */
  readonly at: DateTime.Utc
  /** When the webhook came, by our clock. */
  readonly receivedAt: DateTime.Utc
  readonly errors: ReadonlyArray<MetaError>
  readonly pricing: Pricing | undefined
}

export type HistoryEvent = OutcomeEvent | StatusEvent

export type CurrentStatus = "reserved" | HistoryEvent["status"]

/**
 * The higher one stands. A delivery is stronger than a failure: Meta is known to report one after the other, and
 * what a person has read was not lost. A failure is stronger than having been sent.
 */
const rank: { readonly [status in CurrentStatus]: number } = {
  reserved: 0,
  unknown: 1,
  held: 2,
  accepted: 3,
  sent: 4,
  failed: 5,
  delivered: 6,
  read: 7,
  played: 8
}

export interface TimelineEntry {
  readonly status: HistoryEvent["status"]
  readonly source: "aidesk" | "meta"
  readonly at: DateTime.Utc
  /** Of what Meta told: when it first came. */
  readonly receivedAt: DateTime.Utc | undefined
  /** A failure of what was delivered all the same. */
  readonly conflict: boolean
  readonly failure: Failure | undefined
  readonly pricing: Pricing | undefined
}

/** What the message costs by Meta's own account. Prices are not in it, and no rule of ours is: Meta changes both. */
export interface Cost {
  readonly category: string | undefined
  readonly type: string | undefined
  /** Nothing where Meta does not tell. */
  readonly billable: boolean | undefined
}

export interface View {
  readonly status: CurrentStatus
  /** When it became so; nothing where nothing was heard. */
  readonly at: DateTime.Utc | undefined
  /** Why it failed and what to do, where it failed. */
  readonly failure: Failure | undefined
  /** By Meta's time and, within one second, in the order in which things come about. One entry per source and status. */
  readonly timeline: ReadonlyArray<TimelineEntry>
  readonly conflict: boolean
  readonly cost: Cost | undefined
}

/**
 * A failure that Meta reports later, judged as a refusal at once would be. Meta's "I do not know whether I did it"
 * is a plain failure here: it has said that it did not.
 */
export const failureOf = (error: MetaError): Failure => {
  const verdict = judge({ _tag: "Refused", error }, { calls: 1, elapsedMillis: deadlineMillis })
  return verdict._tag === "Failed" ? verdict.failure : failure("meta_rejected", { meta: error })
}

const failureIn = (event: HistoryEvent): Failure | undefined => {
  if (event._tag === "Outcome") return event.failure
  const [error] = event.errors
  return error === undefined ? undefined : failureOf(error)
}

const entryOf = (event: HistoryEvent): TimelineEntry => ({
  status: event.status,
  source: event._tag === "Outcome" ? "aidesk" : "meta",
  at: event.at,
  receivedAt: event._tag === "Outcome" ? undefined : event.receivedAt,
  conflict: false,
  failure: failureIn(event),
  pricing: event._tag === "Outcome" ? undefined : event.pricing
})

const seconds = (at: DateTime.Utc): number => Math.floor(DateTime.toEpochMillis(at) / 1000)

/** Meta counts seconds and we milliseconds, so ours may seem to be later than what followed from it. */
const byTime = Order.combineAll<TimelineEntry>([
  Order.mapInput(Order.Number, ({ at }) => seconds(at)),
  Order.mapInput(Order.Number, ({ status }) => rank[status]),
  Order.mapInput(Order.String, ({ source }) => source)
])

/** A total order of what one source says under one status, so that a choice among it does not depend on arrival. */
const byContent = Order.combineAll<TimelineEntry>([
  Order.mapInput(DateTime.Order, ({ at }) => at),
  Order.mapInput(Order.String, ({ failure, pricing }) =>
    JSON.stringify([failure?.code, failure?.message, failure?.meta, pricing])
  )
])

const earliest = (times: ReadonlyArray<DateTime.Utc>): DateTime.Utc | undefined =>
  Array.isReadonlyArrayNonEmpty(times) ? Array.min(times, DateTime.Order) : undefined

/** The first news of a status, with whatever a repetition of it knows better. */
const merged = (entries: Array.NonEmptyReadonlyArray<TimelineEntry>): TimelineEntry => {
  const sorted = Array.sort(entries, byContent)
  return {
    ...sorted[0],
    receivedAt: earliest(sorted.flatMap(({ receivedAt }) => receivedAt ?? [])),
    failure: sorted.find(({ failure }) => failure !== undefined)?.failure,
    pricing: sorted.find(({ pricing }) => pricing !== undefined)?.pricing
  }
}

const timelineOf = (events: ReadonlyArray<HistoryEvent>): ReadonlyArray<TimelineEntry> => {
  const groups = Array.groupBy(events.map(entryOf), ({ source, status }) => `${source} ${status}`)
  const entries = Object.values(groups).map(merged)
  const delivered = entries.some(({ status }) => rank[status] >= rank.delivered)
  return entries.map((entry) => ({ ...entry, conflict: delivered && entry.status === "failed" })).toSorted(byTime)
}

/** `billable` is on its way out, and the type tells the same. */
export const costOf = ({ billable, category, type }: Pricing): Cost => ({
  category,
  type,
  billable: type === undefined ? billable : type === "regular"
})

/** Higher first; of two that are as high, the earlier. */
const byRank = Order.combineAll<TimelineEntry>([
  Order.mapInput(Order.flip(Order.Number), ({ status }) => rank[status]),
  Order.mapInput(DateTime.Order, ({ at }) => at),
  Order.mapInput(Order.String, ({ source }) => source)
])

export const view = (events: ReadonlyArray<HistoryEvent>): View => {
  const timeline = timelineOf(events)
  const ranked = timeline.toSorted(byRank)
  const current = ranked[0]
  // What a later stage tells of the price is nearer to the bill.
  const pricing = ranked.find((entry) => entry.pricing !== undefined)?.pricing
  return {
    status: current?.status ?? "reserved",
    at: current?.at,
    failure: current?.status === "failed" ? current.failure : undefined,
    timeline,
    conflict: timeline.some((entry) => entry.conflict),
    cost: pricing === undefined ? undefined : costOf(pricing)
  }
}
