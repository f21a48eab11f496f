import type { DateTime, Duration, Effect, Option } from "effect"
import { Context } from "effect"
import type { InstanceId, Mode } from "../instance/Instance.ts"
import type { MessageId } from "../message/Message.ts"
import type { Unavailable } from "../Unavailable.ts"
import type { MediaFile, MediaKey, MediaState } from "./MediaFile.ts"

/** A file that somebody has taken on to fetch. `attempts` of it names this claim among all that were made of it. */
export interface ClaimedMedia {
  readonly file: MediaFile
  /** Of its instance: who has the file, Meta or the simulator. */
  readonly mode: Mode
}

export interface StoredMedia {
  readonly key: MediaKey
  /** Bytes. */
  readonly size: number
  /** Kept where the webhook told none. */
  readonly mimeType: string | undefined
}

/**
 * Port: the book of the files that inbound messages brought, and of which are still to be fetched. A file is entered
 * in it together with its message.
 *
 * Any number of workers may claim at once: no file is with two of them, unless one has held it for longer than its
 * lease. Of such two, the one that stored the file is right whatever the other says, and what the earlier one says of
 * a failure no longer counts.
 */
export class MediaFiles extends Context.Service<
  MediaFiles,
  {
    /** Of another instance's message there is none. */
    readonly find: (
      instanceId: InstanceId,
      messageId: MessageId
    ) => Effect.Effect<Option.Option<MediaFile>, Unavailable>
    /**
     * Takes on at most `limit` of the files whose time has come, those that wait longest first, and counts an attempt
     * for each. One whose claimer is not heard of within `lease` may be claimed again.
     */
    readonly claim: (
      now: DateTime.Utc,
      lease: Duration.Duration,
      limit: number
    ) => Effect.Effect<ReadonlyArray<ClaimedMedia>, Unavailable>
    readonly stored: (file: MediaFile, stored: StoredMedia) => Effect.Effect<void, Unavailable>
    /** Not this time: to be claimed again from `nextAt` on. */
    readonly postpone: (file: MediaFile, nextAt: DateTime.Utc, reason: string) => Effect.Effect<void, Unavailable>
    readonly gaveUp: (
      file: MediaFile,
      state: Exclude<MediaState, "pending" | "stored">,
      reason: string
    ) => Effect.Effect<void, Unavailable>
  }
>()("aidesk/core/media/MediaFiles") {}
