import { Effect, Schema } from "effect"
import { request as httpRequest } from "node:http"

/** A request as it goes over the wire: no header is added but those of the transfer itself. */
export interface Request {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** Text and bytes as they are, anything else as JSON. */
  readonly body?: unknown
  /** In chunks, without telling its length. */
  readonly chunked?: boolean
}

export interface Answer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | ReadonlyArray<string> | undefined>>
  readonly text: string
  /** Undefined where the text is no JSON. */
  readonly json: unknown
}

/** The connection ended without a whole answer. */
export class Unanswered extends Schema.TaggedError<Unanswered>()("Unanswered", { code: Schema.String }) {}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const bytesOf = (body: unknown): Buffer | undefined => {
  if (body === undefined) return undefined
  if (body instanceof Uint8Array) return Buffer.from(body)
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body))
}

const codeOf = (error: Error): string => ("code" in error && typeof error.code === "string" ? error.code : error.name)

/** One request on a connection of its own. */
export const send = (url: string, { body, chunked = false, headers = {}, method = "POST", path }: Request) =>
  Effect.callback<Answer, Unanswered>((resume) => {
    const bytes = bytesOf(body)
    const outgoing = httpRequest(url, {
      agent: false,
      method,
      path,
      headers: {
        ...(bytes === undefined || chunked ? {} : { "content-length": String(bytes.length) }),
        ...(chunked ? { "transfer-encoding": "chunked" } : {}),
        connection: "close",
        ...headers
      }
    })
    outgoing.on("response", (incoming) => {
      const chunks: Array<Buffer> = []
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk))
      incoming.on("error", (error) => resume(new Unanswered({ code: codeOf(error) })))
      incoming.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8")
        resume(
          Effect.succeed({ status: incoming.statusCode ?? 0, headers: incoming.headers, text, json: parsed(text) })
        )
      })
    })
    outgoing.on("error", (error) => resume(new Unanswered({ code: codeOf(error) })))
    outgoing.end(bytes)
    return Effect.sync(() => outgoing.destroy())
  })
