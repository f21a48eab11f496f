/** What a send needs beside the database: Meta or its simulator, the look at media links, ids, the key ring. */
import { Layer } from "effect"
import * as GraphGateway from "../../adapters/graph-api/GraphGateway.ts"
import * as MediaProbeHttp from "../../adapters/safe-http/MediaProbeHttp.ts"
import * as MessageIdsRandom from "../../adapters/secrets/MessageIdsRandom.ts"
import { KeyRing } from "../../core/instance/KeyRing.ts"

export const layer = (graph: GraphGateway.Options) =>
  Layer.mergeAll(GraphGateway.layer(graph), MediaProbeHttp.layer, MessageIdsRandom.layer, KeyRing.layer)
