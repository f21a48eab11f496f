/**
 * What came of one call to Meta, told by what is *known*. Meta has no idempotency key, so the line
 * between "nothing was sent" and "nobody can tell" is what keeps a message from going out twice.
 */
import type { MetaError } from "../failure/MetaError.ts"

export type GatewayAnswer =
  /** Meta took the message and gave it an id. It says nothing about delivery. */
  | {
      readonly _tag: "Accepted"
      readonly wamid: string
      /** The recipient as WhatsApp names it; a Brazilian one may lack its ninth digit, one sent by user id has none. */
      readonly waId: string | undefined
      readonly held: boolean
    }
  /** Meta answered with its error envelope. Nothing was sent, unless its code says that Meta does not know. */
  | { readonly _tag: "Refused"; readonly error: MetaError }
  /** Refused connection, no such host, failed TLS, no connection in time, open circuit: before the first byte. */
  | { readonly _tag: "NeverLeft"; readonly reason: string; readonly retryAfter: number | undefined }
  /** The request left and no conclusive answer came. */
  | { readonly _tag: "Lost"; readonly reason: string }
  /** The instance is simulated and no simulator is configured. */
  | { readonly _tag: "NoSimulator" }
  /** The instance is live and no access token is stored for it. */
  | { readonly _tag: "NoToken" }
