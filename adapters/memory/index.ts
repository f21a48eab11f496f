/** The public entry of `aidesk/adapters/memory`. */
export * as Memory from "./Memory.ts"
export * as MemoryGateway from "./MemoryGateway.ts"
export * as MediaProbeMemory from "./MediaProbeMemory.ts"
export { MemorySetup } from "./MemorySetup.ts"
export { World } from "./World.ts"
