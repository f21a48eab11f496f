/** What the suites of the webhook ports share: things that happen, endpoints that are told, attempts with their ends. */
import { assert } from "@effect/vitest"
import { Context, DateTime, Duration, Effect, Option, Redacted } from "effect"
import { EventFeed } from "../../core/event/EventFeed.ts"
import type { StoredEvent } from "../../core/event/StoredEvent.ts"
import type { InstanceId } from "../../core/instance/Instance.ts"
import { type ClaimedDelivery, Deliveries, type Outcome } from "../../core/webhook/Deliveries.ts"
import { DeliveryId, type NewDelivery, ofEvent } from "../../core/webhook/Delivery.ts"
import { judge } from "../../core/webhook/Retry.ts"
import { WebhookEndpointId, WebhookUrl } from "../../core/webhook/WebhookEndpoint.ts"
import { type NewEndpoint, WebhookEndpoints } from "../../core/webhook/WebhookEndpoints.ts"
import type { WebhookAnswer } from "../../core/webhook/WebhookSender.ts"
import { Fixture } from "./Fixture.ts"

/** Lets something happen, and shows what has happened. */
export class Happening extends Context.Service<
  Happening,
  {
    readonly write: (event: StoredEvent) => Effect.Effect<void>
    /** Of one instance, in the order in which it was written. */
    readonly events: (instanceId: InstanceId) => Effect.Effect<ReadonlyArray<StoredEvent>>
  }
>()("test/contract/Happening") {}

/** The same deliveries in the hands of a second process. */
export class DeliveryPeer extends Context.Service<DeliveryPeer, Deliveries["Service"]>()(
  "test/contract/DeliveryPeer"
) {}

export const start = DateTime.makeUnsafe("2026-03-01T12:00:00.123Z")
export const after = (duration: Duration.Input) => DateTime.addDuration(start, duration)
export const lease = Duration.minutes(1)

let count = 0
const digits = () => `019c0000000070008000${(++count).toString(16).padStart(12, "0")}`
export const newDeliveryId = () => DeliveryId.make(`dlv_${digits()}`)
export const newEndpointId = () => WebhookEndpointId.make(`we_${digits()}`)

export const secret = (letter: string) => Redacted.make(`whsec_${Buffer.alloc(32, letter).toString("base64")}`)

export const eventOf = (instanceId: InstanceId, given: Partial<StoredEvent> = {}): StoredEvent => ({
  id: `evt_${digits()}`,
  instanceId,
  type: "template.updated",
  at: start,
  messageId: undefined,
  contactId: undefined,
  data: { template_id: 15, note: "ação 👋" },
  ...given
})

export const happens = Effect.fnUntraced(function* (instanceId: InstanceId, given: Partial<StoredEvent> = {}) {
  const event = eventOf(instanceId, given)
  yield* (yield* Happening).write(event)
  return event
})

/** What `event`, which names no message, is sent as. */
export const deliveryOf = ({ at, data, id, instanceId, type }: StoredEvent): NewDelivery =>
  ofEvent(newDeliveryId(), { id, instanceId, type, timestamp: at, data: data ?? {} })

export const settings = {
  url: WebhookUrl.make("https://loja.example.com/webhooks?de=aidesk"),
  eventTypes: ["*"],
  description: "Loja",
  enabled: true
} as const

export const newEndpoint = Effect.fnUntraced(function* (instanceId: InstanceId, given: Partial<NewEndpoint> = {}) {
  const cursor = yield* (yield* EventFeed).end(instanceId)
  const endpoint: NewEndpoint = { ...settings, id: newEndpointId(), instanceId, secret: secret("a"), cursor, at: start }
  return { ...endpoint, ...given }
})

export const added = Effect.fnUntraced(function* (instanceId: InstanceId, given: Partial<NewEndpoint> = {}) {
  return yield* (yield* WebhookEndpoints).add(yield* newEndpoint(instanceId, given))
})

/** An endpoint of a new instance, with nobody else's deliveries due. */
export const oneEndpoint = Effect.fnUntraced(function* (given: Partial<NewEndpoint> = {}) {
  yield* drain
  const { id } = yield* (yield* Fixture).instance
  return yield* added(id, given)
})

const drain = Effect.gen(function* () {
  const deliveries = yield* Deliveries
  const distant = DateTime.makeUnsafe("2100-01-01T00:00:00Z")
  for (;;) {
    const claimed = yield* deliveries.claim(distant, Duration.minutes(1), 1000)
    if (claimed.length === 0) return
    for (const one of claimed) yield* settled(one, ok, distant)
  }
})

/** `many` things happen and are entered for the endpoint. */
export const entered = Effect.fnUntraced(function* (
  endpoint: Effect.Success<ReturnType<typeof added>>,
  many: number,
  at: DateTime.Utc = start
) {
  const deliveries = yield* Deliveries
  const made: ReadonlyArray<NewDelivery> = Array.from({ length: many }, () => deliveryOf(eventOf(endpoint.instanceId)))
  assert.strictEqual(yield* deliveries.requeue(endpoint, made, at), many)
  return made
})

export const answered = (status: number, retryAfter?: string): WebhookAnswer => ({
  _tag: "Answered",
  status,
  retryAfter,
  text: "isso"
})
export const ok = answered(204)

export const outcomeOf = (claimed: ClaimedDelivery, answer: WebhookAnswer, at: DateTime.Utc): Outcome => ({
  attempt: {
    at,
    status: answer._tag === "Answered" ? answer.status : null,
    latencyMillis: 12,
    error: null,
    answer: answer._tag === "Answered" ? (answer.text ?? null) : null
  },
  verdict: judge(answer, { attempts: claimed.delivery.attempts, endpoint: claimed.endpoint }, at, 0.5),
  at
})

export const settled = Effect.fnUntraced(function* (claimed: ClaimedDelivery, answer: WebhookAnswer, at: DateTime.Utc) {
  yield* (yield* Deliveries).settle(claimed, outcomeOf(claimed, answer, at))
})

export const claimedOne = Effect.fnUntraced(function* (now: DateTime.Utc, by?: Deliveries["Service"]) {
  const [claimed, ...others] = yield* (by ?? (yield* Deliveries)).claim(now, lease, 10)
  assert.isDefined(claimed)
  assert.deepStrictEqual(others, [])
  return claimed
})

export const found = Effect.fnUntraced(function* ({ delivery }: Pick<ClaimedDelivery, "delivery">) {
  return Option.getOrThrow(yield* (yield* Deliveries).find(delivery.instanceId, delivery.id))
})

/** The endpoint as it is by now. */
export const again = Effect.fnUntraced(function* ({
  id,
  instanceId
}: Pick<ClaimedDelivery["endpoint"], "id" | "instanceId">) {
  return Option.getOrThrow(yield* (yield* WebhookEndpoints).find(instanceId, id))
})
