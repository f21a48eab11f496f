import { Layer } from "effect"
import * as DeliveriesMemory from "../../adapters/memory/DeliveriesMemory.ts"
import * as FeedPlacesMemory from "../../adapters/memory/FeedPlacesMemory.ts"
import * as Memory from "../../adapters/memory/Memory.ts"
import * as WebhookEndpointsMemory from "../../adapters/memory/WebhookEndpointsMemory.ts"
import * as EventFeedMemory from "../../adapters/memory/EventFeedMemory.ts"
import * as HappeningMemory from "./HappeningMemory.ts"
import * as MadeInOrder from "./MadeInOrder.ts"
import * as Receiver from "./Receiver.ts"

/** All that telling webhook endpoints needs, in memory. */
export const layer = Layer.mergeAll(HappeningMemory.layer, MadeInOrder.layer, Receiver.layer).pipe(
  Layer.provideMerge(
    Layer.mergeAll(DeliveriesMemory.layer, WebhookEndpointsMemory.layer, FeedPlacesMemory.layer, EventFeedMemory.layer)
  ),
  Layer.provideMerge(Memory.layerStores)
)
