import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { read } from "../../../core/inbound/Payload.ts"
import { short } from "./Reading.ts"
import { changed, mutate, Mutation, type Path, pathAt, places, whole } from "./Spoiling.ts"

const parse = (text: string): unknown => JSON.parse(text)

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
