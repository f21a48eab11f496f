import { NodeHttpServerRequest } from "@effect/platform-node"
import { Redacted } from "effect"
import type { HttpServerRequest } from "effect/http"
import { graphError } from "./GraphError.ts"
import type { GraphError } from "./GraphError.ts"

/** Who may call: anybody with a bearer token, or only the bearers of the tokens given. */
export type Access = (request: HttpServerRequest.HttpServerRequest) => GraphError | undefined

const missing = graphError(190, { title: "An access token is required to request this resource." })
const unknown = graphError(190)
const bearer = /^Bearer +(?<token>\S+)\s*$/iu

/** Without `tokens` any token that is not empty will do. Both refusals are code 190, status 401. */
export const make = (tokens: ReadonlyArray<Redacted.Redacted> | undefined): Access => {
  const accepted = tokens && new Set(tokens.map(Redacted.value))
  return (request) => {
    const header = NodeHttpServerRequest.toIncomingMessage(request).headers.authorization
    const token = header === undefined ? undefined : bearer.exec(header)?.groups?.["token"]
    if (token === undefined) return missing
    return accepted === undefined || accepted.has(token) ? undefined : unknown
  }
}
