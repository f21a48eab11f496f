import type { Effect, Redacted } from "effect"
import { Context, Schema } from "effect"
import type { Campaign, CampaignId, CampaignState } from "../campaign/Campaign.ts"
import type { Intent, KeywordOverrides } from "../consent/Keywords.ts"
import { ContactId } from "../contact/Contact.ts"
import type { Queue, Status } from "../conversation/Conversation.ts"
import type { ApiKey, ApiKeyId } from "../instance/ApiKey.ts"
import { Instance, type InstanceId } from "../instance/Instance.ts"
import type { NoSealingKey } from "../instance/Sealing.ts"
import type { Template, TemplateId } from "../template/Template.ts"
import type { Unavailable } from "../Unavailable.ts"
import type { NewCampaign, NewInstance, NewKey, NewQueue, NewStatus, NewTemplate } from "./Entry.ts"
import type { CampaignStuck, NotFound, NotLive, Taken } from "./Refusal.ts"

/** An instance as a list shows it: whether it has a token, never the token. */
export class ListedInstance extends Schema.Class<ListedInstance>("ListedInstance")({
  ...Instance.fields,
  hasToken: Schema.Boolean,
  /** As people know the number; nothing until a webhook has told. */
  displayNumber: Schema.Option(Schema.String)
}) {}

/** One thing that Meta says of a business number or its account. */
export class HealthAspect extends Schema.Class<HealthAspect>("HealthAspect")({
  /** `messaging_limit`, `account`, `alert:OBA_APPROVED`, … */
  aspect: Schema.String,
  value: Schema.Json,
  /** By Meta's clock. */
  at: Schema.DateTimeUtc
}) {}

/** What an operator was told by a person: that they want no more marketing, or that they do again. */
export interface ConsentGiven {
  readonly instanceId: InstanceId
  /** Or a retired id of the contact. */
  readonly contactId: ContactId
  readonly intent: Intent
}

/** What holds of a person from now on. */
export class ContactConsent extends Schema.Class<ContactConsent>("ContactConsent")({
  /** Of a contact that proved to be another: the other. */
  contactId: ContactId,
  /** Nothing where marketing may be sent. */
  optedOutAt: Schema.Option(Schema.DateTimeUtc),
  /** Whether it is other than before. */
  changed: Schema.Boolean
}) {}

export interface Move {
  readonly instanceId: InstanceId
  readonly id: CampaignId
  /** The states it may be in; in any other nothing changes. */
  readonly from: ReadonlyArray<CampaignState>
  readonly to: CampaignState
}

/**
 * Port: what an operator sets up, looks after and sets right, for each instance.
 *
 * Whatever belongs to an instance is found only through it: with another instance's id it answers `NotFound`, as what
 * never existed does. Every change of queues, statuses, templates and campaigns raises the instance's `revision` in the
 * same transaction, so that nothing is sent on what was true before (see `Directory`); the end of a key or of a token is
 * known within seconds (see `KeyRing`, `AccessTokens`).
 * Lists are in the order of ids.
 */
export class Administration extends Context.Service<
  Administration,
  {
    /** `Taken` by another instance of the same mode with the same business number. A live one's token is sealed. */
    readonly addInstance: (instance: NewInstance) => Effect.Effect<Instance, Taken | NoSealingKey | Unavailable>
    readonly instance: (id: InstanceId) => Effect.Effect<Instance, NotFound | Unavailable>
    readonly instances: Effect.Effect<ReadonlyArray<ListedInstance>, Unavailable>

    /** Replaces the token of a live instance, or gives it one. */
    readonly setToken: (
      id: InstanceId,
      token: Redacted.Redacted
    ) => Effect.Effect<void, NotFound | NotLive | NoSealingKey | Unavailable>
    readonly keywords: (id: InstanceId) => Effect.Effect<KeywordOverrides, NotFound | Unavailable>
    /** They hold for what is heard from now on. */
    readonly setKeywords: (
      id: InstanceId,
      keywords: KeywordOverrides
    ) => Effect.Effect<KeywordOverrides, NotFound | Unavailable>
    /** The latest first. */
    readonly health: (id: InstanceId) => Effect.Effect<ReadonlyArray<HealthAspect>, NotFound | Unavailable>

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
    /** Until Meta says otherwise. */
    readonly setTemplateStatus: (
      instanceId: InstanceId,
      id: TemplateId,
      status: string
    ) => Effect.Effect<Template, NotFound | Unavailable>
    readonly templates: (instanceId: InstanceId) => Effect.Effect<ReadonlyArray<Template>, NotFound | Unavailable>

    /** `NotFound` is said of the instance, else of the template. */
    readonly addCampaign: (campaign: NewCampaign) => Effect.Effect<Campaign, NotFound | Taken | Unavailable>
    readonly moveCampaign: (move: Move) => Effect.Effect<Campaign, NotFound | CampaignStuck | Unavailable>
    readonly campaigns: (instanceId: InstanceId) => Effect.Effect<ReadonlyArray<Campaign>, NotFound | Unavailable>

    /** As of now; told of by an event, where it changes what holds. */
    readonly recordConsent: (given: ConsentGiven) => Effect.Effect<ContactConsent, NotFound | Unavailable>
  }
>()("aidesk/core/administration/Administration") {}
