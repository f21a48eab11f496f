import { Clock, Duration, Effect, Option, Result, Stream } from "effect"
import type { HttpServerRequest } from "effect/http"
import { HttpRouter, HttpServerResponse, Multipart } from "effect/http"
import { json } from "./GraphAnswers.ts"
import { graphError, objectMissing } from "./GraphError.ts"
import type { GraphError } from "./GraphError.ts"
import { graphObject } from "./GraphPath.ts"
import type { GraphRequest } from "./GraphRequest.ts"
import type { Media, MediaObject } from "./Media.ts"

/** The fields of `POST /{phone-number-id}/media`. */
interface Upload {
  readonly fields: ReadonlyMap<string, string>
  readonly file: Option.Option<{ readonly type: string; readonly bytes: Uint8Array }>
}

const noUpload: Upload = { fields: new Map(), file: Option.none() }

const readUpload = (request: HttpServerRequest.HttpServerRequest) =>
  request.multipartStream.pipe(
    Stream.runFoldEffect(
      () => noUpload,
      (upload, part) =>
        Multipart.isFile(part)
          ? Effect.map(part.contentEffect, (bytes): Upload => ({
              ...upload,
              file: Option.some({ type: part.contentType, bytes })
            }))
          : Effect.succeed(
              Multipart.isField(part)
                ? { ...upload, fields: new Map([...upload.fields, [part.key, part.value]]) }
                : upload
            )
    ),
    Effect.mapError(() => graphError(100, { title: "The body is not a valid multipart form." }))
  )

const store = (media: Media, { fields, file }: Upload, now: number): Result.Result<MediaObject, GraphError> => {
  if (fields.get("messaging_product") !== "whatsapp") {
    return Result.fail(graphError(100, { title: "The parameter messaging_product is required." }))
  }
  return Option.match(file, {
    onNone: () => Result.fail(graphError(100, { title: "The parameter file is required." })),
    onSome: ({ bytes, type }) => media.upload(fields.get("type") ?? type, bytes, now)
  })
}

/** `POST /{version}/{phone-number-id}/media`. */
export const mediaUploadRoute = (media: Media, knows: (phoneNumberId: string) => boolean, graphRequest: GraphRequest) =>
  HttpRouter.route(
    "POST",
    `${graphObject}/media`,
    graphRequest(
      Effect.fnUntraced(function* ({ id, request }) {
        if (!knows(id)) return yield* Effect.fail(objectMissing("POST", id))
        const upload = yield* readUpload(request)
        const { id: mediaId } = yield* Effect.fromResult(store(media, upload, yield* Clock.currentTimeMillis))
        return json({ id: mediaId })
      })
    )
  )

const addressLives = Duration.toMillis("5 minutes")

/** Where the bytes are for the next five minutes. `base` is this server: `http://127.0.0.1:8081`. */
export const mediaAddress = ({ id }: MediaObject, base: string, now: number): string =>
  `${base}/_simulator/media/${id}?until=${now + addressLives}`

/** `GET /{version}/{media-id}`: where and what the file is. The address asks for the bearer token too. */
export const mediaAnswer = (media: MediaObject, base: string, now: number) =>
  json({
    messaging_product: "whatsapp",
    url: mediaAddress(media, base, now),
    mime_type: media.mimeType,
    sha256: media.sha256,
    file_size: String(media.size),
    id: media.id
  })

/** The bytes, at the address that `GET /{media-id}` names: 404 once the address or the file has expired. */
export const mediaDownloadRoute = (media: Media, graphRequest: GraphRequest) =>
  HttpRouter.route(
    "GET",
    "/_simulator/media/:id",
    graphRequest(({ id, query }) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const found = now < Number(query["until"] ?? 0) ? media.find(id, now) : undefined
        return found === undefined
          ? HttpServerResponse.empty({ status: 404 })
          : HttpServerResponse.uint8Array(found.bytes, { contentType: found.mimeType })
      })
    )
  )
