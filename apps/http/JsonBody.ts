/** The body of a request: bounded, JSON, UTF-8, an object. Anything else is named for what it is. */
import { Effect, Predicate } from "effect"
import { Buffer, isUtf8 } from "node:buffer"
import { failure, type Failure } from "../../core/failure/Failure.ts"
import { type Incoming, maxBytes } from "./Incoming.ts"

export interface JsonBody {
  readonly bytes: Uint8Array
  readonly json: { readonly [name: string]: unknown }
}

const jsonType = /^application\/(?:[a-z0-9.+-]+\+)?json$/iu
const charset = /^charset\s*=\s*"?([^"]*)"?$/iu

/** JSON is UTF-8 by its own standard (RFC 8259): a parameter that says so, or speaks of something else, changes nothing. */
const isJson = (contentType: string): boolean => {
  const [type = "", ...parameters] = contentType.split(";").map((part) => part.trim())
  return (
    jsonType.test(type) && parameters.every((parameter) => /^utf-?8$/iu.test(charset.exec(parameter)?.[1] ?? "utf-8"))
  )
}

const typeFault = ({ header }: Incoming): Failure | undefined =>
  isJson(header("content-type") ?? "") && (header("content-encoding") ?? "identity") === "identity"
    ? undefined
    : failure("unsupported_media_type")

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const read = Effect.fnUntraced(function* (incoming: Incoming): Effect.fn.Return<JsonBody, Failure> {
  if (Number(incoming.header("content-length") ?? 0) > maxBytes) return yield* failure("body_too_large")
  const fault = typeFault(incoming)
  if (fault !== undefined) return yield* fault
  const bytes = yield* incoming.bytes
  if (!isUtf8(bytes)) return yield* failure("invalid_json", { message: "O corpo da requisição não é UTF-8 válido." })
  const json = parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"))
  if (json === undefined) return yield* failure("invalid_json")
  if (!Predicate.isReadonlyObject(json)) return yield* failure("invalid_body")
  return { bytes, json }
})
