/** A place in the feed of events, as memory has it: how many events came before, those that are forgotten included. */
import { Option } from "effect"
import { FeedCursor } from "../../core/event/EventFeed.ts"

export const write = (position: number): FeedCursor => FeedCursor.make(String(position))

/** Nothing where it is none of ours. */
export const read = (cursor: FeedCursor): Option.Option<number> =>
  /^(?:0|[1-9]\d{0,14})$/u.test(cursor) ? Option.some(Number(cursor)) : Option.none()
