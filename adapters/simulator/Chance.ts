import { hash } from "node:crypto"

/**
 * A number from 0 to just below 1 for whatever it is asked for: any number, but for the same seed and the same question
 * always the same, whatever else was asked before.
 */
export type Chance = (...question: ReadonlyArray<string | number>) => number

export const make =
  (seed: string): Chance =>
  (...question) =>
    hash("sha256", [seed, ...question].join("/"), "buffer").readUInt32BE(0) / 2 ** 32

/** The items in an order of chance. */
export const shuffled = <A>(
  items: ReadonlyArray<A>,
  chance: Chance,
  ...question: ReadonlyArray<string | number>
): ReadonlyArray<A> =>
  items
    .map((item, position) => ({ item, place: chance(...question, position) }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item)
