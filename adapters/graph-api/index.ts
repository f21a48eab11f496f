/** The public entry of `aidesk/adapters/graph-api`. */
export * as GraphGateway from "./GraphGateway.ts"
