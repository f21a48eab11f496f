/**
 * What an operator sets up, as it is given to be stored: judged already, and without the id it gets. An id may be
 * given where somebody outside has fixed it; ids that are given out later keep clear of it.
 */
import { Schema } from "effect"
import { CampaignContent, CampaignId } from "../campaign/Campaign.ts"
import { QueueId, StatusId } from "../conversation/Conversation.ts"
import { KeyHash } from "../instance/ApiKey.ts"
import { InstanceId } from "../instance/Instance.ts"
import { TemplateContent, TemplateId } from "../template/Template.ts"
import { MetaId, Name } from "./Name.ts"

/** Leaves half of all ids to be given out after the largest that may be asked for. */
const givenId = Schema.isBetween({ minimum: 1, maximum: 1_000_000_000 })

/** Whom an instance speaks to: Meta, with the token for it, or the simulator, which takes any. */
const Access = Schema.Union([
  Schema.Struct({ mode: Schema.tag("live"), token: Schema.Redacted(Schema.NonEmptyString) }),
  Schema.Struct({ mode: Schema.tag("simulated") })
])

export const NewInstance = Schema.Struct({
  id: Schema.optionalKey(InstanceId.check(givenId)),
  name: Name,
  phoneNumberId: MetaId,
  wabaId: MetaId,
  access: Access
})
export type NewInstance = typeof NewInstance.Type

/** Of the key itself only what may be kept: its hash, and enough of it to recognise it. */
export const NewKey = Schema.Struct({
  instanceId: InstanceId,
  label: Name,
  hash: KeyHash,
  hint: Schema.String
})
export type NewKey = typeof NewKey.Type

export const NewQueue = Schema.Struct({
  instanceId: InstanceId,
  id: Schema.optionalKey(QueueId.check(givenId)),
  name: Name
})
export type NewQueue = typeof NewQueue.Type

export const NewStatus = Schema.Struct({
  instanceId: InstanceId,
  id: Schema.optionalKey(StatusId.check(givenId)),
  name: Name
})
export type NewStatus = typeof NewStatus.Type

export const NewTemplate = Schema.Struct({
  instanceId: InstanceId,
  id: Schema.optionalKey(TemplateId.check(givenId)),
  content: TemplateContent
})
export type NewTemplate = typeof NewTemplate.Type

export const NewCampaign = Schema.Struct({
  instanceId: InstanceId,
  id: Schema.optionalKey(CampaignId.check(givenId)),
  content: CampaignContent
})
export type NewCampaign = typeof NewCampaign.Type
