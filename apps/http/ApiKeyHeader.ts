import { Effect, Option } from "effect"
import { hashOf } from "../../adapters/secrets/ApiKeyMaker.ts"
import { failure, type Failure } from "../../core/failure/Failure.ts"
import type { Instance } from "../../core/instance/Instance.ts"
import { KeyRing } from "../../core/instance/KeyRing.ts"
import type { Incoming } from "./Incoming.ts"

/** No key of ours is near this long; hashing megabytes for a stranger is not on offer. */
const longest = 256

/** The instance that the `apikey` header opens. */
export const authenticate = Effect.fnUntraced(function* (
  incoming: Incoming
): Effect.fn.Return<Instance, Failure, KeyRing> {
  const key = incoming.header("apikey") ?? ""
  if (key === "") return yield* failure("missing_api_key")
  if (key.length > longest) return yield* failure("invalid_api_key")
  const opened = yield* (yield* KeyRing)
    .open(hashOf(key))
    .pipe(Effect.catchTag("Unavailable", () => failure("database_unavailable", { retryAfter: 5 })))
  return Option.isSome(opened) ? opened.value : yield* failure("invalid_api_key")
})
