/**
 * JSON that anybody may have written, made safe to work with: no depth that exhausts a stack, no character that
 * storage refuses, and one text for one value.
 *
 * Every function is total for whatever `JSON.parse` can return.
 */
import { Order, Predicate } from "effect"
import { isPlain } from "../message/PlainText.ts"

/** Meta nests a dozen levels. What lies deeper is cut off, so that no recursion, ours or another's, runs out of stack. */
const depth = 40

const cutOff = "…"

type Member = readonly [name: string, value: unknown]

/** A copy to the depth limit, with strings and the members of objects passed through. */
const copy = (
  value: unknown,
  through: {
    readonly text: (text: string) => string
    readonly object: (members: ReadonlyArray<Member>) => ReadonlyArray<Member>
  },
  levels = depth
): unknown => {
  if (typeof value === "string") return through.text(value)
  if (typeof value === "number" || typeof value === "boolean") return value
  if (typeof value !== "object" || value === null) return null
  if (levels === 0) return cutOff
  if (Array.isArray(value)) return value.map((item) => copy(item, through, levels - 1))
  return Object.fromEntries(
    through.object(Object.entries(value)).map(([name, member]) => [name, copy(member, through, levels - 1)])
  )
}

const unchanged = <A>(value: A): A => value

/** The JSON text of `value`. It may hold an escaped NUL, which a `text` column keeps and a `jsonb` one refuses. */
export const textOf = (value: unknown): string => JSON.stringify(copy(value, { text: unchanged, object: unchanged }))

/** PostgreSQL stores neither a NUL nor half of a surrogate pair. */
export const plain = (text: string): string =>
  isPlain(text) ? text : text.replaceAll("\u0000", "\ufffd").toWellFormed()

/** Meta writes `null` for what it leaves out elsewhere. */
const given = (members: ReadonlyArray<Member>): ReadonlyArray<Member> => members.filter(([, value]) => value !== null)

const isTidy = (value: unknown, levels = depth): boolean => {
  if (typeof value === "string") return isPlain(value)
  if (!Predicate.isObjectOrArray(value)) return true
  if (levels === 0) return false
  const contents: ReadonlyArray<unknown> = Object.values(value)
  const isList = Array.isArray(value)
  return contents.every((item) => (isList || item !== null) && isTidy(item, levels - 1))
}

/** `value` as a decoder likes it: without absent members, in characters that can be stored. Copied only where it must be. */
export const tidy = (value: unknown): unknown => (isTidy(value) ? value : copy(value, { text: plain, object: given }))

const byName = Order.mapInput(Order.String, ([name]: Member) => name)

/** One text for one value, whatever the order of its members and whether what is absent is written as `null`. */
export const canonical = (value: unknown): string =>
  JSON.stringify(copy(value, { text: plain, object: (members) => given(members).toSorted(byName) }))
