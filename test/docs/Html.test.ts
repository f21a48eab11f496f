import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { json } from "../../apps/http/docs/Code.ts"
import { html } from "../../apps/http/docs/Html.ts"
import { inline } from "../../apps/http/docs/Prose.ts"
import { elementsOf, faultOf, textOf } from "./WellFormed.ts"

/** Much of it is what markup is made of. */
const Hostile = Schema.Array(
  Schema.Union([
    Schema.Literals([
      "<",
      ">",
      "&",
      '"',
      "'",
      "`",
      "**",
      "</p>",
      "<script>",
      "&lt;",
      "-->",
      "javascript:",
      " onload=x"
    ]),
    Schema.String
  ])
)

const runs = { arbitrary: { runs: 500 } }

describe("Markup", () => {
  it("escapes text, and not the markup in it", () => {
    const inner = html`<b>${"<i>"}</b>`
    assert.strictEqual(
      html`<p title="${'"'}">${inner}${["&", 1, undefined]}</p>`.toString(),
      '<p title="&quot;"><b>&lt;i&gt;</b>&amp;1</p>'
    )
  })

  it.prop(
    "shows any text as itself, in text and in attributes",
    [Hostile],
    ([pieces]) => {
      const text = pieces.join("")
      const page = html`<p title="${text}">${text}</p>`.toString()
      assert.strictEqual(faultOf(page), undefined)
      assert.strictEqual(textOf(page), text)
      assert.deepStrictEqual(elementsOf(page), [{ name: "p", attributes: { title: text } }])
    },
    runs
  )

  it.prop(
    "makes nothing of a sentence but code and strong text",
    [Hostile],
    ([pieces]) => {
      const page = inline(pieces.join("")).toString()
      assert.strictEqual(faultOf(page), undefined)
      for (const { attributes, name } of elementsOf(page)) {
        assert.include(["code", "strong"], name)
        assert.deepStrictEqual(attributes, {})
      }
    },
    runs
  )

  it.prop(
    "shows any JSON as it would be written",
    [Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Finite, Schema.Boolean, Schema.Null, Hostile]))],
    ([value]) => {
      const page = json("x", value).toString()
      const block = /<pre[^>]*><code>(.*)<\/code><\/pre>/su.exec(page)?.[1] ?? ""
      assert.strictEqual(faultOf(page), undefined)
      assert.strictEqual(textOf(block), JSON.stringify(value, undefined, 2))
    },
    runs
  )

  it("tells code and strong text apart from the rest", () => {
    assert.strictEqual(
      inline("Use `apikey` e **nunca** a <exponha>.").toString(),
      "Use <code>apikey</code> e <strong>nunca</strong> a &lt;exponha&gt;."
    )
  })
})
