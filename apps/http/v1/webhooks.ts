/** Everything under `/v1` that is about telling others. */
import type { EventFeed } from "../../../core/event/EventFeed.ts"
import type { Deliveries } from "../../../core/webhook/Deliveries.ts"
import type { FeedPlaces } from "../../../core/webhook/FeedPlaces.ts"
import type { WebhookEndpoints } from "../../../core/webhook/WebhookEndpoints.ts"
import type { WebhookMaker } from "../../../core/webhook/WebhookMaker.ts"
import type { WebhookSender } from "../../../core/webhook/WebhookSender.ts"
import type { Endpoint } from "./Endpoint.ts"
import * as deliveries from "./webhookDeliveries.ts"
import * as webhookEndpoints from "./webhookEndpoints.ts"

export type Needs = WebhookEndpoints | Deliveries | FeedPlaces | EventFeed | WebhookMaker | WebhookSender

export const endpoints: ReadonlyArray<Endpoint<Needs>> = [
  webhookEndpoints.add,
  webhookEndpoints.list,
  webhookEndpoints.show,
  webhookEndpoints.change,
  webhookEndpoints.remove,
  webhookEndpoints.rotate,
  webhookEndpoints.test,
  deliveries.list,
  deliveries.show,
  deliveries.replay
]
