/**
 * What Meta's answer about a file says: where it is, or why there is none.
 *
 * Source: Meta, "Media" (retrieve media URL): `{"url", "mime_type", "sha256", "file_size", "id"}`.
 */
import { Option, Result, Schema } from "effect"
import { reactionTo } from "../../core/failure/MetaErrorTable.ts"
import { asMimeType } from "../../core/media/MediaFile.ts"
import { MediaFault } from "../../core/media/MediaSource.ts"
import * as GraphAnswer from "./GraphAnswer.ts"

export interface MediaAnswer {
  readonly url: string
  readonly mimeType: string | undefined
  readonly sha256: string | undefined
  /** Bytes. */
  readonly size: number | undefined
}

const optional = Schema.optionalKey(Schema.Unknown)

/** Meta writes the size as text. */
const readAnswer = Schema.decodeUnknownOption(
  Schema.fromJsonString(
    Schema.Struct({ url: Schema.String, mime_type: optional, sha256: optional, file_size: optional })
  )
)
const isText = Schema.is(Schema.String)

const bytesOf = (size: unknown): number | undefined => (/^\d{1,15}$/u.test(String(size)) ? Number(size) : undefined)

const fault = (kind: MediaFault["kind"], detail: string) => Result.fail(new MediaFault({ kind, detail }))

/** A code that nobody knows may pass; one that says that this request will never do means that the file is gone. */
const refused = (code: number) => {
  const detail = `Meta's error ${code}`
  switch (reactionTo(code)?.kind) {
    case "permanent":
      return fault("gone", detail)
    case "account":
      return fault("locked", detail)
    default:
      return fault("away", detail)
  }
}

export const read = (status: number, body: string): Result.Result<MediaAnswer, MediaFault> => {
  const answer = status === 200 ? readAnswer(body) : Option.none()
  if (Option.isSome(answer)) {
    const { file_size, mime_type, sha256, url } = answer.value
    return Result.succeed({
      url,
      mimeType: isText(mime_type) ? Option.getOrUndefined(asMimeType(mime_type)) : undefined,
      sha256: isText(sha256) ? sha256 : undefined,
      size: bytesOf(file_size)
    })
  }
  const graph = GraphAnswer.read(status, body)
  if (graph._tag === "Refused") return refused(graph.error.code)
  if (status === 401 || status === 403) return fault("locked", `status ${status}`)
  return fault("away", status === 200 ? "unreadable answer" : `status ${status}`)
}
