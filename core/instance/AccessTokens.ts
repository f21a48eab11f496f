import type { Effect, Option, Redacted } from "effect"
import { Context } from "effect"
import type { Unavailable } from "../Unavailable.ts"
import type { InstanceId } from "./Instance.ts"

/** Port: the token with which a live instance speaks to Meta, stored sealed. None where no token was given. */
export class AccessTokens extends Context.Service<
  AccessTokens,
  {
    readonly find: (instanceId: InstanceId) => Effect.Effect<Option.Option<Redacted.Redacted>, Unavailable>
  }
>()("aidesk/core/instance/AccessTokens") {}
