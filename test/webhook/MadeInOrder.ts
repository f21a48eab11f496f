import { Effect, Layer, Redacted } from "effect"
import { WebhookMaker } from "../../core/webhook/WebhookMaker.ts"
import { newDeliveryId, newEndpointId } from "../contract/webhookSetup.ts"

/** Ids that count up, and one secret for all. */
export const layer = Layer.succeed(
  WebhookMaker,
  WebhookMaker.of({
    secret: Effect.succeed(Redacted.make(`whsec_${Buffer.alloc(32, 7).toString("base64")}`)),
    endpointId: Effect.sync(newEndpointId),
    deliveryId: Effect.sync(newDeliveryId)
  })
)
