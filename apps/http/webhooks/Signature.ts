/**
 * `X-Hub-Signature-256: sha256=<hex>`: HMAC-SHA256 of the body's bytes, as they came, under an app's secret.
 *
 * Source: Meta, "Create a webhook endpoint".
 */
import { Redacted } from "effect"
import { createHmac, createSecretKey, timingSafeEqual } from "node:crypto"
import type { Source } from "../../../core/inbound/Source.ts"
import type { SigningSecret } from "./WebhookSecrets.ts"

const form = /^sha256=([0-9a-fA-F]{64})$/u

/** The 32 bytes that a header tells, if it is one. */
export const read = (header: string | ReadonlyArray<string> | undefined): Uint8Array | undefined => {
  const [, hex] = (typeof header === "string" ? form.exec(header) : null) ?? []
  return hex === undefined ? undefined : Buffer.from(hex, "hex")
}

/** Whose signature of a body it is, if anybody's; each comparison takes the same time wherever it differs. */
export type Verify = (signature: Uint8Array, body: Uint8Array) => Source | undefined

export const verifier = (secrets: ReadonlyArray<SigningSecret>): Verify => {
  const keys = secrets.map(({ secret, source }) => ({ key: createSecretKey(Redacted.value(secret), "utf8"), source }))
  return (signature, body) =>
    keys.find(({ key }) => timingSafeEqual(createHmac("sha256", key).update(body).digest(), signature))?.source
}
