import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { defaults, intentOf, keywordsOf } from "../../../core/consent/Keywords.ts"

const keywords = keywordsOf()

const Around = Schema.Array(
  Schema.Literals([" ", "\n", "\u00a0", "!", ".", "?", "*", '"', "…", "👍", "🛑", "-", "(", "\u200b", "\ufe0f", "\t"])
).check(Schema.isMaxLength(5))

const accents = ["\u0301", "\u0303", "\u0327", ""]

const Word = Schema.Literals(Object.values(defaults).flatMap(({ opt_in, opt_out }) => [...opt_out, ...opt_in]))

/** Words that say nothing by themselves. */
const Filler = Schema.Literals(["não", "quero", "por favor", "o pedido", "agora", "can you", "7", "me"])

describe("a keyword", () => {
  it.each([
    "PARAR",
    "SAIR",
    "STOP",
    "CANCELAR",
    "REMOVER",
    "DESCADASTRAR",
    "parar",
    "Pare",
    "stop",
    "unsubscribe",
    "baja"
  ])("%s stops marketing", (word) => {
    assert.strictEqual(intentOf(word, keywords), "opt_out")
  })

  it.each(["VOLTAR", "voltar", "Quero receber", "START"])("%s lets it come again", (word) => {
    assert.strictEqual(intentOf(word, keywords), "opt_in")
  })

  it.each([
    "PARÁR!",
    " parar ",
    "“Parar.”",
    "*SAIR*",
    "ＰＡＲＡＲ",
    "Parar 🙏🏽",
    "não  receber",
    "NAO\nRECEBER",
    "🛑🛑 stop 🛑"
  ])("is heard in %j", (text) => {
    assert.strictEqual(intentOf(text, keywords), "opt_out")
  })

  it.each([
    "",
    " ",
    "!!!",
    "👍",
    "não quero parar",
    "quero parar de receber",
    "parar?!? não",
    "stopping",
    "P A R A R",
    "paráramos"
  ])("is not heard in %j", (text) => {
    assert.isUndefined(intentOf(text, keywords))
  })

  it.prop(
    "is heard in any case, with any accents, with anything that is no word around it",
    {
      word: Word,
      upper: Schema.Boolean,
      accent: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 3 })),
      before: Around,
      after: Around
    },
    ({ accent, after, before, upper, word }) => {
      const accented = word.replaceAll(/[aeiouc]/giu, (letter) => `${letter}${accents[accent] ?? ""}`)
      const written = upper ? accented.toUpperCase() : accented.toLowerCase()
      assert.strictEqual(intentOf(`${before.join("")}${written}${after.join("")}`, keywords), intentOf(word, keywords))
      assert.isDefined(intentOf(word, keywords))
    }
  )

  it.prop("is never heard within a longer message", { word: Word, filler: Filler, before: Schema.Boolean }, (it) => {
    const text = it.before ? `${it.filler} ${it.word}` : `${it.word} ${it.filler}`
    // "NÃO RECEBER" and "QUERO RECEBER" are themselves made of such words.
    if (!Object.values(defaults).some(({ opt_in, opt_out }) => [...opt_in, ...opt_out].includes(text.toUpperCase()))) {
      assert.isUndefined(intentOf(text, keywords))
    }
  })

  it("takes no time to look for in a long text made to be slow", () => {
    const begun = performance.now()
    for (const text of [" ".repeat(60_000), "!".repeat(60_000), "a!".repeat(30_000), `a${" !".repeat(30_000)}`]) {
      assert.isUndefined(intentOf(text, keywords))
    }
    assert.isBelow(performance.now() - begun, 1000)
  })
})

describe("an instance's own keywords", () => {
  it("replace the list that they are given for, and leave the other", () => {
    const own = keywordsOf({ opt_out: ["Chega", "não me mande mais!"] })
    assert.strictEqual(intentOf("CHEGA", own), "opt_out")
    assert.strictEqual(intentOf("nao me mande mais", own), "opt_out")
    assert.isUndefined(intentOf("PARAR", own))
    assert.strictEqual(intentOf("VOLTAR", own), "opt_in")
  })

  it("may be none", () => {
    assert.isUndefined(intentOf("PARAR", keywordsOf({ opt_out: [] })))
  })

  it("that are no words are passed over", () => {
    assert.isUndefined(intentOf("!!!", keywordsOf({ opt_out: ["!!!", ""] })))
  })

  it("that are in both lists stop", () => {
    assert.strictEqual(intentOf("troca", keywordsOf({ opt_out: ["TROCA"], opt_in: ["Troca"] })), "opt_out")
  })
})
