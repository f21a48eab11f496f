/**
 * The words with which a person stops a business's marketing, or lets it come again: the whole message, accents,
 * case, blanks and what stands around it aside. Within a sentence a word means nothing: "não quero parar" stops
 * nobody.
 */
import { Array, Schema } from "effect"

export const Intent = Schema.Literals(["opt_out", "opt_in"])
export type Intent = typeof Intent.Type

/** What a business is given to begin with. Every language counts for every instance: people write STOP in Brazil too. */
export const defaults: {
  readonly [language: string]: { readonly [intent in Intent]: ReadonlyArray<string> }
} = {
  pt: {
    opt_out: ["PARAR", "PARE", "SAIR", "CANCELAR", "REMOVER", "DESCADASTRAR", "DESINSCREVER", "NÃO RECEBER"],
    opt_in: ["VOLTAR", "QUERO RECEBER", "VOLTAR A RECEBER"]
  },
  en: {
    opt_out: ["STOP", "STOP ALL", "STOPALL", "UNSUBSCRIBE", "CANCEL", "OPT OUT", "OPTOUT", "OPT-OUT"],
    opt_in: ["START", "UNSTOP", "SUBSCRIBE", "OPT IN", "OPTIN", "OPT-IN"]
  },
  es: {
    opt_out: ["DETENER", "SALIR", "BAJA", "CANCELAR", "DARME DE BAJA"],
    opt_in: ["QUIERO RECIBIR"]
  }
}

/** An instance's own words. A list that is given replaces the default one; an empty list turns the intent off. */
export const KeywordOverrides = Schema.Struct({
  opt_out: Schema.optionalKey(Schema.Array(Schema.String)),
  opt_in: Schema.optionalKey(Schema.Array(Schema.String))
})
export type KeywordOverrides = typeof KeywordOverrides.Type

/** Ready for comparison. */
export type Keywords = { readonly [intent in Intent]: ReadonlySet<string> }

const marks = /\p{M}/gu
/** Zero-width joiners and the like, which keyboards leave behind. */
const invisible = /\p{Cf}/gu
/** From the first letter or digit to the last: without the punctuation, symbols, emoji and blanks around them. */
const words = /[\p{L}\p{N}](?:.*[\p{L}\p{N}])?/su
const blanks = /[\p{Z}\p{C}]+/gu

/** `" Parár!! "` and `PARAR` are one word. */
const bare = (text: string): string => {
  const plain = text.toLowerCase().normalize("NFKD").replaceAll(marks, "").replaceAll(invisible, "").toLowerCase()
  return (words.exec(plain)?.[0] ?? "").replaceAll(blanks, " ")
}

const ready = (words: ReadonlyArray<string>): ReadonlySet<string> =>
  new Set(words.map(bare).filter((word) => word !== ""))

/** Some are a word of several languages. */
const defaultsOf = (intent: Intent): ReadonlyArray<string> =>
  Array.dedupe(Object.values(defaults).flatMap((words) => words[intent]))

/** The lists that hold, as people wrote them. */
export const wordsOf = (overrides: KeywordOverrides): { readonly [intent in Intent]: ReadonlyArray<string> } => ({
  opt_out: overrides.opt_out ?? defaultsOf("opt_out"),
  opt_in: overrides.opt_in ?? defaultsOf("opt_in")
})

/** A word that somebody can write. */
export const Keyword = Schema.String.check(
  Schema.isMaxLength(100),
  Schema.makeFilter((text) => bare(text) !== "")
)

export const keywordsOf = (overrides: KeywordOverrides = {}): Keywords => {
  const { opt_in, opt_out } = wordsOf(overrides)
  return { opt_out: ready(opt_out), opt_in: ready(opt_in) }
}

/** What the whole message asks for. A word that is in both lists stops: it is what nobody may fail to hear. */
export const intentOf = (text: string, keywords: Keywords): Intent | undefined => {
  const word = bare(text)
  if (keywords.opt_out.has(word)) return "opt_out"
  return keywords.opt_in.has(word) ? "opt_in" : undefined
}
