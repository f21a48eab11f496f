/** The `Administration` port as it is spoken between the CLI and the process that has the data folder. */
import { Schema } from "effect"
import { Rpc, RpcGroup } from "effect/rpc"
import { ListedInstance } from "../../core/administration/Administration.ts"
import { NewCampaign, NewInstance, NewKey, NewQueue, NewStatus, NewTemplate } from "../../core/administration/Entry.ts"
import { CampaignStuck, NotFound, Taken } from "../../core/administration/Refusal.ts"
import { Campaign, CampaignId, CampaignState } from "../../core/campaign/Campaign.ts"
import { Queue, Status } from "../../core/conversation/Conversation.ts"
import { ApiKey, ApiKeyId } from "../../core/instance/ApiKey.ts"
import { Instance, InstanceId } from "../../core/instance/Instance.ts"
import { NoSealingKey } from "../../core/instance/Sealing.ts"
import { Template, TemplateId } from "../../core/template/Template.ts"
import { Unavailable } from "../../core/Unavailable.ts"

const ofInstance = { instanceId: InstanceId }
const finding = Schema.Union([NotFound, Unavailable])
const adding = Schema.Union([NotFound, Taken, Unavailable])

export class AdministrationRpcs extends RpcGroup.make(
  Rpc.make("addInstance", {
    payload: NewInstance,
    success: Instance,
    error: Schema.Union([Taken, NoSealingKey, Unavailable])
  }),
  Rpc.make("instance", { payload: ofInstance, success: Instance, error: finding }),
  Rpc.make("instances", { success: Schema.Array(ListedInstance), error: Unavailable }),

  Rpc.make("addKey", { payload: NewKey, success: ApiKey, error: adding }),
  Rpc.make("keys", { payload: ofInstance, success: Schema.Array(ApiKey), error: finding }),
  Rpc.make("revokeKey", { payload: { ...ofInstance, id: ApiKeyId }, success: ApiKey, error: finding }),

  Rpc.make("addQueue", { payload: NewQueue, success: Queue, error: adding }),
  Rpc.make("queues", { payload: ofInstance, success: Schema.Array(Queue), error: finding }),

  Rpc.make("addStatus", { payload: NewStatus, success: Status, error: adding }),
  Rpc.make("statuses", { payload: ofInstance, success: Schema.Array(Status), error: finding }),

  Rpc.make("addTemplate", { payload: NewTemplate, success: Template, error: adding }),
  Rpc.make("template", { payload: { ...ofInstance, id: TemplateId }, success: Template, error: finding }),
  Rpc.make("templates", { payload: ofInstance, success: Schema.Array(Template), error: finding }),

  Rpc.make("addCampaign", { payload: NewCampaign, success: Campaign, error: adding }),
  Rpc.make("moveCampaign", {
    payload: { ...ofInstance, id: CampaignId, from: Schema.Array(CampaignState), to: CampaignState },
    success: Campaign,
    error: Schema.Union([NotFound, CampaignStuck, Unavailable])
  }),
  Rpc.make("campaigns", { payload: ofInstance, success: Schema.Array(Campaign), error: finding })
) {}
