import { Effect, Layer, Redacted } from "effect"
import { SecureRandom } from "effect/crypto"
import { randomBytes } from "node:crypto"
import { DeliveryId } from "../../core/webhook/Delivery.ts"
import { WebhookEndpointId } from "../../core/webhook/WebhookEndpoint.ts"
import { WebhookMaker } from "../../core/webhook/WebhookMaker.ts"
import { secretPrefix } from "../../core/webhook/WebhookSecret.ts"

/** 256 bits, as long as the digest that they key. */
const secretBytes = 32

export const layer = Layer.sync(WebhookMaker, () => {
  const uuid = SecureRandom.make((size) => randomBytes(size)).uuidV7()
  const bare = Effect.map(uuid, (id) => id.replaceAll("-", ""))
  return WebhookMaker.of({
    secret: Effect.sync(() => Redacted.make(`${secretPrefix}${randomBytes(secretBytes).toString("base64")}`)),
    endpointId: Effect.map(bare, (id) => WebhookEndpointId.make(`we_${id}`)),
    deliveryId: Effect.map(bare, (id) => DeliveryId.make(`dlv_${id}`))
  })
})
