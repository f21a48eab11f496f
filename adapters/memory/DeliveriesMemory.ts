import { DateTime, Effect, Layer, Option, Order } from "effect"
import { type ClaimedDelivery, Deliveries } from "../../core/webhook/Deliveries.ts"
import { Delivery, mostAttempts, type NewDelivery } from "../../core/webhook/Delivery.ts"
import { disabledEvent } from "../../core/webhook/disabledEvent.ts"
import { inFlight } from "../../core/webhook/Retry.ts"
import { isEnabled, type WebhookEndpointId } from "../../core/webhook/WebhookEndpoint.ts"
import { followed } from "./consequences.ts"
import * as FeedPosition from "./FeedPosition.ts"
import { type StoredDelivery, type StoredEndpoint, World } from "./World.ts"

const byTurn = Order.combine(
  Order.mapInput(DateTime.Order, ({ dueAt }: StoredDelivery) => dueAt),
  Order.mapInput(Order.String, ({ delivery }: StoredDelivery) => delivery.id)
)
const byAge = Order.mapInput(Order.String, ({ delivery }: StoredDelivery) => delivery.id)

const isBefore = (at: DateTime.Utc, other: DateTime.Utc) => DateTime.isLessThan(at, other)
const isOver = (at: DateTime.Utc | undefined, now: DateTime.Utc) => at === undefined || !isBefore(now, at)

const secretsOf = ({ endpoint, previousSecret, secret }: StoredEndpoint, now: DateTime.Utc) =>
  previousSecret !== undefined && Option.exists(endpoint.previousSecretUntil, DateTime.isGreaterThan(now))
    ? [secret, previousSecret]
    : [secret]

const changed = (delivery: Delivery, changes: Partial<Delivery>) => new Delivery(Object.assign({}, delivery, changes))

const states = { Succeeded: "succeeded", Later: "pending", Exhausted: "exhausted" } as const

const isOpen = ({ endpoint }: StoredEndpoint, now: DateTime.Utc) =>
  isEnabled(endpoint) && isOver(Option.getOrUndefined(endpoint.heldUntil), now)

const made = (
  { body, contactId, ...given }: NewDelivery,
  { endpoint }: StoredEndpoint,
  now: DateTime.Utc
): StoredDelivery => ({
  delivery: new Delivery({
    ...given,
    instanceId: endpoint.instanceId,
    endpointId: endpoint.id,
    state: "pending",
    attempts: 0,
    nextAt: Option.some(now),
    createdAt: now,
    settledAt: Option.none(),
    log: []
  }),
  body,
  contactId,
  claims: 0,
  dueAt: now,
  leasedUntil: undefined
})

