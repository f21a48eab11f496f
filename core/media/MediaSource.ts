import type { Effect, Scope, Stream } from "effect"
import { Context, Schema } from "effect"
import type { ClaimedMedia } from "./MediaFiles.ts"

/**
 * Why a file did not come:
 * - `gone`: Meta says that there is no such file, or that it could not get it itself.
 * - `refused`: too large, or under an id that is none.
 * - `misdirected`: Meta names an address that is not among the media hosts. Nothing was asked there.
 * - `locked`: there is no access to it: no token or none that is accepted, no simulator. An operator must act.
 * - `corrupt`: other bytes came than were told.
 * - `away`: whatever passes: throttled, unavailable, unreachable, late, broken off.
 */
export const MediaFaultKind = Schema.Literals(["gone", "refused", "misdirected", "locked", "corrupt", "away"])

export class MediaFault extends Schema.TaggedError<MediaFault>()("MediaFault", {
  kind: MediaFaultKind,
  /** A code or a fixed phrase: no address, no token, nothing of the answer. */
  detail: Schema.String
}) {}

/** A file about to be read. */
export interface Download {
  /** Bytes; never more than `largestFile`. */
  readonly size: number
  /** As Meta tells it beside the address, where it is a MIME type. */
  readonly mimeType: string | undefined
  /**
   * Exactly `size` bytes with one of the hashes that Meta told, where it told any; or the stream fails before its
   * last byte. To be run once.
   */
  readonly bytes: Stream.Stream<Uint8Array, MediaFault>
}

/** The most that WhatsApp passes on (Meta, "Media", supported types and size limits). */
export const largestFile = 100 * 1024 * 1024

/**
 * Port: the files at Meta's, or at the simulator's for a simulated instance. One call asks for the file anew, so that
 * an address that has run out does not matter; it speaks to nobody but these two and their media hosts, and follows
 * no redirect.
 */
export class MediaSource extends Context.Service<
  MediaSource,
  { readonly open: (claimed: ClaimedMedia) => Effect.Effect<Download, MediaFault, Scope.Scope> }
>()("aidesk/core/media/MediaSource") {}
