import type { DateTime, Effect, Option } from "effect"
import { Context } from "effect"
import type { Unavailable } from "../Unavailable.ts"
import type { ApiKey, ApiKeyId, KeyHash } from "./ApiKey.ts"
import type { Instance } from "./Instance.ts"

/** A key as authentication sees it: itself and the instance it opens. */
export interface OpenedBy {
  readonly key: ApiKey
  readonly instance: Instance
}

/** Port: the API keys of every instance, found by hash in one indexed look-up. */
export class ApiKeys extends Context.Service<
  ApiKeys,
  {
    readonly find: (hash: KeyHash) => Effect.Effect<Option.Option<OpenedBy>, Unavailable>
    /** Remembers that these keys were used; called in batches, long after the requests that used them. */
    readonly touch: (keys: ReadonlyArray<ApiKeyId>, at: DateTime.Utc) => Effect.Effect<void, Unavailable>
  }
>()("aidesk/core/instance/ApiKeys") {}
