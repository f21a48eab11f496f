import type { Effect } from "effect"
import { Context, Schema } from "effect"
import type { Campaign, CampaignId, CampaignState } from "../campaign/Campaign.ts"
import type { Queue, Status } from "../conversation/Conversation.ts"
import type { ApiKey, ApiKeyId } from "../instance/ApiKey.ts"
import { Instance, type InstanceId } from "../instance/Instance.ts"
import type { NoSealingKey } from "../instance/Sealing.ts"
import type { Template, TemplateId } from "../template/Template.ts"
import type { Unavailable } from "../Unavailable.ts"
import type { NewCampaign, NewInstance, NewKey, NewQueue, NewStatus, NewTemplate } from "./Entry.ts"
import type { CampaignStuck, NotFound, Taken } from "./Refusal.ts"

/** An instance as a list shows it: whether it has a token, never the token. */
export class ListedInstance extends Schema.Class<ListedInstance>("ListedInstance")({
  ...Instance.fields,
  hasToken: Schema.Boolean
}) {}

export interface Move {
  readonly instanceId: InstanceId
  readonly id: CampaignId
  /** The states it may be in; in any other nothing changes. */
  readonly from: ReadonlyArray<CampaignState>
  readonly to: CampaignState
}

/**
 * Port: what an operator sets up, for each instance.
 *
 * Whatever belongs to an instance is found only through it: with another instance's id it answers `NotFound`, as what
 * never existed does. Every change but those of keys raises the instance's `revision` in the same transaction, so that
 * nothing is sent on what was true before (see `Directory`); a key's end is known within seconds (see `KeyRing`).
 * Lists are in the order of ids.
 */
export class Administration extends Context.Service<
  Administration,
  {
    /** `Taken` by another instance of the same mode with the same business number. A live one's token is sealed. */
    readonly addInstance: (instance: NewInstance) => Effect.Effect<Instance, Taken | NoSealingKey | Unavailable>
    readonly instance: (id: InstanceId) => Effect.Effect<Instance, NotFound | Unavailable>
    readonly instances: Effect.Effect<ReadonlyArray<ListedInstance>, Unavailable>

    readonly addKey: (key: NewKey) => Effect.Effect<ApiKey, NotFound | Taken | Unavailable>
    readonly keys: (instanceId: InstanceId) => Effect.Effect<ReadonlyArray<ApiKey>, NotFound | Unavailable>
    /** A key that was revoked before keeps its time. */
    readonly revokeKey: (instanceId: InstanceId, id: ApiKeyId) => Effect.Effect<ApiKey, NotFound | Unavailable>

    readonly addQueue: (queue: NewQueue) => Effect.Effect<Queue, NotFound | Taken | Unavailable>
    readonly queues: (instanceId: InstanceId) => Effect.Effect<ReadonlyArray<Queue>, NotFound | Unavailable>

    readonly addStatus: (status: NewStatus) => Effect.Effect<Status, NotFound | Taken | Unavailable>
    readonly statuses: (instanceId: InstanceId) => Effect.Effect<ReadonlyArray<Status>, NotFound | Unavailable>

    /** `Taken` by another template of the instance with the same name in the same language. */
    readonly addTemplate: (template: NewTemplate) => Effect.Effect<Template, NotFound | Taken | Unavailable>
    readonly template: (instanceId: InstanceId, id: TemplateId) => Effect.Effect<Template, NotFound | Unavailable>
    readonly templates: (instanceId: InstanceId) => Effect.Effect<ReadonlyArray<Template>, NotFound | Unavailable>

    /** `NotFound` is said of the instance, else of the template. */
    readonly addCampaign: (campaign: NewCampaign) => Effect.Effect<Campaign, NotFound | Taken | Unavailable>
    readonly moveCampaign: (move: Move) => Effect.Effect<Campaign, NotFound | CampaignStuck | Unavailable>
    readonly campaigns: (instanceId: InstanceId) => Effect.Effect<ReadonlyArray<Campaign>, NotFound | Unavailable>
  }
>()("aidesk/core/administration/Administration") {}
