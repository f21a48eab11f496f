import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import * as ApiKeyMaker from "../../adapters/secrets/ApiKeyMaker.ts"
import { KeyMaker } from "../../core/administration/KeyMaker.ts"

describe("a new API key", () => {
  it.effect("says by its prefix what it opens, and holds more than 128 random bits", () =>
    Effect.gen(function* () {
      const maker = yield* KeyMaker
      assert.match(Redacted.value((yield* maker.make("live")).key), /^ad_live_[0-9a-f]{48}$/u)
      assert.match(Redacted.value((yield* maker.make("simulated")).key), /^ad_test_[0-9a-f]{48}$/u)
      const keys = yield* Effect.all(Array.from({ length: 100 }, () => maker.make("live")))
      assert.strictEqual(new Set(keys.map(({ key }) => Redacted.value(key))).size, 100)
    }).pipe(Effect.provide(ApiKeyMaker.layer))
  )

  it.effect("is known by the hash that its holder's request is looked up by", () =>
    Effect.gen(function* () {
      const { hash, key } = yield* (yield* KeyMaker).make("simulated")
      assert.strictEqual(hash, ApiKeyMaker.hashOf(Redacted.value(key)))
    }).pipe(Effect.provide(ApiKeyMaker.layer))
  )

  it.effect("is recognised by a hint that is no use without the rest", () =>
    Effect.gen(function* () {
      const { hint, key } = yield* (yield* KeyMaker).make("live")
      assert.strictEqual(hint, `${Redacted.value(key).slice(0, "ad_live_".length + 6)}…`)
    }).pipe(Effect.provide(ApiKeyMaker.layer))
  )
})

describe("the hash of an API key", () => {
  // `printf %s ad_test_0123456789abcdef | sha256sum`
  it("is its SHA-256 in hexadecimal", () => {
    assert.strictEqual(
      ApiKeyMaker.hashOf("ad_test_0123456789abcdef"),
      "05297e6d60bdf29bc06927370493d63787e9d6e741f18808d9af9f72112ffca3"
    )
  })
})
