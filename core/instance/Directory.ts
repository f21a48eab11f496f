import type { Effect, Option } from "effect"
import { Context } from "effect"
import type { Campaign, CampaignId } from "../campaign/Campaign.ts"
import type { Queue, QueueId, Status, StatusId } from "../conversation/Conversation.ts"
import type { Template, TemplateId } from "../template/Template.ts"
import type { Unavailable } from "../Unavailable.ts"
import type { InstanceId } from "./Instance.ts"

/**
 * What an operator has set up for one instance, as of `revision`. Every change of it raises the
 * instance's revision, and a reservation names the revision its decisions were taken on: what was
 * decided on an older one is refused there and decided anew. So a copy may be kept in memory without
 * anything being sent on stale grounds.
 */
export interface Listing {
  readonly revision: number
  readonly template: Option.Option<Template>
  readonly campaign: Option.Option<Campaign>
  readonly queue: Option.Option<Queue>
  readonly status: Option.Option<Status>
}

/** What is looked up together, for one request. A campaign brings its template along. */
export interface Wanted {
  readonly templateId: TemplateId | undefined
  readonly campaignId: CampaignId | undefined
  readonly queueId: QueueId
  readonly statusId: StatusId
}

/** `current` asks the database; `cached` may answer from memory, which is right for all but a refusal. */
export type Freshness = "cached" | "current"

/** Port: templates, campaigns, queues and statuses, each found only through its own instance. */
export class Directory extends Context.Service<
  Directory,
  {
    readonly find: (instanceId: InstanceId, wanted: Wanted, freshness: Freshness) => Effect.Effect<Listing, Unavailable>
  }
>()("aidesk/core/instance/Directory") {}
