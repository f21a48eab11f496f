/** What tells Meta, and the simulator in its place, from everybody else who can reach the address of the webhooks. */
import { Context, Effect, type Redacted } from "effect"
import type { Source } from "../../../core/inbound/Source.ts"

export interface SigningSecret {
  /** Of an app of Meta's, or the one that stands for it. */
  readonly secret: Redacted.Redacted
  /** Whose word a payload is that was signed with it. */
  readonly source: Source
}

export class WebhookSecrets extends Context.Service<
  WebhookSecrets,
  {
    /** None: no subscription is confirmed. */
    readonly verifyToken: Redacted.Redacted | undefined
    /** All are valid at once; the most used ones first. None: every payload is refused. */
    readonly secrets: ReadonlyArray<SigningSecret>
  }
>()("aidesk/apps/http/webhooks/WebhookSecrets") {}

export interface Given {
  readonly verifyToken: Redacted.Redacted | undefined
  /** One for each of Meta's apps, and for a while two for one whose secret is being replaced. */
  readonly metaAppSecrets: ReadonlyArray<Redacted.Redacted>
  readonly simulatorAppSecret: Redacted.Redacted | undefined
}

export const make = ({ metaAppSecrets, simulatorAppSecret, verifyToken }: Given): WebhookSecrets["Service"] => ({
  verifyToken,
  secrets: [
    ...metaAppSecrets.map((secret): SigningSecret => ({ secret, source: "meta" })),
    ...(simulatorAppSecret === undefined ? [] : [{ secret: simulatorAppSecret, source: "simulator" } as const])
  ]
})

/** Says what nobody will be able to do, where that is so. */
export const warn = Effect.fnUntraced(function* ({ secrets, verifyToken }: WebhookSecrets["Service"]) {
  if (!secrets.some(({ source }) => source === "meta")) {
    yield* Effect.logWarning("without META_APP_SECRETS every webhook of Meta's is refused")
  }
  if (verifyToken === undefined) yield* Effect.logWarning("without META_VERIFY_TOKEN no webhook can be subscribed")
})
