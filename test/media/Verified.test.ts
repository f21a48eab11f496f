import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Schema, Stream } from "effect"
import { createHash } from "node:crypto"
import { hexOf, verified } from "../../adapters/graph-api/Verified.ts"

const Pieces = Schema.Array(Schema.Uint8Array)
const hashOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest()

/** What gets through, and how it ends. */
const taken = (pieces: typeof Pieces.Type, told: Parameters<typeof verified>[1]) =>
  Effect.gen(function* () {
    const through: Array<Uint8Array> = []
    const exit = yield* Effect.exit(
      Stream.runForEach(verified(Stream.fromIterable(pieces), told), (piece) => Effect.sync(() => through.push(piece)))
    )
    return { bytes: Buffer.concat(through), ended: Exit.isSuccess(exit) }
  })

describe("bytes that are judged on their way", () => {
  it.effect.prop("pass whole where they are what was told, in whatever pieces they come", [Pieces], ([pieces]) =>
    Effect.gen(function* () {
      const whole = Buffer.concat(pieces)
      const told = { size: whole.length, sha256: [hashOf(whole).toString("hex")] }
      assert.deepStrictEqual(yield* taken(pieces, told), { bytes: whole, ended: true })
    })
  )

  it.effect.prop(
    "are never all passed on where they are not",
    [Pieces, Schema.Int.check(Schema.isBetween({ minimum: -3, maximum: 3 }))],
    ([pieces, off]) =>
      Effect.gen(function* () {
        const whole = Buffer.concat(pieces)
        const size = Math.max(0, whole.length + off)
        const told = { size, sha256: size === whole.length ? ["0".repeat(64)] : [] }
        const { bytes, ended } = yield* taken(pieces, told)
        assert.isFalse(ended)
        if (size > 0) assert.isBelow(bytes.length, size)
      })
  )
})

describe("a hash", () => {
  const hash = hashOf(Buffer.from("%PDF"))

  it.each([
    ["hexadecimal", hash.toString("hex")],
    ["base64", hash.toString("base64")],
    ["base64 for addresses", hash.toString("base64url")]
  ])("is read in %s", (_, text) => assert.strictEqual(hexOf(text), hash.toString("hex")))

  it.each(["", "<SHA256>", hash.toString("hex").slice(1), `${hash.toString("base64")}=`])("is none in %j", (text) =>
    assert.isUndefined(hexOf(text))
  )
})
