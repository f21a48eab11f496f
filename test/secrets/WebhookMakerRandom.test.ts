import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import * as WebhookMakerRandom from "../../adapters/secrets/WebhookMakerRandom.ts"
import { WebhookMaker } from "../../core/webhook/WebhookMaker.ts"

const many = Array.from({ length: 200 })

describe("what webhooks are made with", () => {
  it.effect("a secret is whsec_ and 256 random bits in base64, another each time", () =>
    Effect.gen(function* () {
      const { secret } = yield* WebhookMaker
      const made = yield* Effect.forEach(many, () => Effect.map(secret, Redacted.value))
      assert.strictEqual(new Set(made).size, made.length)
      for (const one of made) {
        assert.match(one, /^whsec_[A-Za-z0-9+/]{43}=$/u)
        assert.strictEqual(Buffer.from(one.slice("whsec_".length), "base64").length, 32)
      }
    }).pipe(Effect.provide(WebhookMakerRandom.layer))
  )

  it.effect("ids sort in the order of their making", () =>
    Effect.gen(function* () {
      const { deliveryId, endpointId } = yield* WebhookMaker
      const deliveries: ReadonlyArray<string> = yield* Effect.forEach(many, () => deliveryId)
      const endpoints: ReadonlyArray<string> = yield* Effect.forEach(many, () => endpointId)
      for (const ids of [deliveries, endpoints]) {
        assert.strictEqual(new Set(ids).size, ids.length)
        assert.deepStrictEqual(ids.toSorted(), ids)
      }
    }).pipe(Effect.provide(WebhookMakerRandom.layer))
  )
})
