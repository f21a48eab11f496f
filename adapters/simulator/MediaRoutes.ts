import { Effect, Option, Result, Stream } from "effect"
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

const store = (media: Media, { fields, file }: Upload): Result.Result<MediaObject, GraphError> => {
  if (fields.get("messaging_product") !== "whatsapp") {
    return Result.fail(graphError(100, { title: "The parameter messaging_product is required." }))
  }
  return Option.match(file, {
    onNone: () => Result.fail(graphError(100, { title: "The parameter file is required." })),
    onSome: ({ bytes, type }) => media.upload(fields.get("type") ?? type, bytes)
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
        const { id: mediaId } = yield* Effect.fromResult(store(media, yield* readUpload(request)))
        return json({ id: mediaId })
      })
    )
  )

/** `GET /{version}/{media-id}`: where and what the file is. The address asks for the bearer token too. */
export const mediaAnswer = ({ id, mimeType, sha256, size }: MediaObject, host: string) =>
  json({
    messaging_product: "whatsapp",
    url: `http://${host}/_simulator/media/${id}`,
    mime_type: mimeType,
    sha256,
    file_size: String(size),
    id
  })

/** The bytes, at the address that `GET /{media-id}` names. */
export const mediaDownloadRoute = (media: Media, graphRequest: GraphRequest) =>
  HttpRouter.route(
    "GET",
    "/_simulator/media/:id",
    graphRequest(({ id }) => {
      const found = media.find(id)
      return found === undefined
        ? Effect.succeed(HttpServerResponse.empty({ status: 404 }))
        : Effect.succeed(HttpServerResponse.uint8Array(found.bytes, { contentType: found.mimeType }))
    })
  )
