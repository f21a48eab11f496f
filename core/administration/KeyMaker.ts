import type { Effect, Redacted } from "effect"
import { Context } from "effect"
import type { KeyHash } from "../instance/ApiKey.ts"
import type { Mode } from "../instance/Instance.ts"

/** A key and what may be kept of it. */
export interface MadeKey {
  /** To be shown once. */
  readonly key: Redacted.Redacted
  readonly hash: KeyHash
  readonly hint: string
}

/** Port: new API keys, of at least 128 random bits behind the prefix of their mode. */
export class KeyMaker extends Context.Service<
  KeyMaker,
  {
    readonly make: (mode: Mode) => Effect.Effect<MadeKey>
  }
>()("aidesk/core/administration/KeyMaker") {}
