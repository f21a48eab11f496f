/**
 * `GET /v1/messages/{id}/media`: the file that came with an inbound message, streamed from the store.
 *
 * What a stranger has sent is handed on as what it is called, and never to be shown by a browser as a page of ours.
 */
import { DateTime, Duration, Effect, Option, Schema, Stream } from "effect"
import { HttpServerResponse } from "effect/http"
import { type Failure, failure } from "../../../core/failure/Failure.ts"
import type { Instance } from "../../../core/instance/Instance.ts"
import { contentTypeOf, type MediaFile, nameOf } from "../../../core/media/MediaFile.ts"
import { MediaFiles } from "../../../core/media/MediaFiles.ts"
import { MediaStore } from "../../../core/media/MediaStore.ts"
import { MessageId } from "../../../core/message/Message.ts"
import type { Unavailable } from "../../../core/Unavailable.ts"
import * as Body from "./Body.ts"
import * as Endpoint from "./Endpoint.ts"
import * as Path from "./Path.ts"
import * as Query from "./Query.ts"

/** The message that a caller names, in whichever way messages may be named. */
export type MessageOf<R> = (instance: Instance, id: string) => Effect.Effect<Option.Option<MessageId>, Unavailable, R>

/** By our own id alone. */
export const byOwnId: MessageOf<never> = (_, id) =>
  Effect.succeed(Schema.decodeUnknownOption(MessageId)(id.toLowerCase()))

const noMedia = failure("message_not_found", {
  message: "Nesta instância não há mensagem recebida com mídia que tenha este identificador."
})

const lost = failure("media_unavailable", { message: "O arquivo desta mensagem não está mais no armazenamento." })

const unavailable = {
  expired: failure("media_unavailable", { message: "A Meta já não tem o arquivo desta mensagem." }),
  refused: failure("media_unavailable", { message: "O arquivo desta mensagem é um que não se pôde aceitar." }),
  failed: failure("media_unavailable", { message: "O arquivo desta mensagem só chegou corrompido da Meta." })
}

/** One that is being fetched is there in a moment. */
const soon = 2

const pending = ({ nextAt }: MediaFile, now: DateTime.Utc): Failure => {
  const seconds = Math.ceil(Duration.toSeconds(DateTime.distance(now, nextAt)))
  return failure("media_pending", { retryAfter: Math.max(soon, seconds) })
}

/** In ASCII for those that read no more, and whole (RFC 6266, RFC 8187). */
const disposition = (name: string): string => {
  const ascii = name.replace(/[^ -~]|["\\%]/gu, "_")
  const encoded = encodeURIComponent(name).replace(
    /['()*]/gu,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`
  )
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`
}

/** Where the file is, once it has one. */
const storedOf = Effect.fnUntraced(function* (
  file: MediaFile
): Effect.fn.Return<{ readonly file: MediaFile; readonly stored: Option.Option.Value<MediaFile["stored"]> }, Failure> {
  if (file.state === "pending") return yield* pending(file, yield* DateTime.now)
  if (file.state !== "stored") return yield* unavailable[file.state]
  return Option.isSome(file.stored) ? { file, stored: file.stored.value } : yield* lost
})

const find = Effect.fnUntraced(function* <R>(instance: Instance, id: string, messageOf: MessageOf<R>) {
  const files = yield* MediaFiles
  const messageId = yield* messageOf(instance, id)
  const file = Option.isSome(messageId) ? yield* files.find(instance.id, messageId.value) : Option.none()
  return Option.isSome(file) ? file.value : yield* noMedia
})

const headersOf = (file: MediaFile): Record<string, string> => ({
  "message-id": file.messageId,
  "content-disposition": disposition(nameOf(file)),
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; sandbox"
})

const storeAway = () => failure("media_store_unavailable", { retryAfter: 5 })

/** `messageOf` finds the message that the path names. HEAD answers the same without the bytes. */
export const media = <R>(messageOf: MessageOf<R>) =>
  Endpoint.make({
    method: "GET",
    route: "/v1/messages/:id/media",
    path: Path.of(Schema.Struct({ id: Schema.String }), "message_not_found"),
    query: Query.none,
    body: Body.none,
    handle: Effect.fnUntraced(function* ({ instance, path: { id } }) {
      const { file, stored } = yield* Effect.flatMap(find(instance, id, messageOf), storedOf)
      const store = yield* MediaStore
      const content = yield* store.get(stored.key).pipe(Effect.catchTag("MediaStoreUnavailable", storeAway))
      if (Option.isNone(content)) return yield* lost
      const { bytes, size } = content.value
      const watched = Stream.tapError(bytes, ({ cause }) =>
        Effect.logWarning("media broke off", cause).pipe(Effect.annotateLogs({ message_id: file.messageId }))
      )
      return HttpServerResponse.stream(watched, {
        headers: headersOf(file),
        contentType: contentTypeOf(file),
        contentLength: size
      })
    })
  })
