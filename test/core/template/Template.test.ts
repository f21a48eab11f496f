import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { isSendable, normalizeLanguage, Template } from "../../../core/template/Template.ts"
import * as samples from "./sampleTemplates.ts"

const definitions = Object.entries(samples).flatMap(([name, sample]) =>
  typeof sample === "function" ? [] : [[name, sample] as const]
)

describe("Template", () => {
  it.each(definitions)("%s is the same after a trip through JSON", (_, definition) => {
    const template = samples.templateOf(definition)
    const json = JSON.stringify(Schema.encodeSync(Template)(template))
    assert.deepStrictEqual(Schema.decodeUnknownSync(Template)(JSON.parse(json)), template)
  })

  it("goes out when Meta approved it, and at no other time", () => {
    assert.isTrue(isSendable({ status: "APPROVED" }))
    for (const status of ["PENDING", "REJECTED", "PAUSED", "DISABLED", "IN_APPEAL", "REINSTATED", "approved", ""]) {
      assert.isFalse(isSendable({ status }), status)
    }
  })

  it.each([
    ["en-US", "en_US"],
    ["pt_BR", "pt_BR"],
    ["pt-br", "pt_BR"],
    ["PT_br", "pt_BR"],
    ["es", "es"],
    [" fil ", "fil"]
  ])("language %s is %s", (given, normal) => {
    assert.strictEqual(normalizeLanguage(given), normal)
  })
})
