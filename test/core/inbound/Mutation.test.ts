import { assert, describe, it } from "@effect/vitest"
import { Predicate, Schema } from "effect"
import { read } from "../../../core/inbound/Payload.ts"
import { short } from "./Reading.ts"
import { contact, newsOf, payloadOf } from "./samples/envelope.ts"
import { management } from "./samples/management.ts"
import { messages, numberChanged, userIdChanged, withoutNumber } from "./samples/messages.ts"
import { statuses, throttled } from "./samples/statuses.ts"

type Path = ReadonlyArray<string>

const parse = (text: string): unknown => JSON.parse(text)

/** Every kind of news, in entries of several changes. */
const whole = {
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

const odd: ReadonlyArray<unknown> = [
  [null, true, 0, -1, 1e308, 1_790_000_000, "", "null", "\u0000\ud800", "🚚".repeat(2000), "1".repeat(400)],
  [[], {}, [[]], [null], [{}], { id: 1 }, { code: "x" }, parse('{"__proto__": 1, "toString": 2}')],
  [parse(`${"[".repeat(50_000)}${"]".repeat(50_000)}`), parse(`${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`)]
].flat()

/** Every place of the payload. */
const placesIn = (value: unknown, path: Path = []): ReadonlyArray<Path> =>
  Predicate.isObjectOrArray(value)
    ? [path, ...Object.entries(value).flatMap(([name, member]) => placesIn(member, [...path, name]))]
    : [path]

const places = placesIn(whole)

type Change = (value: unknown) => unknown

/** A copy with the value at `path` changed; `undefined` removes it. */
const changed = (value: unknown, [name, ...rest]: Path, change: Change): unknown => {
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

const lists = new Set(["messages", "statuses", "errors", "user_preferences"])

/** The part of the payload that a change at `path` may spoil: the item, else the list, the change, the entry, or all. */
const spoiled = (path: Path): Path => {
  if (path[4] === "value" && lists.has(path[5] ?? "")) return path.slice(0, path.length > 6 ? 7 : 6)
  return path.slice(0, path[2] === "changes" && path.length > 3 ? 4 : path.length > 1 ? 2 : 0)
}

const keysOf = (payload: unknown) => short(read(payload)).keys

const counted = (keys: ReadonlyArray<string>): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

const remembered = new Map<string, ReadonlyMap<string, number>>()

/** How often each key is there without the part that a change at `path` may spoil. */
const survivors = (path: Path): ReadonlyMap<string, number> => {
  const part = spoiled(path)
  const known = remembered.get(part.join("."))
  if (known !== undefined) return known
  const counts = counted(keysOf(changed(whole, part, () => undefined)))
  remembered.set(part.join("."), counts)
  return counts
}

const place = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: places.length - 1 }))
const Mutation = Schema.Struct({
  place,
  /** An odd value, a removal, or the value of another place. */
  by: Schema.Union([
    Schema.Struct({ odd: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: odd.length - 1 })) }),
    Schema.Literal("nothing"),
    Schema.Struct({ copyOf: place })
  ])
})
type Mutation = typeof Mutation.Type

const pathAt = (place: number): Path => places[place] ?? []

const valueAt = (path: Path): unknown =>
  path.reduce<unknown>((value, name) => (Predicate.isObjectOrArray(value) ? Reflect.get(value, name) : value), whole)

const mutate = (payload: unknown, { by, place }: Mutation): unknown =>
  changed(payload, pathAt(place), () => {
    if (by === "nothing") return undefined
    return "odd" in by ? odd[by.odd] : valueAt(pathAt(by.copyOf))
  })

describe("a payload that somebody has spoiled", () => {
  it("is whole to begin with", () => {
    assert.deepStrictEqual(short(read(whole)).quarantined, [])
    assert.isAbove(keysOf(whole).length, 50)
    assert.isAbove(places.length, 600)
  })

  it.prop(
    "in one place, in any of 10,000 ways, is read without an exception, and all that is sound in it is there",
    { mutation: Mutation },
    ({ mutation }) => {
      const payload = mutate(whole, mutation)
      const found = counted(keysOf(payload))
      for (const [key, count] of survivors(pathAt(mutation.place))) {
        assert.isAtLeast(found.get(key) ?? 0, count, key)
      }
    },
    { arbitrary: { runs: 10_000 }, timeout: 120_000 }
  )

  it.prop(
    "in many places is read without an exception, and whatever is set aside can be stored and read again",
    { mutations: Schema.Array(Mutation).check(Schema.isMaxLength(20)) },
    ({ mutations }) => {
      for (const { path, payload, raw, reason } of read(mutations.reduce<unknown>(mutate, whole)).quarantined) {
        parse(raw)
        const again = read(parse(payload))
        assert.deepStrictEqual(again.updates, [], path)
        assert.deepStrictEqual(
          again.quarantined.map((item) => item.reason),
          [reason],
          path
        )
      }
    },
    { arbitrary: { runs: 500 }, timeout: 60_000 }
  )

  it.prop("that is any JSON at all is read without an exception", [Schema.Json], ([json]) => {
    const { quarantined, updates } = read(json)
    assert.deepStrictEqual(updates, [])
    assert.strictEqual(quarantined.length, 1)
  })
})
