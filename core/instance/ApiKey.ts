import { Option, Schema } from "effect"
import { InstanceId, type Mode } from "./Instance.ts"

export const ApiKeyId = Schema.Int.pipe(Schema.brand("ApiKeyId"))
export type ApiKeyId = typeof ApiKeyId.Type

/** SHA-256 of a key, in hexadecimal. The key itself is shown once, at its making, and stored nowhere. */
export const KeyHash = Schema.String.check(Schema.isPattern(/^[0-9a-f]{64}$/u)).pipe(Schema.brand("KeyHash"))
export type KeyHash = typeof KeyHash.Type

/** What a key begins with says which kind of instance it opens, so that nobody tests with a live one by mistake. */
export const prefixes: { readonly [mode in Mode]: string } = { live: "ad_live_", simulated: "ad_test_" }

export class ApiKey extends Schema.Class<ApiKey>("ApiKey")({
  id: ApiKeyId,
  instanceId: InstanceId,
  label: Schema.String,
  /** The first characters of the key: enough to recognise it in a list, useless to a thief. */
  hint: Schema.String,
  createdAt: Schema.DateTimeUtc,
  lastUsedAt: Schema.Option(Schema.DateTimeUtc),
  revokedAt: Schema.Option(Schema.DateTimeUtc)
}) {}

/** Whatever the time it says: clocks of two machines differ, and a revocation is meant at once. */
export const isRevoked = (key: Pick<ApiKey, "revokedAt">): boolean => Option.isSome(key.revokedAt)
