/**
 * Posts events as the Standard Webhooks specification has it, to public addresses and to those that an operator has
 * opened. Of what an address that is not public answers nothing is kept but the status: whoever names a URL could read
 * the operator's network through it otherwise.
 *
 * Source: the Standard Webhooks specification, 1.0.0: `webhook-id`, `webhook-timestamp`, `webhook-signature`.
 */
import { Duration, Effect, Layer, Redacted } from "effect"
import { Buffer } from "node:buffer"
import { createHmac } from "node:crypto"
import { type Agent, type Dispatcher, request } from "undici"
import type { AttemptError } from "../../core/webhook/Delivery.ts"
import { patience } from "../../core/webhook/Retry.ts"
import { type WebhookAnswer, type WebhookRequest, WebhookSender } from "../../core/webhook/WebhookSender.ts"
import {
  secretPrefix,
  type Signable,
  signedText,
  timestampOf,
  type WebhookSecret
} from "../../core/webhook/WebhookSecret.ts"
import * as GuardedAgent from "./GuardedAgent.ts"
import { Blocked, type Rules } from "./GuardedAgent.ts"
import { type Cidr, isLiterallyPrivate, isPublic, isWithin, literalAddress } from "./PublicAddress.ts"

/** Read of an answer. */
const mostRead = 4096

/** Kept of what was read. */
const mostKept = 1024

/** The status has said all; who takes longer than this over the rest of the answer is not waited for. */
const restWithin = Duration.seconds(2)

const sign = (secret: WebhookSecret, signable: Signable): string => {
  const key = Buffer.from(Redacted.value(secret).slice(secretPrefix.length), "base64")
  return `v1,${createHmac("sha256", key).update(signedText(signable)).digest("base64")}`
}

const headersOf = ({ secrets, ...signable }: WebhookRequest) => ({
  "content-type": "application/json",
  "user-agent": "aidesk-webhooks",
  "webhook-id": signable.id,
  "webhook-timestamp": timestampOf(signable),
  "webhook-signature": secrets.map((secret) => sign(secret, signable)).join(" ")
})

const codeOf = (cause: unknown): string =>
  cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : ""

const errorOf = (cause: unknown): AttemptError => {
  if (cause instanceof Blocked) return "address_not_allowed"
  const code = codeOf(cause)
  if (/TIMEOUT|ETIMEDOUT/u.test(code)) return "timeout"
  return /CERT|TLS|SSL|ISSUER|SIGNATURE/u.test(code) ? "tls_failed" : "connection_failed"
}

type Body = Dispatcher.ResponseData["body"]

/** The first bytes. A body that breaks off, or takes too long, has these. */
const readFirst = (body: Body): Effect.Effect<Buffer> => {
  const chunks: Array<Buffer> = []
  let length = 0
  const read = async () => {
    for await (const chunk of body) {
      const bytes = Buffer.from(chunk)
      chunks.push(bytes)
      length += bytes.length
      if (length >= mostRead) break
    }
  }
  return Effect.tryPromise(read).pipe(
    Effect.timeout(restWithin),
    Effect.ignore,
    Effect.ensuring(Effect.sync(() => void body.on("error", () => {}).destroy())),
    Effect.map(() => Buffer.concat(chunks))
  )
}

/** What may be shown and stored: no control characters but those that set lines. */
const textOf = (bytes: Buffer): string =>
  new TextDecoder().decode(bytes.subarray(0, mostKept)).replace(/[^\P{Cc}\n\r\t]/gu, "\ufffd")

const post = Effect.fnUntraced(function* (dispatcher: Agent, asked: WebhookRequest) {
  const { body, headers, statusCode } = yield* Effect.tryPromise({
    try: (signal) =>
      request(asked.url, { method: "POST", dispatcher, signal, headers: headersOf(asked), body: asked.body }),
    catch: errorOf
  })
  const retryAfter = headers["retry-after"]
  return {
    _tag: "Answered",
    status: statusCode,
    retryAfter: typeof retryAfter === "string" ? retryAfter : undefined,
    text: textOf(yield* readFirst(body))
  } satisfies WebhookAnswer
})

const unanswered = (error: AttemptError): WebhookAnswer => ({ _tag: "Unanswered", error })

export interface Options extends Partial<Pick<Rules, "resolve">> {
  /** Addresses that are not public and may be connected to all the same. */
  readonly allow: ReadonlyArray<Cidr>
}

export const layer = ({ allow, resolve = GuardedAgent.askDns }: Options) =>
  Layer.effect(
    WebhookSender,
    Effect.gen(function* () {
      const rules = { resolve, timeout: patience }
      const toPublic = yield* GuardedAgent.make({ ...rules, allow: [] })
      const toAllowed = yield* GuardedAgent.make({ ...rules, allow })

      /** Asked second, after the guard of public addresses has refused and nothing was connected to. */
      const postPrivately = (asked: WebhookRequest) =>
        Effect.map(post(toAllowed, asked), (answer): WebhookAnswer => ({ ...answer, text: undefined }))

      return WebhookSender.of({
        send: (asked) =>
          post(toPublic, asked).pipe(
            Effect.catch((error) =>
              error === "address_not_allowed" && allow.length > 0 ? postPrivately(asked) : Effect.fail(error)
            ),
            Effect.catch((error) => Effect.succeed(unanswered(error))),
            Effect.withSpan("WebhookSender.send")
          ),
        isClosed: (url) => {
          const { hostname } = new URL(url)
          const address = literalAddress(hostname)
          // Of a name only who connects can tell; one that no public resolver knows leads nowhere else.
          if (address === undefined) return allow.length === 0 && isLiterallyPrivate(hostname)
          return !isPublic(address) && !isWithin(address, allow)
        }
      })
    })
  )
