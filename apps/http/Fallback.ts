/** What no route answers: a path that exists under another method, or one that does not exist. */
import { Effect } from "effect"
import { HttpRouter, HttpServerResponse, type HttpServerRequest } from "effect/http"
import { failure, statusOf } from "../../core/failure/Failure.ts"
import { PublicUrl } from "./PublicUrl.ts"
import { directForm, type Form, problemForm, templateForm } from "./Rendering.ts"
import * as RequestId from "./RequestId.ts"

/** Every path served, and by which methods. */
const allowed: { readonly [path: string]: string } = {
  "/send-message": "POST",
  "/sendmessage": "POST",
  "/health/live": "GET, HEAD",
  "/health/ready": "GET, HEAD",
  "/metrics": "GET, HEAD",
  "/openapi.json": "GET, HEAD",
  "/docs": "GET, HEAD",
  "/docs/errors": "GET, HEAD"
}

const forms: { readonly [path: string]: Form } = { "/send-message": templateForm, "/sendmessage": directForm }

const pathOf = (url: string): string => url.split("?", 1)[0] ?? ""

export const layer = HttpRouter.add(
  "*",
  "/*",
  Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest) {
    const path = pathOf(request.url)
    const allow = Object.hasOwn(allowed, path) ? allowed[path] : undefined
    const form = (Object.hasOwn(forms, path) ? forms[path] : undefined) ?? problemForm
    const fault = failure(allow === undefined ? "not_found" : "method_not_allowed")
    const requestId = RequestId.of(request.headers["x-request-id"])
    const body = form.failure(fault, { requestId, messageId: undefined, publicUrl: yield* PublicUrl })
    return HttpServerResponse.text(JSON.stringify(body), {
      status: statusOf(fault),
      contentType: form.contentType,
      headers: { "request-id": requestId, ...(allow === undefined ? {} : { allow }) }
    })
  })
)
