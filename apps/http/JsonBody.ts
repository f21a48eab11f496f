/** The body of a request: bounded, JSON, UTF-8, an object. Anything else is named for what it is. */
import { Effect, Predicate } from "effect"
import { HttpIncomingMessage, type HttpServerRequest } from "effect/http"
import { ByteSize } from "effect"
import { isUtf8 } from "node:buffer"
import { failure, type Failure } from "../../core/failure/Failure.ts"

export interface JsonBody {
  readonly bytes: Uint8Array
  readonly json: { readonly [name: string]: unknown }
}

/** The published endpoints carry texts of a few kilobytes; files travel by link. */
export const maxBytes = 64 * 1024

const limit = ByteSize.fromInputUnsafe(`${maxBytes} B`)

const jsonType = /^application\/(?:[a-z0-9.+-]+\+)?json\s*(?:;\s*charset\s*=\s*"?utf-?8"?\s*)?;?$/iu

const typeFault = ({ headers }: HttpServerRequest.HttpServerRequest): Failure | undefined =>
  jsonType.test((headers["content-type"] ?? "").trim()) && (headers["content-encoding"] ?? "identity") === "identity"
    ? undefined
    : failure("unsupported_media_type")

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const read = Effect.fnUntraced(function* (
  request: HttpServerRequest.HttpServerRequest
): Effect.fn.Return<JsonBody, Failure> {
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) return yield* failure("body_too_large")
  const fault = typeFault(request)
  if (fault !== undefined) return yield* fault
  const buffer = yield* request.arrayBuffer.pipe(
    Effect.provideService(HttpIncomingMessage.MaxBodySize, limit),
    // Too long without having said so, or broken off: the caller is still there only in the first case.
    Effect.catch(({ reason }) =>
      failure(
        reason._tag === "RequestParseError" && reason.reason === "BodyTooLarge" ? "body_too_large" : "invalid_json"
      )
    )
  )
  const bytes = new Uint8Array(buffer)
  if (!isUtf8(bytes)) return yield* failure("invalid_json", { message: "O corpo da requisição não é UTF-8 válido." })
  const json = parse(Buffer.from(buffer).toString("utf8"))
  if (json === undefined) return yield* failure("invalid_json")
  if (!Predicate.isReadonlyObject(json)) return yield* failure("invalid_body")
  return { bytes, json }
})
