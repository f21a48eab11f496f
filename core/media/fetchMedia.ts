/**
 * Fetching the file of an inbound message while Meta still has it.
 *
 * Guarantees: a file is called `stored` only once the store has all of it; what went wrong for now is tried again, ever
 * more seldom, for as long as Meta keeps the file, and nothing stays undecided for longer.
 *
 * Source: Meta, "Media": ids from webhooks are good for seven days, an address for five minutes.
 */
import { DateTime, Duration, Effect } from "effect"
import type { Unavailable } from "../Unavailable.ts"
import { anyType, contentTypeOf, keyOf, type MediaFile, type MediaState } from "./MediaFile.ts"
import { type ClaimedMedia, MediaFiles, type StoredMedia } from "./MediaFiles.ts"
import { MediaFault, MediaSource } from "./MediaSource.ts"
import { MediaStore } from "./MediaStore.ts"

export const keptByMeta = Duration.days(7)

/** What one try may take from the first byte to the last, so that an address outlives its use. */
export const patience = Duration.minutes(4)

/** Longer than a try and the entry of its outcome: who holds a file for longer is dead. */
export const lease = Duration.minutes(5)

/** After the first try, the second, and so on; from then on hourly. */
const gaps = [Duration.seconds(10), Duration.minutes(1), Duration.minutes(5), Duration.minutes(30)]
const hourly = Duration.hours(1)

/** A file that comes wrong this often is wrong. */
const mostCorrupt = 5

export type Decision =
  | { readonly _tag: "Stored"; readonly stored: StoredMedia }
  | { readonly _tag: "Later"; readonly nextAt: DateTime.Utc; readonly reason: string }
  | {
      readonly _tag: "Never"
      readonly state: Exclude<MediaState, "pending" | "stored">
      readonly reason: string
    }

/** What a file that was given up has become. */
const ends = {
  gone: "expired",
  refused: "refused",
  misdirected: "refused",
  locked: "expired",
  corrupt: "failed",
  away: "expired"
} as const satisfies { readonly [kind in MediaFault["kind"]]: MediaState }

const isFinal = ({ attempts }: MediaFile, { kind }: MediaFault): boolean =>
  kind === "gone" || kind === "refused" || (kind === "corrupt" && attempts >= mostCorrupt)

const gapAfter = ({ attempts }: MediaFile, { kind }: MediaFault): Duration.Duration =>
  kind === "locked" || kind === "misdirected" ? hourly : (gaps[attempts - 1] ?? hourly)

/** What follows from `fault` at `now`. The last try falls on the moment at which Meta lets go of the file. */
export const afterFault = (file: MediaFile, fault: MediaFault, now: DateTime.Utc): Decision => {
  const until = DateTime.addDuration(file.receivedAt, keptByMeta)
  if (isFinal(file, fault) || DateTime.isGreaterThanOrEqualTo(now, until)) {
    return { _tag: "Never", state: ends[fault.kind], reason: fault.detail }
  }
  const nextAt = DateTime.min(DateTime.addDuration(now, gapAfter(file, fault)), until)
  return { _tag: "Later", nextAt, reason: fault.detail }
}

/** The way of the bytes, from Meta into the store. */
const transfer = Effect.fnUntraced(
  function* (claimed: ClaimedMedia) {
    const source = yield* MediaSource
    const store = yield* MediaStore
    const { bytes, mimeType, size } = yield* source.open(claimed)
    const told = contentTypeOf(claimed.file)
    const key = keyOf(claimed.file)
    yield* store.put(key, bytes, { mimeType: told === anyType ? (mimeType ?? anyType) : told, size })
    return { key, size, mimeType } satisfies StoredMedia
  },
  Effect.scoped,
  Effect.timeoutOrElse({ duration: patience, orElse: () => new MediaFault({ kind: "away", detail: "took too long" }) }),
  Effect.catchTag("MediaStoreUnavailable", ({ cause }) =>
    Effect.andThen(
      Effect.logWarning("media store unavailable", cause),
      new MediaFault({ kind: "away", detail: "store unavailable" })
    )
  )
)

const enter = (file: MediaFile, decision: Decision) =>
  MediaFiles.use((files): Effect.Effect<void, Unavailable> => {
    switch (decision._tag) {
      case "Stored":
        return files.stored(file, decision.stored)
      case "Later":
        return files.postpone(file, decision.nextAt, decision.reason)
      case "Never":
        return files.gaveUp(file, decision.state, decision.reason)
    }
  })

/** A worker that is told to stop leaves the file to the next one, at once. */
const leave = (file: MediaFile) =>
  Effect.gen(function* () {
    const files = yield* MediaFiles
    yield* Effect.ignore(files.postpone(file, yield* DateTime.now, "interrupted"))
  })

/** Fetches one file and enters in the book what became of it. */
export const fetchMedia = Effect.fn("fetchMedia")(function* (
  claimed: ClaimedMedia
): Effect.fn.Return<Decision, Unavailable, MediaFiles | MediaSource | MediaStore> {
  const { file } = claimed
  yield* Effect.annotateCurrentSpan({ message_id: file.messageId, instance_id: file.instanceId })
  const decision = yield* transfer(claimed).pipe(
    Effect.map((stored): Decision => ({ _tag: "Stored", stored })),
    Effect.catch((fault) => Effect.map(DateTime.now, (now) => afterFault(file, fault, now))),
    Effect.onInterrupt(() => leave(file))
  )
  yield* enter(file, decision)
  return decision
})
