/** The public entry of `aidesk/adapters/secrets`. */
export * as ApiKeyMaker from "./ApiKeyMaker.ts"
export * as MessageIdsRandom from "./MessageIdsRandom.ts"
export * as SecretBox from "./SecretBox.ts"
export * as WebhookMakerRandom from "./WebhookMakerRandom.ts"
