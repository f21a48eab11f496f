import { DateTime, Effect, Layer, Option, Order, Struct } from "effect"
import type { InstanceId } from "../../core/instance/Instance.ts"
import {
  isEnabled,
  mostEndpoints,
  WebhookEndpoint,
  type WebhookEndpointId
} from "../../core/webhook/WebhookEndpoint.ts"
import { type EndpointSettings, TooManyEndpoints, WebhookEndpoints } from "../../core/webhook/WebhookEndpoints.ts"
import { type StoredEndpoint, World } from "./World.ts"

const byAge = Order.mapInput(DateTime.Order, ({ createdAt }: WebhookEndpoint) => createdAt)

const requested = (since: DateTime.Utc): WebhookEndpoint["disabled"] => Option.some({ reason: "requested", since })

const changed = (
  endpoint: WebhookEndpoint,
  { enabled, ...settings }: Partial<EndpointSettings>,
  at: DateTime.Utc
): WebhookEndpoint => {
  const set = new WebhookEndpoint(Object.assign({}, endpoint, settings))
  if (enabled === undefined) return set
  if (!enabled) return isEnabled(set) ? new WebhookEndpoint(Struct.assign(set, { disabled: requested(at) })) : set
  const anew = { disabled: Option.none(), failingSince: Option.none(), heldUntil: Option.none(), holds: 0 }
  return new WebhookEndpoint(Struct.assign(set, anew))
}

export const layer = Layer.effect(
  WebhookEndpoints,
  Effect.map(World, ({ deliveries, webhookEndpoints }) => {
    const ofInstance = (instanceId: InstanceId) =>
      [...webhookEndpoints.values()].map(({ endpoint }) => endpoint).filter((one) => one.instanceId === instanceId)

    const stored = (instanceId: InstanceId, id: WebhookEndpointId) =>
      Option.filter(
        Option.fromUndefinedOr(webhookEndpoints.get(id)),
        ({ endpoint }) => endpoint.instanceId === instanceId
      )

    const put = (next: StoredEndpoint): WebhookEndpoint => {
      webhookEndpoints.set(next.endpoint.id, next)
      return next.endpoint
    }

    return WebhookEndpoints.of({
      add: ({ at, cursor, enabled, secret, ...settings }) =>
        Effect.suspend(() => {
          if (ofInstance(settings.instanceId).length >= mostEndpoints) return Effect.fail(new TooManyEndpoints())
          const endpoint = new WebhookEndpoint({
            ...settings,
            disabled: enabled ? Option.none() : requested(at),
            failingSince: Option.none(),
            heldUntil: Option.none(),
            holds: 0,
            previousSecretUntil: Option.none(),
            createdAt: at
          })
          return Effect.succeed(put({ endpoint, secret, previousSecret: undefined, cursor }))
        }),

      list: (instanceId) => Effect.sync(() => ofInstance(instanceId).toSorted(byAge)),

      find: (instanceId, id) => Effect.sync(() => Option.map(stored(instanceId, id), ({ endpoint }) => endpoint)),

      change: (instanceId, id, changes, at) =>
        Effect.sync(() =>
          Option.map(stored(instanceId, id), (now) => put({ ...now, endpoint: changed(now.endpoint, changes, at) }))
        ),

      rotate: (instanceId, id, secret, until) =>
        Effect.sync(() =>
          Option.map(stored(instanceId, id), (now) =>
            put({
              ...now,
              endpoint: new WebhookEndpoint(Struct.assign(now.endpoint, { previousSecretUntil: Option.some(until) })),
              secret,
              previousSecret: now.secret
            })
          )
        ),

      remove: (instanceId, id) =>
        Effect.sync(() => {
          if (Option.isNone(stored(instanceId, id))) return false
          webhookEndpoints.delete(id)
          for (const { delivery } of deliveries.values()) {
            if (delivery.endpointId === id) deliveries.delete(delivery.id)
          }
          return true
        })
    })
  })
)
