import type { Effect } from "effect"
import { Context } from "effect"
import type { DeliveryId } from "./Delivery.ts"
import type { WebhookEndpointId } from "./WebhookEndpoint.ts"
import type { WebhookSecret } from "./WebhookSecret.ts"

/** Port: new secrets, of 256 random bits, and new ids, ordered by the time of their making. */
export class WebhookMaker extends Context.Service<
  WebhookMaker,
  {
    readonly secret: Effect.Effect<WebhookSecret>
    readonly endpointId: Effect.Effect<WebhookEndpointId>
    readonly deliveryId: Effect.Effect<DeliveryId>
  }
>()("aidesk/core/webhook/WebhookMaker") {}
