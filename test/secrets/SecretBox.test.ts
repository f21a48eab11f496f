import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Schema } from "effect"
import * as SecretBox from "../../adapters/secrets/SecretBox.ts"
import { InstanceId } from "../../core/instance/Instance.ts"
import { NoSealingKey, Sealing, Unsealable } from "../../core/instance/Sealing.ts"

const keyOf = (byte: number): SecretBox.SecretKey => Redacted.make(new Uint8Array(32).fill(byte))

const [first, second, third] = [keyOf(1), keyOf(2), keyOf(3)]
const four = InstanceId.make(4)
const token = Redacted.make("EAAG-very-secret-token")

const box = (current: SecretBox.SecretKey, ...previous: ReadonlyArray<SecretBox.SecretKey>) =>
  SecretBox.layer({ current, previous })

const seal = (secret: Redacted.Redacted = token) => Sealing.use((sealing) => sealing.seal(four, secret))
const open = (sealed: string, instanceId = four) => Sealing.use((sealing) => sealing.open(instanceId, sealed))

describe("a sealed secret", () => {
  it.effect.prop("opens to what was sealed, whatever it is", [Schema.String], ([text]) =>
    Effect.gen(function* () {
      const plain = text.toWellFormed()
      const opened = yield* open(yield* seal(Redacted.make(plain)))
      assert.strictEqual(Redacted.value(opened), plain)
    }).pipe(Effect.provide(box(first)))
  )

  it.effect("shows nothing of the secret, and differs each time", () =>
    Effect.gen(function* () {
      const [one, other] = [yield* seal(), yield* seal()]
      assert.notStrictEqual(one, other)
      assert.notInclude(Buffer.from(one.split(".")[2] ?? "", "base64url").toString("latin1"), "secret")
      assert.notInclude(JSON.stringify(yield* open(one)), "secret")
    }).pipe(Effect.provide(box(first)))
  )

  it.effect("opens for no other instance", () =>
    Effect.gen(function* () {
      const five = InstanceId.make(5)
      assert.deepStrictEqual(
        yield* Effect.flip(open(yield* seal(), five)),
        new Unsealable({ instanceId: five, reason: "altered" })
      )
    }).pipe(Effect.provide(box(first)))
  )

  it.effect("does not open when any character of it has changed, is missing or was added", () =>
    Effect.gen(function* () {
      const sealed = yield* seal()
      for (let at = 0; at < sealed.length; at++) {
        const swapped = sealed[at] === "A" ? "B" : "A"
        const changed = sealed.slice(0, at) + swapped + sealed.slice(at + 1)
        const shorter = sealed.slice(0, at) + sealed.slice(at + 1)
        for (const forged of [changed, shorter]) assert.instanceOf(yield* Effect.flip(open(forged)), Unsealable)
      }
      for (const forged of [
        `${sealed}A`,
        `${sealed}.A`,
        `${sealed}=`,
        ` ${sealed}`,
        "",
        "v1..",
        "v2" + sealed.slice(2)
      ]) {
        assert.instanceOf(yield* Effect.flip(open(forged)), Unsealable)
      }
    }).pipe(Effect.provide(box(first)))
  )

  it.effect("does not open with the ciphertext of one and the tag of another", () =>
    Effect.gen(function* () {
      const [one = "", other = ""] = [yield* seal(), yield* seal()].map((sealed) => sealed.slice(16))
      const mixed = Buffer.concat([
        Buffer.from(one, "base64url").subarray(0, -16),
        Buffer.from(other, "base64url").subarray(-16)
      ])
      const sealed = (yield* seal()).slice(0, 16) + mixed.toString("base64url")
      assert.deepStrictEqual(yield* Effect.flip(open(sealed)), new Unsealable({ instanceId: four, reason: "altered" }))
    }).pipe(Effect.provide(box(first)))
  )
})

describe("the rotation of the key", () => {
  it.effect("opens what any earlier key sealed, and seals with the new one", () =>
    Effect.gen(function* () {
      const old = yield* Effect.provide(seal(), box(first))
      const rotated = box(third, second, first)
      assert.strictEqual(Redacted.value(yield* Effect.provide(open(old), rotated)), Redacted.value(token))

      const fresh = yield* Effect.provide(seal(), rotated)
      assert.strictEqual(Redacted.value(yield* Effect.provide(open(fresh), box(third))), Redacted.value(token))
    })
  )

  it.effect("says which instance's secret needs a key that is gone", () =>
    Effect.gen(function* () {
      const old = yield* Effect.provide(seal(), box(first))
      const error = yield* Effect.flip(Effect.provide(open(old), box(second)))
      assert.deepStrictEqual(error, new Unsealable({ instanceId: four, reason: "unknown_key" }))
      assert.include(error.message, "instância 4")
      assert.include(error.message, "AIDESK_SECRET_KEY_PREVIOUS")
    })
  )
})

describe("a process without a key", () => {
  it.effect("seals nothing, and says what it lacks", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(seal())
      assert.instanceOf(error, NoSealingKey)
      assert.include(error.message, "AIDESK_SECRET_KEY")
    }).pipe(Effect.provide(SecretBox.layerWithoutKey))
  )
})
