import { assert, describe, it } from "@effect/vitest"
import { Option, Schema } from "effect"
import * as Ids from "../../adapters/simulator/Ids.ts"
import * as Wamid from "../../adapters/simulator/Wamid.ts"

const Recipient = Schema.Union([
  Schema.String.check(Schema.isPattern(/^[1-9]\d{6,14}$/u)),
  Schema.String.check(Schema.isPattern(/^BR\.[A-Za-z0-9]{1,128}$/u))
])

describe("A wamid", () => {
  it.prop("carries its recipient and its id, in at most 128 characters", { to: Recipient }, ({ to }) => {
    const id = Ids.make(to, 0).message()
    const wamid = Wamid.encode(to, id)
    assert.isAtMost(wamid.length, 128)
    assert.match(wamid, /^wamid\.[A-Za-z0-9+/]+=*$/u)
    assert.deepStrictEqual(Wamid.decode(wamid), Option.some({ recipient: to.slice(0, 40), id }))
  })

  it("is read like Meta's own", () => {
    assert.deepStrictEqual(
      Wamid.decode("wamid.HBgLMTY1MDM4Nzk0MzkVAgARGBI1RjQyNUE3NEYxMzAzMzQ5MkEA"),
      Option.some({ recipient: "16503879439", id: "5F425A74F13033492A" })
    )
  })

  it("is not read from anything else", () => {
    for (const text of ["", "wamid.", "wamid.XXXX", "HBgLMTY1MDM4Nzk0MzkVAgARGBI1RjQyNUE3NEYxMzAzMzQ5MkEA"]) {
      assert.deepStrictEqual(Wamid.decode(text), Option.none())
    }
  })

  it("comes once only, whatever came before", () => {
    const first = Ids.make("seed", 0)
    const later = Ids.make("seed", 1000)
    const ids = [first, later].flatMap((run) => Array.from({ length: 1000 }, () => run.message()))
    assert.strictEqual(new Set(ids).size, 2000)
  })
})
