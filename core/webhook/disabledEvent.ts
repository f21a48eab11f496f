import { DateTime } from "effect"
import type { StoredEvent } from "../event/StoredEvent.ts"
import type { ClaimedDelivery, Outcome } from "./Deliveries.ts"

/**
 * That an endpoint was disabled, for the feed and the instance's other endpoints. Its URL is not in it: some have a
 * secret there that is not for all.
 */
export const disabledEvent = (
  { claim, delivery, endpoint }: ClaimedDelivery,
  { at, verdict: { consequence } }: Outcome
): StoredEvent | undefined =>
  consequence._tag === "Disabled"
    ? {
        id: `evt_${delivery.id.slice("dlv_".length)}_disabled_${claim}`,
        instanceId: endpoint.instanceId,
        type: "webhook_endpoint.disabled",
        at,
        messageId: undefined,
        contactId: undefined,
        data: {
          webhook_endpoint_id: endpoint.id,
          description: endpoint.description,
          reason: consequence.reason,
          failing_since: DateTime.formatIso(consequence.since)
        }
      }
    : undefined
