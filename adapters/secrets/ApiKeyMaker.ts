import { Brand, Effect, Layer, Redacted } from "effect"
import { hash, randomBytes } from "node:crypto"
import { KeyMaker, type MadeKey } from "../../core/administration/KeyMaker.ts"
import { type KeyHash, prefixes } from "../../core/instance/ApiKey.ts"

/** 192 bits, in hexadecimal: one word to a terminal, which a double click takes whole. */
const randomBits = 192

/** Of what is random in a key, the characters that its hint shows. */
const shown = 6

/** A digest is one as it comes: it is made for every request. */
const asHash = Brand.nominal<KeyHash>()

/** Not salted and not slow, which only guessable secrets need; so a key is found by one indexed look-up. */
export const hashOf = (key: string): KeyHash => asHash(hash("sha256", key))

const hintOf = (key: string): string => {
  const prefix = Object.values(prefixes).find((known) => key.startsWith(known)) ?? ""
  return `${key.slice(0, prefix.length + shown)}…`
}

/** What may be kept of a key that somebody brings along. */
export const describeKey = (key: Redacted.Redacted): MadeKey => {
  const text = Redacted.value(key)
  return { key, hash: hashOf(text), hint: hintOf(text) }
}

export const layer = Layer.succeed(
  KeyMaker,
  KeyMaker.of({
    make: (mode) =>
      Effect.sync(() => describeKey(Redacted.make(`${prefixes[mode]}${randomBytes(randomBits / 8).toString("hex")}`)))
  })
)
