import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { displayWidth } from "effect/cli/CliOutput"
import { table } from "../../apps/cli/Table.ts"

describe("a table", () => {
  it("sets its columns below their headings, wide characters counted as wide", () => {
    const printed = table(
      [
        ["id", ({ id }) => id],
        ["nome", ({ name }) => name],
        ["x", () => "|"]
      ],
      [
        { id: "1", name: "Vendas" },
        { id: "20", name: "日本" }
      ]
    )
    assert.strictEqual(printed, ["ID  NOME    X", "1   Vendas  |", "20  日本    |"].join("\n"))
  })

  it.prop("keeps one line per row and lets no name move the cursor", [Schema.Array(Schema.String)], ([names]) => {
    const lines = table<string>(
      [
        ["nome", (name) => name],
        ["fim", () => "|"]
      ],
      names
    ).split("\n")
    assert.strictEqual(lines.length, names.length + 1)
    for (const line of lines) assert.notMatch(line, /\p{Cc}/u)
    assert.strictEqual(new Set(lines.slice(1).map((line) => displayWidth(line))).size, Math.min(1, names.length))
  })
})
