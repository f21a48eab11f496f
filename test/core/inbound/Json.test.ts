import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { canonical, textOf, tidy } from "../../../core/inbound/Json.ts"

const deep: unknown = JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`)

const Members = Schema.Array(Schema.Tuple([Schema.String, Schema.Union([Schema.String, Schema.Finite, Schema.Null])]))

describe("JSON of any origin", () => {
  it("has a text however deep it is, cut where nobody needs it", () => {
    assert.isBelow(textOf(deep).length, 100)
    assert.isBelow(canonical({ a: deep }).length, 100)
    assert.isBelow(JSON.stringify(tidy(deep)).length, 100)
  })

  it("keeps a member called __proto__ for what it is", () => {
    const value: unknown = JSON.parse('{"__proto__": {"a": null}, "b": null}')
    assert.strictEqual(textOf(value), '{"__proto__":{"a":null},"b":null}')
    assert.strictEqual(JSON.stringify(tidy(value)), '{"__proto__":{}}')
  })

  it("is tidied of absent members and of characters that storage refuses, and kept where it is tidy", () => {
    assert.deepStrictEqual(tidy({ a: null, b: [null, "\u0000\udc00x"] }), { b: [null, "\ufffd\ufffdx"] })
    const value = { a: [{ b: "olá 👋" }] }
    assert.strictEqual(tidy(value), value)
  })

  it.prop("has one canonical text for one value, whatever the order of its members", [Members], ([members]) => {
    const value = Object.fromEntries(members)
    const reversed = Object.fromEntries(Object.entries(value).toReversed())
    assert.strictEqual(canonical(value), canonical(reversed))
    assert.strictEqual(canonical([value]), canonical([tidy(reversed)]))
  })
})
