import { Effect } from "effect"
import { createHash } from "node:crypto"
import { failure, type Failure } from "../../core/failure/Failure.ts"
import type { Request } from "../../core/message/Once.ts"
import type { Incoming } from "./Incoming.ts"

const visible = /^[\x21-\x7e]{1,255}$/u

/** What the `Idempotency-Key` header claims for this body on this path; nothing where there is none. */
export const claim = (
  incoming: Incoming,
  path: string,
  body: Uint8Array
): Effect.Effect<Request["idempotency"], Failure> => {
  const key = incoming.header("idempotency-key")
  if (key === undefined) return Effect.succeed(undefined)
  if (!visible.test(key)) return Effect.fail(failure("invalid_idempotency_key"))
  return Effect.succeed({ path, key, bodyHash: createHash("sha256").update(body).digest("hex") })
}
