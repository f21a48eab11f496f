/** Payloads with everything in them, and ways to spoil them. */
import { Predicate, Schema } from "effect"
import { contact, newsOf, payloadOf } from "./samples/envelope.ts"
import { management } from "./samples/management.ts"
import { messages, numberChanged, userIdChanged, withoutNumber } from "./samples/messages.ts"
import { statuses, throttled } from "./samples/statuses.ts"

export type Path = ReadonlyArray<string>

const parse = (text: string): unknown => JSON.parse(text)

/** Every kind of news, in entries of several changes. */
export const whole = {
  object: "whatsapp_business_account",
  entry: [
    ...payloadOf(
      newsOf({
        contacts: [contact, withoutNumber.contact],
        messages: [...Object.values(messages), withoutNumber.message, numberChanged, userIdChanged]
      }),
      newsOf({ statuses: Object.values(statuses), errors: [throttled] })
    ).entry,
    ...Object.values(management).flatMap(({ entry }) => entry)
  ]
}

export const odd: ReadonlyArray<unknown> = [
  [null, true, 0, -1, 1e308, 1_790_000_000, "", "null", "\u0000\ud800", "🚚".repeat(2000), "1".repeat(400)],
  [[], {}, [[]], [null], [{}], { id: 1 }, { code: "x" }, parse('{"__proto__": 1, "toString": 2}')],
  [parse(`${"[".repeat(50_000)}${"]".repeat(50_000)}`), parse(`${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`)]
].flat()

/** Every place of the payload. */
const placesIn = (value: unknown, path: Path = []): ReadonlyArray<Path> =>
  Predicate.isObjectOrArray(value)
    ? [path, ...Object.entries(value).flatMap(([name, member]) => placesIn(member, [...path, name]))]
    : [path]

export const places = placesIn(whole)

type Change = (value: unknown) => unknown

/** A copy with the value at `path` changed; `undefined` removes it. */
export const changed = (value: unknown, [name, ...rest]: Path, change: Change): unknown => {
  if (name === undefined) return change(value)
  if (Array.isArray(value)) {
    const items: ReadonlyArray<unknown> = value
    return items.flatMap((item, index) => {
      if (String(index) !== name) return [item]
      const after = changed(item, rest, change)
      return after === undefined ? [] : [after]
    })
  }
  if (!Predicate.isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([member, item]) => {
      if (member !== name) return [[member, item]]
      const after = changed(item, rest, change)
      return after === undefined ? [] : [[member, after]]
    })
  )
}

const place = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: places.length - 1 }))
export const Mutation = Schema.Struct({
  place,
  /** An odd value, a removal, or the value of another place. */
  by: Schema.Union([
    Schema.Struct({ odd: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: odd.length - 1 })) }),
    Schema.Literal("nothing"),
    Schema.Struct({ copyOf: place })
  ])
})
export type Mutation = typeof Mutation.Type

export const pathAt = (place: number): Path => places[place] ?? []

const valueAt = (path: Path): unknown =>
  path.reduce<unknown>((value, name) => (Predicate.isObjectOrArray(value) ? Reflect.get(value, name) : value), whole)

export const mutate = (payload: unknown, { by, place }: Mutation): unknown =>
  changed(payload, pathAt(place), () => {
    if (by === "nothing") return undefined
    return "odd" in by ? odd[by.odd] : valueAt(pathAt(by.copyOf))
  })
