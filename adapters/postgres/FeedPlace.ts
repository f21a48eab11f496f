/** A place in the feed of events, as PostgreSQL orders them: by transaction and, within one, by number. */
import { Option } from "effect"
import { FeedCursor } from "../../core/event/EventFeed.ts"

/** Both in decimal digits: they pass what a JavaScript number holds. */
export interface FeedPlace {
  readonly tx: string
  readonly seq: string
}

/** Before everything. */
export const start: FeedPlace = { tx: "0", seq: "0" }

const form = /^(\d{1,20})\.(\d{1,20})$/u
const largestTx = 2n ** 64n - 1n
const largestSeq = 2n ** 63n - 1n

export const write = ({ seq, tx }: FeedPlace): FeedCursor =>
  FeedCursor.make(Buffer.from(`${tx}.${seq}`).toString("base64url"))

/** Nothing where it is none of ours. */
export const read = (cursor: FeedCursor): Option.Option<FeedPlace> => {
  const [, tx, seq] = form.exec(Buffer.from(cursor, "base64url").toString("latin1")) ?? []
  if (tx === undefined || seq === undefined || BigInt(tx) > largestTx || BigInt(seq) > largestSeq) return Option.none()
  const place = { tx, seq }
  // The decoder is lenient: of a place there is one spelling.
  return write(place) === cursor ? Option.some(place) : Option.none()
}
