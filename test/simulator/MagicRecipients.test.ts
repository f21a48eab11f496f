import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, Result } from "effect"
import { TestClock } from "effect/testing"
import { magicRecipients } from "../../adapters/simulator/MagicRecipients.ts"
import type { MagicRecipient } from "../../adapters/simulator/MagicRecipients.ts"
import { acceptedAs, ledger, refusalOf, request, running, send } from "./RunningSimulator.ts"

const kindOf = ({ fault }: MagicRecipient) => fault.kind
const template = { type: "template", template: { name: "pedido", language: { code: "pt_BR" } } }

describe("The magic recipients", () => {
  it("are possible Brazilian mobiles, each once, each told in Portuguese", () => {
    for (const { description, number } of magicRecipients) {
      assert.match(number, /^55119[6-9]\d{7}$/u)
      assert.isAbove(description.length, 10)
    }
    assert.strictEqual(new Set(magicRecipients.map(({ number }) => number)).size, magicRecipients.length)
  })

  it("carry the code of their refusal in their last six digits", () => {
    const codes = magicRecipients.flatMap(({ fault, number }) =>
      fault.kind === "graph_error" ? [[number, `5511990${String(fault.code).padStart(6, "0")}`] as const] : []
    )
    assert.isAbove(codes.length, 50)
    for (const [number, expected] of codes) assert.strictEqual(number, expected)
  })

  it("bring about every kind of fault", () => {
    assert.deepStrictEqual([...new Set(magicRecipients.map(kindOf))].sort(), [
      "garbage",
      "graph_error",
      "held",
      "http_error",
      "late",
      "lost_response",
      "no_wamid",
      "paused",
      "reset",
      "slow",
      "truncated"
    ])
  })
})

layer(running({ unknownTemplates: "accept" }))("A send to a magic recipient", (it) => {
  it.effect.each(magicRecipients.filter(({ fault }) => fault.kind === "graph_error").map(({ number }) => number))(
    "%s is refused with its code, every time",
    (number) =>
      Effect.gen(function* () {
        const refusals = [refusalOf(yield* send({ to: number })), refusalOf(yield* send({ to: `+${number}` }))]
        for (const { code } of refusals) assert.strictEqual(`5511990${String(code).padStart(6, "0")}`, number)
        assert.strictEqual((yield* ledger(`?to=${number}`)).count, 0)
      })
  )

  it.effect.each([
    ["5511992000001", "lost", 0],
    ["5511992000002", "lost", 1],
    ["5511992000003", "lost", 1],
    ["5511992000004", 200, 1],
    ["5511992000005", 200, 1],
    ["5511992000006", 502, 0],
    ["5511992000007", 503, 1],
    ["5511992000008", 200, 1],
    ["5511992000009", 200, 1],
    ["5511992000010", 200, 1],
    ["5511992000011", 200, 1]
  ] as const)("%s ends with %s and is recorded %d times", ([number, outcome, count]) =>
    Effect.gen(function* () {
      const passing = Effect.forever(Effect.andThen(TestClock.adjust("1 second"), Effect.yieldNow))
      const result = yield* Effect.raceFirst(Effect.result(send({ ...template, to: number })), passing)
      assert.strictEqual(Result.isSuccess(result) ? result.success.status : "lost", outcome)
      assert.strictEqual((yield* ledger(`?to=${number}`)).count, count)
    })
  )

  it.effect("holds a template, but a text goes through", () =>
    Effect.gen(function* () {
      const held = acceptedAs((yield* send({ ...template, to: "5511992000010" })).json)
      assert.strictEqual(held.messages[0]?.message_status, "held_for_quality_assessment")
      const text = acceptedAs((yield* send({ to: "5511992000010" })).json)
      assert.strictEqual(text.messages[0]?.message_status, undefined)
    })
  )

  it.effect("yields to a scripted fault", () =>
    Effect.gen(function* () {
      yield* request("POST", "/_simulator/faults", { kind: "graph_error", code: 131047 })
      assert.strictEqual(refusalOf(yield* send({ to: "5511990131026" })).code, 131047)
      assert.strictEqual(refusalOf(yield* send({ to: "5511990131026" })).code, 131026)
    })
  )

  it.effect("next to it, of no listed code, is an ordinary send", () =>
    Effect.map(send({ to: "5511990000007" }), ({ status }) => assert.strictEqual(status, 200))
  )
})
