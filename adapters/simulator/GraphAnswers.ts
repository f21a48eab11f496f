import { HttpServerResponse } from "effect/http"
import type { GraphError } from "./GraphError.ts"
import { envelope } from "./GraphError.ts"
import type { Ids } from "./Ids.ts"

const contentType = "application/json; charset=UTF-8"

/** JSON text that is already written. */
export const jsonText = (body: string, status = 200) => HttpServerResponse.text(body, { contentType, status })

export const json = (body: unknown, status = 200) => jsonText(JSON.stringify(body), status)

export const success = json({ success: true })

/** A refusal in Meta's envelope, with a trace id of its own. */
export const refused = (error: GraphError, ids: Ids) => json(envelope(error, ids.trace()), error.status)

/** The page that a proxy puts in place of an answer. */
export const htmlPage = (status: number) =>
  HttpServerResponse.text(
    `<!DOCTYPE html><html><head><title>Error ${status}</title></head><body><h1>Sorry, something went wrong.</h1></body></html>`,
    { contentType: "text/html; charset=utf-8", status }
  )

/** An answer that claims to be JSON and is not. */
export const garbage = jsonText("for (;;);{unparseable")
