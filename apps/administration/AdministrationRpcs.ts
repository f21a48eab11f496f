/** The ports `Administration`, `Quarantine` and `Resends` as they are spoken between the CLI and the process that has the data folder. */
import { Schema } from "effect"
import { Rpc, RpcGroup } from "effect/rpc"
import { ContactConsent, HealthAspect, ListedInstance } from "../../core/administration/Administration.ts"
import { NewCampaign, NewInstance, NewKey, NewQueue, NewStatus, NewTemplate } from "../../core/administration/Entry.ts"
import { CampaignStuck, NotFound, NotLive, Taken } from "../../core/administration/Refusal.ts"
import { Campaign, CampaignId, CampaignState } from "../../core/campaign/Campaign.ts"
import { Intent, KeywordOverrides } from "../../core/consent/Keywords.ts"
import { ContactId } from "../../core/contact/Contact.ts"
import { Queue, QueueId, Status, StatusId } from "../../core/conversation/Conversation.ts"
import { QuarantineId, SetAside } from "../../core/inbound/Quarantine.ts"
import { ApiKey, ApiKeyId } from "../../core/instance/ApiKey.ts"
import { Instance, InstanceId } from "../../core/instance/Instance.ts"
import { NoSealingKey } from "../../core/instance/Sealing.ts"
import { MessageId } from "../../core/message/Message.ts"
import { SentMessage } from "../../core/resend/Resend.ts"
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

  Rpc.make("setToken", {
    payload: { ...ofInstance, token: Schema.Redacted(Schema.NonEmptyString) },
    error: Schema.Union([NotFound, NotLive, NoSealingKey, Unavailable])
  }),
  Rpc.make("keywords", { payload: ofInstance, success: KeywordOverrides, error: finding }),
  Rpc.make("setKeywords", {
    payload: { ...ofInstance, keywords: KeywordOverrides },
    success: KeywordOverrides,
    error: finding
  }),
  Rpc.make("health", { payload: ofInstance, success: Schema.Array(HealthAspect), error: finding }),

  Rpc.make("addKey", { payload: NewKey, success: ApiKey, error: adding }),
  Rpc.make("keys", { payload: ofInstance, success: Schema.Array(ApiKey), error: finding }),
  Rpc.make("revokeKey", { payload: { ...ofInstance, id: ApiKeyId }, success: ApiKey, error: finding }),

  Rpc.make("addQueue", { payload: NewQueue, success: Queue, error: adding }),
  Rpc.make("queues", { payload: ofInstance, success: Schema.Array(Queue), error: finding }),

  Rpc.make("addStatus", { payload: NewStatus, success: Status, error: adding }),
  Rpc.make("statuses", { payload: ofInstance, success: Schema.Array(Status), error: finding }),

  Rpc.make("addTemplate", { payload: NewTemplate, success: Template, error: adding }),
  Rpc.make("template", { payload: { ...ofInstance, id: TemplateId }, success: Template, error: finding }),
  Rpc.make("setTemplateStatus", {
    payload: { ...ofInstance, id: TemplateId, status: Schema.String },
    success: Template,
    error: finding
  }),
  Rpc.make("templates", { payload: ofInstance, success: Schema.Array(Template), error: finding }),

  Rpc.make("addCampaign", { payload: NewCampaign, success: Campaign, error: adding }),
  Rpc.make("moveCampaign", {
    payload: { ...ofInstance, id: CampaignId, from: Schema.Array(CampaignState), to: CampaignState },
    success: Campaign,
    error: Schema.Union([NotFound, CampaignStuck, Unavailable])
  }),
  Rpc.make("campaigns", { payload: ofInstance, success: Schema.Array(Campaign), error: finding }),

  Rpc.make("recordConsent", {
    payload: { ...ofInstance, contactId: ContactId, intent: Intent },
    success: ContactConsent,
    error: finding
  }),

  Rpc.make("quarantined", {
    payload: { before: Schema.UndefinedOr(QuarantineId), limit: Schema.Int },
    success: Schema.Array(SetAside),
    error: Unavailable
  }),
  Rpc.make("retryQuarantined", {
    payload: { which: Schema.Union([Schema.Array(QuarantineId), Schema.Literal("all")]) },
    success: Schema.Int,
    error: Unavailable
  }),

  Rpc.make("unresolved", {
    payload: {
      instanceId: Schema.UndefinedOr(InstanceId),
      all: Schema.Boolean,
      before: Schema.UndefinedOr(MessageId),
      limit: Schema.Int
    },
    success: Schema.Array(SentMessage),
    error: Unavailable
  }),
  Rpc.make("sentMessage", { payload: { id: MessageId }, success: Schema.Option(SentMessage), error: Unavailable }),
  Rpc.make("wishResend", {
    payload: {
      messageId: MessageId,
      ask: Schema.Int,
      queueId: Schema.UndefinedOr(QueueId),
      statusId: Schema.UndefinedOr(StatusId)
    },
    success: Schema.Boolean,
    error: Unavailable
  })
) {}
