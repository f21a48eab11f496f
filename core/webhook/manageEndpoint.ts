/** What a person does with an endpoint: adds it, changes it, gives it a new secret, tries it out. */
import { DateTime, type Duration, Effect, Option, Schema } from "effect"
import type { Event } from "../event/Event.ts"
import { EventFeed } from "../event/EventFeed.ts"
import type { InstanceId } from "../instance/Instance.ts"
import { Deliveries } from "./Deliveries.ts"
import { type Delivery, ofEvent } from "./Delivery.ts"
import { deliverOnce } from "./deliver.ts"
import { lease } from "./Retry.ts"
import type { WebhookEndpoint, WebhookEndpointId } from "./WebhookEndpoint.ts"
import { type EndpointSettings, WebhookEndpoints } from "./WebhookEndpoints.ts"
import { WebhookMaker } from "./WebhookMaker.ts"
import type { WebhookSecret } from "./WebhookSecret.ts"
import { WebhookSender } from "./WebhookSender.ts"

/** The URL leads to no address that may be connected to. */
export class UrlNotAllowed extends Schema.TaggedError<UrlNotAllowed>()("UrlNotAllowed", {}) {}

export class EndpointNotFound extends Schema.TaggedError<EndpointNotFound>()("EndpointNotFound", {}) {}

/** An endpoint whose secret is here for the first and last time. */
export interface WithSecret {
  readonly endpoint: WebhookEndpoint
  readonly secret: WebhookSecret
}

const judgeUrl = Effect.fnUntraced(function* (url: EndpointSettings["url"] | undefined) {
  if (url !== undefined && (yield* WebhookSender).isClosed(url)) return yield* new UrlNotAllowed()
})

const orNotFound = <A>(found: Option.Option<A>): Effect.Effect<A, EndpointNotFound> =>
  Option.match(found, { onNone: () => new EndpointNotFound(), onSome: Effect.succeed })

/** It is told of what happens from now on. */
export const addEndpoint = Effect.fn("addEndpoint")(function* (instanceId: InstanceId, settings: EndpointSettings) {
  yield* judgeUrl(settings.url)
  const maker = yield* WebhookMaker
  const secret = yield* maker.secret
  const endpoint = yield* (yield* WebhookEndpoints).add({
    ...settings,
    id: yield* maker.endpointId,
    instanceId,
    secret,
    cursor: yield* (yield* EventFeed).end(instanceId),
    at: yield* DateTime.now
  })
  return { endpoint, secret } satisfies WithSecret
})

export const findEndpoint = Effect.fnUntraced(function* (instanceId: InstanceId, id: WebhookEndpointId) {
  return yield* orNotFound(yield* (yield* WebhookEndpoints).find(instanceId, id))
})

export const changeEndpoint = Effect.fn("changeEndpoint")(function* (
  instanceId: InstanceId,
  id: WebhookEndpointId,
  changes: Partial<EndpointSettings>
) {
  yield* judgeUrl(changes.url)
  return yield* orNotFound(yield* (yield* WebhookEndpoints).change(instanceId, id, changes, yield* DateTime.now))
})

/** `overlap`: how long the secret so far signs beside the new one. */
export const rotateSecret = Effect.fn("rotateSecret")(function* (
  instanceId: InstanceId,
  id: WebhookEndpointId,
  overlap: Duration.Duration
) {
  const secret = yield* (yield* WebhookMaker).secret
  const until = DateTime.addDuration(yield* DateTime.now, overlap)
  const endpoint = yield* orNotFound(yield* (yield* WebhookEndpoints).rotate(instanceId, id, secret, until))
  return { endpoint, secret } satisfies WithSecret
})

export const removeEndpoint = Effect.fn("removeEndpoint")(function* (instanceId: InstanceId, id: WebhookEndpointId) {
  const removed = yield* (yield* WebhookEndpoints).remove(instanceId, id, yield* DateTime.now)
  if (!removed) return yield* new EndpointNotFound()
})

const idOfTest = (delivery: Delivery["id"]): string => `evt_${delivery.slice("dlv_".length)}`

/** Sends a `webhook_endpoint.test` to the endpoint, enabled or not, once and now, and waits for what comes of it. */
export const testEndpoint = Effect.fn("testEndpoint")(function* (instanceId: InstanceId, id: WebhookEndpointId) {
  const endpoint = yield* findEndpoint(instanceId, id)
  const deliveries = yield* Deliveries
  const now = yield* DateTime.now
  const deliveryId = yield* (yield* WebhookMaker).deliveryId
  const event: Event = {
    id: idOfTest(deliveryId),
    type: "webhook_endpoint.test",
    timestamp: now,
    instanceId,
    data: { webhook_endpoint_id: id }
  }
  const claimed = yield* orNotFound(yield* deliveries.enterClaimed(endpoint, ofEvent(deliveryId, event), now, lease))
  const outcome = yield* deliverOnce(claimed)
  return { deliveryId, eventId: event.id, outcome }
})
