import type { DateTime, Effect, Option } from "effect"
import { Context, Schema } from "effect"
import type { FeedCursor } from "../event/EventFeed.ts"
import type { InstanceId } from "../instance/Instance.ts"
import type { Unavailable } from "../Unavailable.ts"
import type { Subscription, WebhookEndpoint, WebhookEndpointId, WebhookUrl } from "./WebhookEndpoint.ts"
import type { WebhookSecret } from "./WebhookSecret.ts"

/** The instance has as many as it may have. */
export class TooManyEndpoints extends Schema.TaggedError<TooManyEndpoints>()("TooManyEndpoints", {}) {}

/** What a person says of an endpoint. */
export interface EndpointSettings {
  readonly url: WebhookUrl
  readonly eventTypes: Subscription
  readonly description: string
  readonly enabled: boolean
}

export interface NewEndpoint extends EndpointSettings {
  readonly id: WebhookEndpointId
  readonly instanceId: InstanceId
  readonly secret: WebhookSecret
  /** It is told of what comes after. */
  readonly cursor: FeedCursor
  readonly at: DateTime.Utc
}

/**
 * Port: the endpoints of an instance. Secrets go in and do not come out but with a delivery that is to be signed. An
 * endpoint of another instance is one that does not exist.
 */
export class WebhookEndpoints extends Context.Service<
  WebhookEndpoints,
  {
    readonly add: (endpoint: NewEndpoint) => Effect.Effect<WebhookEndpoint, TooManyEndpoints | Unavailable>
    /** The oldest first. */
    readonly list: (instanceId: InstanceId) => Effect.Effect<ReadonlyArray<WebhookEndpoint>, Unavailable>
    readonly find: (
      instanceId: InstanceId,
      id: WebhookEndpointId
    ) => Effect.Effect<Option.Option<WebhookEndpoint>, Unavailable>
    /**
     * Changes what is given. One that is enabled starts anew: with no failure to its name and held by nothing; one that
     * is disabled already keeps its reason.
     */
    readonly change: (
      instanceId: InstanceId,
      id: WebhookEndpointId,
      changes: Partial<EndpointSettings>,
      at: DateTime.Utc
    ) => Effect.Effect<Option.Option<WebhookEndpoint>, Unavailable>
    /** From now on `secret` signs and, until `previousUntil`, the one before it; none that is older than that. */
    readonly rotate: (
      instanceId: InstanceId,
      id: WebhookEndpointId,
      secret: WebhookSecret,
      previousUntil: DateTime.Utc
    ) => Effect.Effect<Option.Option<WebhookEndpoint>, Unavailable>
    /** Nothing more is sent to it, and its deliveries are gone. Whether there was one. */
    readonly remove: (
      instanceId: InstanceId,
      id: WebhookEndpointId,
      at: DateTime.Utc
    ) => Effect.Effect<boolean, Unavailable>
  }
>()("aidesk/core/webhook/WebhookEndpoints") {}
