import { DateTime, Option } from "effect"
import type { Consequence } from "../../core/webhook/Retry.ts"
import { isEnabled, WebhookEndpoint } from "../../core/webhook/WebhookEndpoint.ts"

/** The later of two; whichever there is. */
const later = (one: Option.Option<DateTime.Utc>, other: DateTime.Utc | undefined): Option.Option<DateTime.Utc> =>
  other === undefined ? one : Option.some(Option.isSome(one) ? DateTime.max(one.value, other) : other)

/** What follows at the endpoint of an attempt that ended at `at`; nothing where nothing does or where it was overtaken. */
export const followed = (
  endpoint: WebhookEndpoint,
  consequence: Consequence,
  at: DateTime.Utc
): WebhookEndpoint | undefined => {
  const become = (changes: Partial<WebhookEndpoint>) => new WebhookEndpoint(Object.assign({}, endpoint, changes))
  const failingSince = (since: DateTime.Utc) => Option.orElse(endpoint.failingSince, () => Option.some(since))
  switch (consequence._tag) {
    case "None":
      return undefined
    case "Recovered":
      return become({ failingSince: Option.none(), holds: 0 })
    case "Failing": {
      const { hold, since } = consequence
      return become({
        failingSince: failingSince(since),
        heldUntil: later(endpoint.heldUntil, hold?.until),
        holds: Math.max(endpoint.holds, hold?.holds ?? 0)
      })
    }
    case "Disabled": {
      const { reason, since } = consequence
      const still = reason === "gone" || Option.exists(endpoint.failingSince, DateTime.isLessThanOrEqualTo(since))
      return isEnabled(endpoint) && still
        ? become({ disabled: Option.some({ reason, since: at }), failingSince: failingSince(since) })
        : undefined
    }
  }
}
