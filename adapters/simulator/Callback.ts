import { Effect, Latch, Redacted, Schema } from "effect"
import { createHmac } from "node:crypto"

const isHttp = (text: string): boolean => ["http:", "https:"].includes(URL.parse(text)?.protocol ?? "")

/** Where webhooks go, and the secret of the app that they are signed with. */
export const Callback = Schema.Struct({
  url: Schema.String.check(Schema.makeFilter(isHttp, { message: "is no http or https address" })),
  appSecret: Schema.RedactedFromValue(Schema.NonEmptyString)
}).pipe(Schema.encodeKeys({ appSecret: "app_secret" }))
export type Callback = typeof Callback.Type

/** The callback of the moment: there may be none yet. */
export interface CallbackSetting {
  readonly current: () => Callback | undefined
  readonly set: (callback: Callback | undefined) => void
  /** Once another is set. */
  readonly another: Effect.Effect<void>
}

export const make = (first: Callback | undefined): CallbackSetting => {
  let current = first
  let change = Latch.makeUnsafe()
  return {
    current: () => current,
    set: (callback) => {
      current = callback
      const done = change
      change = Latch.makeUnsafe()
      done.openUnsafe()
    },
    another: Effect.suspend(() => change.await)
  }
}

/** The value of `X-Hub-Signature-256`. */
export const signature = ({ appSecret }: Callback, body: string): string =>
  `sha256=${createHmac("sha256", Redacted.value(appSecret)).update(body).digest("hex")}`
