/** What no route answers: a path that exists under another method, or one that does not exist. */
import { Effect } from "effect"
import { HttpRouter, HttpServerError, HttpServerRequest, HttpServerResponse } from "effect/http"
import { failure, statusOf } from "../../core/failure/Failure.ts"
import { PublicUrl } from "./PublicUrl.ts"
import { directForm, type Form, problemForm, templateForm } from "./Rendering.ts"
import * as RequestId from "./RequestId.ts"
import { allowedUnder } from "./v1/endpoints.ts"

/** Every path served, and by which methods. */
const allowed: { readonly [path: string]: string } = {
  "/send-message": "POST",
  "/sendmessage": "POST",
  "/webhooks/whatsapp": "GET, HEAD, POST",
  "/health/live": "GET, HEAD",
  "/health/ready": "GET, HEAD",
  "/metrics": "GET, HEAD",
  "/openapi.json": "GET, HEAD",
  "/docs": "GET, HEAD",
  "/docs/errors": "GET, HEAD"
}

const forms: { readonly [path: string]: Form } = { "/send-message": templateForm, "/sendmessage": directForm }

const pathOf = (url: string): string => url.split("?", 1)[0] ?? ""

const answer = Effect.gen(function* () {
  const { headers, url } = yield* HttpServerRequest.HttpServerRequest
  const path = pathOf(url)
  const allow = Object.hasOwn(allowed, path) ? allowed[path] : allowedUnder(path)
  const form = (Object.hasOwn(forms, path) ? forms[path] : undefined) ?? problemForm
  const fault = failure(allow === undefined ? "not_found" : "method_not_allowed")
  const requestId = RequestId.of(headers["x-request-id"])
  const body = form.failure(fault, { requestId, messageId: undefined, publicUrl: yield* PublicUrl })
  return HttpServerResponse.text(JSON.stringify(body), {
    status: statusOf(fault),
    contentType: form.contentType,
    headers: { "request-id": requestId, ...(allow === undefined ? {} : { allow }) }
  })
})

const isUnrouted = (error: unknown): boolean =>
  HttpServerError.isHttpServerError(error) && error.reason._tag === "RouteNotFound"

/** Not a route for every method and path: it would come before the GET routes when HEAD is asked for. */
export const layer = HttpRouter.middleware(
  Effect.catchIf(isUnrouted, () => answer),
  { global: true }
)
