/**
 * What a value must be to stand where it goes, judged before Meta is asked.
 *
 * A rule answers what is wrong in Portuguese, so that it reads after «A variável "nome" …», or nothing.
 * Limits count characters as people do (code points), which is never stricter than Meta's own count.
 */
import { isPlain } from "../message/PlainText.ts"

export type ValueRule = (value: string) => string | undefined

/** Meta, "Template components". Of a text written in one line. */
export const limits = {
  /** With its values in place. */
  header: 60,
  /** With its values in place. */
  body: 1024,
  /** A button's address, with its end in place. */
  url: 2000,
  /** Meta's coupon page says 20, all others 15. */
  coupon: 15,
  /** "Authentication templates". */
  oneTimeCode: 15,
  /** Not published for templates; that of the reply buttons of interactive messages. */
  payload: 256
} as const

export const hasMoreThan = (limit: number, text: string): boolean => {
  if (text.length <= limit) return false
  // Only a text of more than `limit` code units is worth counting, and only up to the limit.
  let count = 0
  for (const _ of text) if (++count > limit) return true
  return false
}

/** The first rule that objects speaks. */
export const all =
  (...rules: ReadonlyArray<ValueRule>): ValueRule =>
  (value) => {
    for (const rule of rules) {
      const reason = rule(value)
      if (reason !== undefined) return reason
    }
    return undefined
  }

export const anything: ValueRule = () => undefined

export const sendable: ValueRule = (value) =>
  isPlain(value) ? undefined : "tem caracteres que não podem ser enviados (NUL ou emoji cortado ao meio)"

/** Meta refuses others with code 132018 (before Graph v23: 132000, 100). */
export const oneLine: ValueRule = (value) =>
  /[\n\r\t]| {5}/u.test(value) ? "não pode ter quebra de linha, tabulação nem mais de 4 espaços seguidos" : undefined

export const atMost =
  (limit: number): ValueRule =>
  (value) =>
    hasMoreThan(limit, value) ? `passa do limite de ${limit} caracteres` : undefined

/** For a button's address that begins with `prefix`. */
export const urlEnd =
  (prefix: string): ValueRule =>
  (value) =>
    hasMoreThan(limits.url, prefix + percentEncoded(value))
      ? `deixa o endereço do botão com mais de ${limits.url} caracteres`
      : undefined

const decimal = /^-?\d{1,3}(?:\.\d{1,20})?$/u

const coordinate =
  (name: string, bound: number, example: string): ValueRule =>
  (value) =>
    decimal.test(value) && Math.abs(Number(value)) <= bound
      ? undefined
      : `não é uma ${name}: use graus decimais entre -${bound} e ${bound}, com ponto, como "${example}"`

export const latitude = coordinate("latitude", 90, "-23.5505")
export const longitude = coordinate("longitude", 180, "-46.6333")

const legalInUrl = /^(?:[\w\-.~:/?#@!$&'()*+,;=]|%[\dA-Fa-f]{2})*$/u

/** `value` as it may stand in a URL: what is not allowed there is encoded, what is already encoded is left alone. */
export const percentEncoded = (value: string): string =>
  legalInUrl.test(value) ? value : encodeURI(value).replaceAll(/%25([\dA-Fa-f]{2})/gu, "%$1")
