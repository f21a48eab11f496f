/** Every route of the HTTP app. */
import { Layer } from "effect"
import * as Docs from "./docs/Docs.ts"
import * as Fallback from "./Fallback.ts"
import * as GatheredMetrics from "./GatheredMetrics.ts"
import * as Health from "./Health.ts"
import * as SendEndpoint from "./SendEndpoint.ts"
import * as sendDirect from "./sendDirect.ts"
import * as sendMessage from "./sendMessage.ts"
import * as V1 from "./v1/endpoints.ts"
import * as Handshake from "./webhooks/Handshake.ts"

export const routes = Layer.mergeAll(
  SendEndpoint.route(sendMessage.endpoint),
  SendEndpoint.route(sendDirect.endpoint),
  V1.layer,
  Handshake.route,
  Health.layer,
  Docs.layer,
  GatheredMetrics.layer,
  Fallback.layer
)
