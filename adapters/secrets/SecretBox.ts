/**
 * AES-256-GCM for the secrets that the database keeps.
 *
 * Sealed text: `v1.<key id>.<base64url of nonce, ciphertext and tag>`. The key id is derived from the key and tells the
 * keys of a rotation apart; the nonce is random, 96 bits. The instance id, the version and the key id are authenticated
 * with the text: moved to another instance or relabelled, it does not open.
 *
 * Source: NIST SP 800-38D.
 */
import { Effect, Layer, Redacted } from "effect"
import { Buffer } from "node:buffer"
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto"
import type { InstanceId } from "../../core/instance/Instance.ts"
import { NoSealingKey, Sealing, Unsealable } from "../../core/instance/Sealing.ts"

/** 32 bytes. */
export type SecretKey = Redacted.Redacted<Uint8Array>

export interface Keys {
  /** Seals, and opens. */
  readonly current: SecretKey
  /** Open what they sealed before `current` took their place. */
  readonly previous: ReadonlyArray<SecretKey>
}

const version = "v1"
const format = /^v1\.([0-9a-f]{12})\.([\w-]+)$/u
const nonceBytes = 12
const tagBytes = 16

interface Key {
  readonly id: string
  readonly bytes: Uint8Array
}

const keyOf = (key: SecretKey): Key => {
  const bytes = Redacted.value(key)
  // Tells nothing of the key, by which it is computed.
  return { bytes, id: createHmac("sha256", bytes).update("aidesk key id").digest("hex").slice(0, 12) }
}

const boundTo = (instanceId: InstanceId, keyId: string): Buffer =>
  Buffer.from(`aidesk ${version} ${keyId} instance ${instanceId}`)

const encrypt = ({ bytes, id }: Key, instanceId: InstanceId, text: string): string => {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv("aes-256-gcm", bytes, nonce).setAAD(boundTo(instanceId, id))
  const whole = [nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]
  return `${version}.${id}.${Buffer.concat(whole).toString("base64url")}`
}

/** Throws where anything is not as it was sealed. */
const decrypt = ({ bytes, id }: Key, instanceId: InstanceId, sealed: Buffer): string => {
  const nonce = sealed.subarray(0, nonceBytes)
  const decipher = createDecipheriv("aes-256-gcm", bytes, nonce, { authTagLength: tagBytes })
    .setAAD(boundTo(instanceId, id))
    .setAuthTag(sealed.subarray(-tagBytes))
  return decipher.update(sealed.subarray(nonceBytes, -tagBytes), undefined, "utf8") + decipher.final("utf8")
}

const opener =
  (keys: ReadonlyArray<Key>) =>
  (instanceId: InstanceId, sealed: string): Effect.Effect<Redacted.Redacted, Unsealable> => {
    const [, keyId, text = ""] = format.exec(sealed) ?? []
    const bytes = Buffer.from(text, "base64url")
    // The decoder is lenient: only the one spelling of these bytes is what was sealed.
    if (keyId === undefined || bytes.toString("base64url") !== text) {
      return Effect.fail(new Unsealable({ instanceId, reason: "altered" }))
    }
    const key = keys.find(({ id }) => id === keyId)
    if (key === undefined) return Effect.fail(new Unsealable({ instanceId, reason: "unknown_key" }))
    return Effect.try({
      try: () => Redacted.make(decrypt(key, instanceId, bytes)),
      catch: () => new Unsealable({ instanceId, reason: "altered" })
    })
  }

export const layer = ({ current, previous }: Keys): Layer.Layer<Sealing> =>
  Layer.sync(Sealing, () => {
    const key = keyOf(current)
    return Sealing.of({
      seal: (instanceId, secret) => Effect.sync(() => encrypt(key, instanceId, Redacted.value(secret))),
      open: opener([key, ...previous.map(keyOf)])
    })
  })

/** For a process that was given no key: it works as long as there is nothing to seal or to open. */
export const layerWithoutKey: Layer.Layer<Sealing> = Layer.succeed(
  Sealing,
  Sealing.of({ seal: () => Effect.fail(new NoSealingKey()), open: opener([]) })
)
