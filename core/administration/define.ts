/** Templates and campaigns as an operator writes them down, judged and stored. */
import { Effect } from "effect"
import type { CampaignId, CampaignState } from "../campaign/Campaign.ts"
import * as CampaignDefinition from "../campaign/CampaignDefinition.ts"
import type { InstanceId } from "../instance/Instance.ts"
import type { TemplateId } from "../template/Template.ts"
import * as TemplateDefinition from "../template/TemplateDefinition.ts"
import { Administration } from "./Administration.ts"

/**
 * Stores the template that `definition` describes (see `TemplateDefinition`). Fails with `InvalidDefinition`,
 * `NotFound`, `Taken`, `Unavailable`.
 */
export const defineTemplate = Effect.fnUntraced(function* (
  instanceId: InstanceId,
  definition: unknown,
  id?: TemplateId
) {
  const content = yield* Effect.fromResult(TemplateDefinition.decode(definition))
  const administration = yield* Administration
  return yield* administration.addTemplate({ instanceId, content, ...(id === undefined ? {} : { id }) })
})

/**
 * Stores the campaign that `definition` describes (see `CampaignDefinition`), in `state` where one is given. Fails with
 * `InvalidDefinition`, `NotFound`, `Taken`, `Unavailable`.
 */
export const defineCampaign = Effect.fnUntraced(function* (
  instanceId: InstanceId,
  definition: unknown,
  { id, state }: { readonly id?: CampaignId; readonly state?: CampaignState } = {}
) {
  const read = yield* Effect.fromResult(CampaignDefinition.decode(definition))
  const administration = yield* Administration
  const template = yield* administration.template(instanceId, read.template_id)
  const content = yield* Effect.fromResult(CampaignDefinition.judge(read, template))
  return yield* administration.addCampaign({
    instanceId,
    content: state === undefined ? content : { ...content, state },
    ...(id === undefined ? {} : { id })
  })
})
