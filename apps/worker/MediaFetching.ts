/**
 * Fetches the files of inbound messages into the store. Any number of workers may do so: each file is with one of
 * them.
 */
import { DateTime, Effect, Layer, Semaphore } from "effect"
import { type Decision, fetchMedia, lease } from "../../core/media/fetchMedia.ts"
import { type ClaimedMedia, MediaFiles } from "../../core/media/MediaFiles.ts"

/** At once, in one process. */
const files = 4

/** How long a worker that has found nothing to do waits before it looks again. */
const pause = "1 second"

const tell = ({ file }: ClaimedMedia, decision: Decision) => {
  if (decision._tag === "Stored") return Effect.logDebug("media stored")
  const told = { reason: decision.reason, attempts: file.attempts }
  return decision._tag === "Later"
    ? Effect.logWarning("media postponed", { ...told, next_at: DateTime.formatIso(decision.nextAt) })
    : Effect.logWarning("media given up", { ...told, state: decision.state })
}

/** What goes wrong here stays with its file, which comes back when its lease has run out. */
const fetchOne = (claimed: ClaimedMedia) =>
  fetchMedia(claimed).pipe(
    Effect.flatMap((decision) => tell(claimed, decision)),
    Effect.catchTag("Unavailable", (error) => Effect.logWarning("media fetched and not entered", error)),
    Effect.catchDefect((defect) => Effect.logError("media not fetched", defect)),
    Effect.annotateLogs({ message_id: claimed.file.messageId, instance_id: claimed.file.instanceId })
  )

/** As soon as somebody is free to fetch it, the file that waits longest; nothing where none waits. */
const next = Effect.gen(function* () {
  const book = yield* MediaFiles
  const [claimed] = yield* book.claim(yield* DateTime.now, lease, 1)
  return claimed
}).pipe(
  // A database that is away is found again after the pause.
  Effect.catchTag("Unavailable", (error) => Effect.as(Effect.logWarning("media fetching postponed", error), undefined))
)

export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const free = yield* Semaphore.make(files)
    const turn = Effect.gen(function* () {
      yield* Semaphore.take(free, 1)
      const claimed = yield* Effect.onExit(next, (exit) =>
        exit._tag === "Success" && exit.value !== undefined ? Effect.void : Semaphore.release(free, 1)
      )
      if (claimed === undefined) return yield* Effect.sleep(pause)
      yield* Effect.forkScoped(Effect.ensuring(fetchOne(claimed), Semaphore.release(free, 1)), {
        startImmediately: true
      })
    })
    yield* Effect.forkScoped(Effect.forever(turn))
  })
)
