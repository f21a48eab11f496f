import type { DateTime, Effect } from "effect"
import { Context } from "effect"
import type { AttemptError } from "./Delivery.ts"
import type { WebhookUrl } from "./WebhookEndpoint.ts"
import type { Signable, SigningSecrets } from "./WebhookSecret.ts"

/** What came of one request. */
export type WebhookAnswer =
  | {
      readonly _tag: "Answered"
      readonly status: number
      /** The header as it came. */
      readonly retryAfter: string | undefined
      /** Its first bytes as text; nothing where they are not for keeping. */
      readonly text: string | undefined
    }
  | { readonly _tag: "Unanswered"; readonly error: AttemptError }

export interface WebhookRequest extends Signable {
  readonly url: WebhookUrl
  /** When the attempt began. */
  readonly at: DateTime.Utc
  readonly secrets: SigningSecrets
}

/**
 * Port: posts a signed event. Follows no redirect, connects to no address that is not public unless an operator has
 * opened it, and reads a few kilobytes of the answer at the most.
 */
export class WebhookSender extends Context.Service<
  WebhookSender,
  {
    /** What goes wrong is the answer. Takes as long as it takes. */
    readonly send: (request: WebhookRequest) => Effect.Effect<WebhookAnswer>
    /** Whether `url` can be seen to lead to no address that may be connected to. */
    readonly isClosed: (url: WebhookUrl) => boolean
  }
>()("aidesk/core/webhook/WebhookSender") {}
