import { DateTime, Effect, Option } from "effect"
import { Sealing } from "../../../core/instance/Sealing.ts"
import type { SigningSecrets } from "../../../core/webhook/WebhookSecret.ts"
import type { SealedEndpointRow } from "./rows.ts"

/**
 * The secrets that sign at `now`, newest first. One that does not open counts as none, so that its deliveries fail where
 * people look for them; why is logged.
 */
export const signing = Effect.fnUntraced(function* (
  { id, instance_id, previous_secret, previous_until, sealed_secret }: typeof SealedEndpointRow.Type,
  now: DateTime.Utc
): Effect.fn.Return<SigningSecrets, never, Sealing> {
  const sealing = yield* Sealing
  const previous = Option.exists(previous_until, DateTime.isGreaterThan(now)) ? previous_secret : null
  const sealed = previous === null ? [sealed_secret] : [sealed_secret, previous]
  return yield* Effect.forEach(sealed, (text) => sealing.open(instance_id, text)).pipe(
    Effect.catchTag("Unsealable", ({ reason }) =>
      Effect.as(Effect.logError("webhook secret does not open", { webhook_endpoint_id: id, instance_id, reason }), [])
    )
  )
})
