import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as GraphAnswer from "../../adapters/graph-api/GraphAnswer.ts"
import { MetaError } from "../../core/failure/MetaError.ts"

const wamid = "wamid.HBgNNTUxMTk3ODA0OTgyNRUCABEYEjdFRkE4QjQ3"

const success = (parts: object, status = 200) =>
  GraphAnswer.read(status, JSON.stringify({ messaging_product: "whatsapp", messages: [{ id: wamid }], ...parts }))

const held = (message_status: unknown) => success({ messages: [{ id: wamid, message_status }] })

const refusal = (error: object, status = 400) => {
  const answer = GraphAnswer.read(status, JSON.stringify({ error }))
  assert.strictEqual(answer._tag, "Refused")
  return answer._tag === "Refused" ? Schema.encodeSync(MetaError)(answer.error) : undefined
}

const Status = Schema.Int.check(Schema.isBetween({ minimum: 200, maximum: 599 }))

const Code = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 9_999_999 }))

describe("Meta's acceptance", () => {
  it("carries its id and the recipient as WhatsApp names it", () => {
    const contacts = [{ input: "+5561955550100", wa_id: "556155550100" }]
    assert.deepStrictEqual(success({ contacts }), { _tag: "Accepted", wamid, waId: "556155550100", held: false })
  })

  it("of a message by user id names no number", () => {
    const contacts = [{ input: "BR.13491208655302741918", user_id: "BR.13491208655302741918" }]
    assert.deepStrictEqual(success({ contacts }), { _tag: "Accepted", wamid, waId: undefined, held: false })
  })

  it("stands although its other parts cannot be read", () => {
    for (const contacts of [undefined, null, [], "x", [{ wa_id: 5 }], [{ wa_id: "" }]])
      assert.deepStrictEqual(success({ contacts }), { _tag: "Accepted", wamid, waId: undefined, held: false })
  })

  it("says that the message waits: for the quality assessment, or for its paused template", () => {
    assert.propertyVal(held("held_for_quality_assessment"), "held", true)
    assert.propertyVal(held("paused"), "held", true)
    assert.propertyVal(held("accepted"), "held", false)
    assert.propertyVal(held(7), "held", false)
  })

  it("is none without an id that can be one", () => {
    for (const id of ["", " ", "a\0b", "wamid com espaço", "x".repeat(513), 5, null])
      assert.deepStrictEqual(success({ messages: [{ id }] }), { _tag: "Lost", reason: "status 200, no message id" })
    assert.propertyVal(success({ messages: [{ id: "x".repeat(512) }] }), "_tag", "Accepted")
  })

  it.prop("is none under a status that is no success", [Status], ([status]) => {
    assert.strictEqual(success({}, status)._tag === "Accepted", status < 300)
  })
})

describe("Meta's refusal", () => {
  it("keeps code, subcode, title, details and trace as Meta gave them", () => {
    const error = refusal({
      message: "(#130429) Rate limit hit",
      type: "OAuthException",
      code: 130429,
      error_data: { messaging_product: "whatsapp", details: "Cloud API message throughput has been reached." },
      error_subcode: 2494055,
      fbtrace_id: "Az8or2yhqkZfEZ-_4Qn_Bam"
    })
    assert.deepStrictEqual(error, {
      code: 130429,
      subcode: 2494055,
      title: "(#130429) Rate limit hit",
      details: "Cloud API message throughput has been reached.",
      fbtrace_id: "Az8or2yhqkZfEZ-_4Qn_Bam"
    })
  })

  it("takes its details from error_data as an object or a string, else from the words meant for people", () => {
    const words = { message: "m", code: 1, error_user_title: "título", error_user_msg: "explicação" }
    assert.deepInclude(refusal({ ...words, error_data: { details: "d" } }), { title: "título", details: "d" })
    assert.deepInclude(refusal({ ...words, error_data: "d" }), { details: "d" })
    assert.deepInclude(refusal({ ...words, error_data: {} }), { details: "explicação" })
    assert.deepInclude(refusal(words), { details: "explicação" })
  })

  it("is one although everything but its code is odd", () => {
    const odd = { message: 1, error_subcode: "x", error_data: [null], error_user_msg: {}, fbtrace_id: null }
    assert.deepStrictEqual(refusal({ ...odd, code: 131000 }), { code: 131000 })
  })

  it("is one under a success status too", () => {
    assert.deepStrictEqual(refusal({ code: 100 }, 200), { code: 100 })
  })

  it("loses the NULs and half characters that a database cannot store, and nothing else", () => {
    assert.deepStrictEqual(refusal({ code: 100, message: "a\0b\ud800\u2028ç😀" }), {
      code: 100,
      title: "ab\ufffd\u2028ç😀"
    })
  })

  it.prop("is one under any status", [Status, Code], ([status, code]) => {
    assert.deepStrictEqual(refusal({ code }, status), { code })
  })
})

describe("any other answer", () => {
  it("proves nothing: an error without a whole code, JSON of another shape, no JSON", () => {
    for (const body of [
      '{"error":{"code":"100"}}',
      '{"error":{"code":1.5}}',
      '{"error":null}',
      "null",
      "[]",
      "",
      "<html>"
    ])
      assert.strictEqual(GraphAnswer.read(500, body)._tag, "Lost")
  })

  it.prop(
    "proves nothing, whatever it is, and its reason repeats nothing of it",
    [Status, Schema.String],
    ([status, body]) => {
      const answer = GraphAnswer.read(status, JSON.stringify({ said: body }))
      assert.strictEqual(answer._tag, "Lost")
      if (answer._tag === "Lost") assert.match(answer.reason, /^status \d{3}, no (?:message id|error envelope)$/u)
      assert.strictEqual(GraphAnswer.read(status, body)._tag, "Lost")
    }
  )
})
