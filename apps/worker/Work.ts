/** Everything that happens without a request. Any number of processes may be at it. */
import { Layer } from "effect"
import * as Applying from "./Applying.ts"
import * as Delivering from "./Delivering.ts"
import * as EventRetention from "./EventRetention.ts"
import * as InboxRetention from "./InboxRetention.ts"
import * as MediaFetching from "./MediaFetching.ts"
import * as Recovery from "./Recovery.ts"
import * as Resending from "./Resending.ts"

export const layer = Layer.mergeAll(
  Recovery.layer,
  Resending.layer,
  Applying.layer,
  Delivering.layer,
  InboxRetention.layer,
  EventRetention.layer,
  MediaFetching.layer
)
