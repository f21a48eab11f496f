import { Effect } from "effect"
import type { CampaignId, CampaignState } from "../campaign/Campaign.ts"
import type { InstanceId } from "../instance/Instance.ts"
import { Administration } from "./Administration.ts"

/** Only `finished` is for good; activating an active campaign is no error. */
const activatable: ReadonlyArray<CampaignState> = ["draft", "active", "paused"]

/** From now on the campaign sends. Fails with `NotFound`, `CampaignStuck`, `Unavailable`. */
export const activateCampaign = Effect.fnUntraced(function* (instanceId: InstanceId, id: CampaignId) {
  const administration = yield* Administration
  return yield* administration.moveCampaign({ instanceId, id, from: activatable, to: "active" })
})
