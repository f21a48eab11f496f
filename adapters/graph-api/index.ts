/** The public entry of `aidesk/adapters/graph-api`. */
export * as GraphGateway from "./GraphGateway.ts"
export * as MediaHosts from "./MediaHosts.ts"
export * as MediaSourceGraph from "./MediaSourceGraph.ts"
