import { Effect, type Redacted } from "effect"
import type { ApiKey } from "../instance/ApiKey.ts"
import type { InstanceId } from "../instance/Instance.ts"
import { Administration } from "./Administration.ts"
import { KeyMaker } from "./KeyMaker.ts"

export interface IssuedKey {
  readonly apiKey: ApiKey
  /** Here for the first and last time. */
  readonly key: Redacted.Redacted
}

/** Makes an API key for the instance and stores what may be kept of it. Fails with `NotFound`, `Unavailable`. */
export const issueKey = Effect.fnUntraced(function* (request: {
  readonly instanceId: InstanceId
  readonly label: string
}) {
  const administration = yield* Administration
  const maker = yield* KeyMaker
  const { mode } = yield* administration.instance(request.instanceId)
  const { hash, hint, key } = yield* maker.make(mode)
  const issued: IssuedKey = { apiKey: yield* administration.addKey({ ...request, hash, hint }), key }
  return issued
})
