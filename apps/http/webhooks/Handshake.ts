/**
 * `GET /webhooks/whatsapp`: how Meta makes sure that the address is ours before it posts to it. It sends the word that
 * the operator has given in its panel, and a challenge that we repeat.
 *
 * Source: Meta, "Create a webhook endpoint".
 */
import { Effect, Redacted } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { createHash, timingSafeEqual } from "node:crypto"
import { failure, statusOf } from "../../../core/failure/Failure.ts"
import { PublicUrl } from "../PublicUrl.ts"
import { problemForm } from "../Rendering.ts"
import * as RequestId from "../RequestId.ts"
import { path } from "./path.ts"
import { WebhookSecrets } from "./WebhookSecrets.ts"

/** Meta's is of some ten digits. */
const maxChallenge = 1000

/** Hashed first, for the comparison wants equal lengths and must not tell where it ended. */
const digest = (text: string): Uint8Array => createHash("sha256").update(text).digest()

const queryOf = (url: string): URLSearchParams =>
  new URLSearchParams(url.includes("?") ? url.slice(url.indexOf("?")) : "")

/** What to repeat to somebody who knows `token`. */
const challengeIn = (query: URLSearchParams, token: string): string | undefined => {
  const challenge = query.get("hub.challenge") ?? ""
  if (query.get("hub.mode") !== "subscribe" || challenge === "" || challenge.length > maxChallenge) return undefined
  return timingSafeEqual(digest(query.get("hub.verify_token") ?? ""), digest(token)) ? challenge : undefined
}

const refused = Effect.fnUntraced(function* (requestId: string) {
  const fault = failure("invalid_verify_token")
  const body = problemForm.failure(fault, { requestId, messageId: undefined, publicUrl: yield* PublicUrl })
  return HttpServerResponse.text(JSON.stringify(body), {
    status: statusOf(fault),
    contentType: problemForm.contentType,
    headers: { "request-id": requestId }
  })
})

export const route = HttpRouter.add("GET", path, (request) =>
  Effect.gen(function* () {
    const { verifyToken } = yield* WebhookSecrets
    const requestId = RequestId.of(request.headers["x-request-id"])
    const challenge =
      verifyToken === undefined ? undefined : challengeIn(queryOf(request.url), Redacted.value(verifyToken))
    if (challenge === undefined) return yield* refused(requestId)
    return HttpServerResponse.text(challenge, {
      contentType: "text/plain; charset=utf-8",
      headers: { "request-id": requestId, "x-content-type-options": "nosniff", "cache-control": "no-store" }
    })
  })
)