export const layer = Layer.effect(
  Deliveries,
  Effect.map(World, (world) => {
    const { deliveries, events, feed, webhookEndpoints } = world
    const put = (stored: StoredDelivery) => void deliveries.set(stored.delivery.id, stored)

    const ofEndpoint = (id: WebhookEndpointId) =>
      [...deliveries.values()].filter(({ delivery }) => delivery.endpointId === id)

    const claimOne = (
      due: StoredDelivery,
      of: StoredEndpoint,
      now: DateTime.Utc,
      until: DateTime.Utc
    ): ClaimedDelivery => {
      const delivery = changed(due.delivery, { attempts: due.delivery.attempts + 1, nextAt: Option.none() })
      const claim = due.claims + 1
      put({ ...due, delivery, claims: claim, dueAt: until, leasedUntil: until })
      return { claim, delivery, body: due.body ?? "", endpoint: of.endpoint, secrets: secretsOf(of, now) }
    }

    const again = (stored: StoredDelivery, now: DateTime.Utc, body: string | undefined = stored.body) => {
      const delivery = changed(stored.delivery, {
        state: "pending",
        attempts: 0,
        nextAt: Option.some(now),
        settledAt: Option.none()
      })
      put({ ...stored, delivery, body, dueAt: now, leasedUntil: undefined })
    }

    const existing = (id: WebhookEndpointId, eventId: string) =>
      ofEndpoint(id).find(({ delivery }) => delivery.eventId === eventId)

    return Deliveries.of({
      behind: (limit) =>
        Effect.sync(() =>
          [...webhookEndpoints.values()]
            .filter(({ cursor, endpoint }) => {
              const read = Option.getOrElse(FeedPosition.read(cursor), () => 0)
              const rest = events.slice(Math.max(0, read - feed.forgotten))
              return isEnabled(endpoint) && rest.some(({ instanceId }) => instanceId === endpoint.instanceId)
            })
            .slice(0, limit)
        ),

      enter: ({ cursor, endpoint: { id } }, next, entries, now) =>
        Effect.sync(() => {
          const stored = webhookEndpoints.get(id)
          if (stored === undefined || stored.cursor !== cursor || !isEnabled(stored.endpoint)) return false
          webhookEndpoints.set(id, { ...stored, cursor: next })
          for (const entry of entries) {
            // A replay was faster.
            if (existing(id, entry.eventId) === undefined) put(made(entry, stored, now))
          }
          return true
        }),

      claim: (now, lease, limit) =>
        Effect.sync(() => {
          const until = DateTime.addDuration(now, lease)
          const ready = [...webhookEndpoints.values()]
            .filter((stored) => isOpen(stored, now))
            .map((stored) => {
              const all = ofEndpoint(stored.endpoint.id)
              const underWay = all.filter(({ leasedUntil }) => leasedUntil !== undefined && isBefore(now, leasedUntil))
              const most = Option.isNone(stored.endpoint.failingSince) ? inFlight.usually : inFlight.failing
              const due = all.filter(({ delivery, dueAt }) => delivery.state === "pending" && isOver(dueAt, now))
              return { stored, due: due.toSorted(byTurn).slice(0, Math.max(0, most - underWay.length)) }
            })
            .filter(({ due }) => due.length > 0)
          const share = Math.max(1, Math.floor(limit / ready.length))
          const due = ready.flatMap(({ due, stored }) => due.slice(0, share).map((one) => [one, stored] as const))
          return due.slice(0, limit).map(([one, stored]) => claimOne(one, stored, now, until))
        }),

      settle: (claimed, outcome) =>
        Effect.sync(() => {
          const stored = deliveries.get(claimed.delivery.id)
          if (stored === undefined || stored.claims !== claimed.claim || stored.leasedUntil === undefined) return
          const { at, attempt, verdict } = outcome
          const { fate } = verdict
          const log = [...stored.delivery.log, attempt].slice(-mostAttempts)
          const delivery = changed(stored.delivery, {
            log,
            state: states[fate._tag],
            nextAt: fate._tag === "Later" ? Option.some(fate.nextAt) : Option.none(),
            settledAt: fate._tag === "Later" ? Option.none() : Option.some(at)
          })
          put({
            ...stored,
            delivery,
            body: fate._tag === "Succeeded" ? undefined : stored.body,
            dueAt: fate._tag === "Later" ? fate.nextAt : stored.dueAt,
            leasedUntil: undefined
          })
          const of = webhookEndpoints.get(claimed.endpoint.id)
          const endpoint = of === undefined ? undefined : followed(of.endpoint, verdict.consequence, at)
          if (of === undefined || endpoint === undefined) return
          webhookEndpoints.set(endpoint.id, { ...of, endpoint })
          const event = disabledEvent(claimed, outcome)
          if (event !== undefined) events.push(event)
        }),

      enterClaimed: (endpoint, entry, now, lease) =>
        Effect.sync(() =>
          Option.map(Option.fromUndefinedOr(webhookEndpoints.get(endpoint.id)), (stored) => {
            const entered = made(entry, stored, now)
            return claimOne(entered, stored, now, DateTime.addDuration(now, lease))
          })
        ),

      find: (instanceId, id) =>
        Effect.sync(() =>
          Option.filter(
            Option.fromUndefinedOr(deliveries.get(id)?.delivery),
            (delivery) => delivery.instanceId === instanceId
          )
        ),

      list: (instanceId, endpointId, { before, state }, limit) =>
        Effect.sync(() =>
          ofEndpoint(endpointId)
            .filter(
              ({ delivery }) =>
                delivery.instanceId === instanceId &&
                (state === undefined || delivery.state === state) &&
                (before === undefined || delivery.id < before)
            )
            .toSorted(Order.flip(byAge))
            .slice(0, limit)
            .map(({ delivery }) => delivery)
        ),

      requeue: ({ id }, entries, now) =>
        Effect.sync(() => {
          const stored = webhookEndpoints.get(id)
          if (stored === undefined) return 0
          const queued = entries.filter((entry) => {
            const there = existing(id, entry.eventId)
            if (there === undefined) put(made(entry, stored, now))
            else if (isOver(there.leasedUntil, now)) again(there, now, there.body ?? entry.body)
            else return false
            return true
          })
          return queued.length
        }),

      requeueExhausted: ({ id }, since, after, limit, now) =>
        Effect.sync(() => {
          const due = ofEndpoint(id)
            .filter(
              ({ delivery }) =>
                delivery.state === "exhausted" &&
                delivery.eventType !== "webhook_endpoint.test" &&
                Option.exists(delivery.settledAt, DateTime.isGreaterThanOrEqualTo(since)) &&
                (after === undefined || delivery.id > after)
            )
            .toSorted(byAge)
            .slice(0, limit)
          for (const one of due) again(one, now)
          return { queued: due.length, next: due.length < limit ? undefined : due.at(-1)?.delivery.id }
        }),

      forget: ({ exhausted, succeeded }) =>
        Effect.sync(() => {
          const old = [...deliveries.values()].filter(({ delivery: { createdAt, endpointId, settledAt, state } }) => {
            if (state !== "pending") {
              return Option.exists(settledAt, DateTime.isLessThan(state === "succeeded" ? succeeded : exhausted))
            }
            const disabled = webhookEndpoints.get(endpointId)?.endpoint.disabled ?? Option.none()
            return isBefore(createdAt, exhausted) && Option.exists(disabled, ({ since }) => isBefore(since, exhausted))
          })
          for (const { delivery } of old) deliveries.delete(delivery.id)
          return old.length
        })
    })
  })
)
