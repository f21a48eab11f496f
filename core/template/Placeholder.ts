/** The `{{…}}` of a template's texts. */

/** A text cut at its placeholders: `literals` has one more entry than `keys`, and they alternate. */
export interface Placeholders {
  readonly literals: ReadonlyArray<string>
  /** What stands between the braces: `1`, `customer_name`. May repeat. */
  readonly keys: ReadonlyArray<string>
}

export const parse = (text: string): Placeholders => {
  const pieces = text.split(/\{\{([^{}]*)\}\}/u)
  return { literals: pieces.filter((_, index) => index % 2 === 0), keys: pieces.filter((_, index) => index % 2 === 1) }
}

/** The placeholders of a text, each once, as Meta counts parameters: `{{2}}` after `{{1}}`, names as they appear. */
export const keysOf = (text: string): ReadonlyArray<string> => {
  const keys = [...new Set(parse(text).keys)]
  return keys.every(isNumber) ? keys.toSorted((one, other) => Number(one) - Number(other)) : keys
}

export const isNumber = (key: string): boolean => /^[1-9]\d{0,3}$/u.test(key)

export const isName = (key: string): boolean => /^[a-z0-9_]+$/u.test(key) && !isNumber(key)
