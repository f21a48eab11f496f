/** The public entry of `aidesk/adapters/safe-http`. */
export * as MediaProbeHttp from "./MediaProbeHttp.ts"
export * as PublicAddress from "./PublicAddress.ts"
export * as SafeHttp from "./SafeHttp.ts"
export * as WebhookSenderHttp from "./WebhookSenderHttp.ts"
