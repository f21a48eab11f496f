/**
 * Markup that is safe by construction: `html` escapes every value put into it, unless the value is such
 * markup itself. Values may stand in text and in quoted attributes, nowhere else.
 */

class Markup {
  readonly #source: string
  constructor(source: string) {
    this.#source = source
  }
  toString(): string {
    return this.#source
  }
}

export type Html = Markup
export type Content = Html | string | number | undefined | ReadonlyArray<Content>

const entities: { readonly [character: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;"
}

const escape = (text: string): string => text.replaceAll(/[&<>"']/gu, (character) => entities[character] ?? "")

const render = (content: Content): string => {
  if (content === undefined) return ""
  if (content instanceof Markup) return content.toString()
  return typeof content === "object" ? content.map(render).join("") : escape(String(content))
}

export const html = (strings: TemplateStringsArray, ...values: ReadonlyArray<Content>): Html =>
  new Markup(strings.map((text, index) => text + render(values[index])).join(""))

/** Only for constants of this program, like a stylesheet. */
export const verbatim = (source: string): Html => new Markup(source)
