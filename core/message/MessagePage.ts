/** A page of messages out of several lists, each of which was followed only so far. */
import { Array, Order } from "effect"
import type { MessageId } from "./Message.ts"

export interface Page<A> {
  readonly messages: ReadonlyArray<A>
  /** The next page is what lies before it. Nothing where no more is to come. */
  readonly next: MessageId | undefined
}

/** What was found in one list. */
export interface Stretch {
  /** In any order, and in other lists too. */
  readonly ids: ReadonlyArray<MessageId>
  /** No id from here on to the newest is missing in `ids`; where nothing, none at all is. */
  readonly through: MessageId | undefined
}

const newestFirst = Order.flip(Order.String)

/** Beyond the least followed list nobody knows what is missing: there the page ends. */
export const pageOf = (limit: number, stretches: ReadonlyArray<Stretch>): Page<MessageId> => {
  const ends = stretches.flatMap(({ through }) => through ?? [])
  const end = ends.toSorted(newestFirst)[0]
  const certain = Array.dedupe(stretches.flatMap(({ ids }) => ids))
    .filter((id) => end === undefined || id >= end)
    .toSorted(newestFirst)
  const messages = certain.slice(0, limit)
  return { messages, next: certain.length > limit ? messages.at(-1) : end }
}
