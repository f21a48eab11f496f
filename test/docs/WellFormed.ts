/** As much of an HTML parser as our own pages need: what is wrong with the nesting, what is inside. */

const voids = new Set(["meta", "link", "br", "img", "hr", "input"])

const tag = /<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*(\/?)>/gu

export interface Element {
  readonly name: string
  readonly attributes: { readonly [name: string]: string }
}

const entities: { readonly [entity: string]: string } = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'"
}

export const textOf = (markup: string): string =>
  markup.replaceAll(tag, "").replaceAll(/&(?:amp|lt|gt|quot|#39);/gu, (entity) => entities[entity] ?? "")

const attributesOf = (source: string) =>
  Object.fromEntries(
    [...source.matchAll(/([\w:-]+)(?:="([^"]*)")?/gu)].map(([, name = "", value = ""]) => [name, textOf(value)])
  )

const styles = /<style>[^<]*<\/style>/gu

export const elementsOf = (page: string): ReadonlyArray<Element> =>
  [...page.replaceAll(styles, "").matchAll(tag)]
    .filter(([, closing]) => closing === "")
    .map(([, , name = "", attributes = ""]) => ({ name, attributes: attributesOf(attributes) }))

/** Nothing where every element is closed in its turn and every `<` and `&` of the text is escaped. */
export const faultOf = (page: string): string | undefined => {
  const body = page.replace(/^<!doctype html>\n/u, "").replaceAll(styles, "")
  const open: Array<string> = []
  for (const [whole, closing, name = "", , selfClosing] of body.matchAll(tag)) {
    if (closing === "/") {
      const expected = open.pop()
      if (expected !== name) return `${whole} closes <${expected ?? "nothing"}>`
    } else if (selfClosing !== "/" && !voids.has(name)) open.push(name)
  }
  if (open.length > 0) return `never closed: ${open.join(", ")}`
  const rest = body.replaceAll(tag, "")
  const stray = /<|&(?!(?:amp|lt|gt|quot|#39);)/u.exec(rest)
  return stray === null ? undefined : `not escaped: ${rest.slice(stray.index, stray.index + 40)}`
}
