import { DateTime, Effect, Layer, Option, Result, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"
import { Campaign, CampaignId } from "../../core/campaign/Campaign.ts"
import * as CampaignDefinition from "../../core/campaign/CampaignDefinition.ts"
import { Contact, ContactId } from "../../core/contact/Contact.ts"
import { identityKey, PhoneNumber } from "../../core/contact/PhoneNumber.ts"
import { Queue, QueueId, Status, StatusId } from "../../core/conversation/Conversation.ts"
import { Failure } from "../../core/failure/Failure.ts"
import { ApiKey, ApiKeyId } from "../../core/instance/ApiKey.ts"
import { Instance, InstanceId } from "../../core/instance/Instance.ts"
import { MessageStatus } from "../../core/message/Message.ts"
import { Template, TemplateId } from "../../core/template/Template.ts"
import * as TemplateDefinition from "../../core/template/TemplateDefinition.ts"
import { Fixture } from "../contract/Fixture.ts"

const MessageRow = Schema.Struct({
  contact_id: Schema.Int,
  conversation_id: Schema.Int,
  queue_id: Schema.NullOr(Schema.Int),
  status_id: Schema.NullOr(Schema.Int),
  open: Schema.Boolean,
  kind: Schema.Literals(["template", "text", "image", "video", "audio", "document"]),
  text: Schema.String,
  media_url: Schema.NullOr(Schema.String),
  template_id: Schema.NullOr(TemplateId),
  campaign_id: Schema.NullOr(CampaignId),
  variables: Schema.NullOr(Schema.Record(Schema.String, Schema.String)),
  status: MessageStatus,
  wamid: Schema.NullOr(Schema.String),
  wa_id: Schema.NullOr(Schema.String),
  failure: Schema.NullOr(Failure),
  reason: Schema.NullOr(Schema.String),
  calls: Schema.NullOr(Schema.Int)
})

const ContactRow = Schema.Struct({
  id: Schema.Int,
  number: Schema.NullOr(Schema.String),
  name: Schema.NullOr(Schema.String)
})

const ConversationRow = Schema.Struct({
  id: Schema.Int,
  queue_id: Schema.NullOr(Schema.Int),
  status_id: Schema.NullOr(Schema.Int),
  open: Schema.Boolean
})

const date = (at: DateTime.Utc | undefined) => (at === undefined ? null : DateTime.toDate(at))

const idOf = (statement: Effect.Effect<ReadonlyArray<unknown>, unknown>) =>
  statement.pipe(
    Effect.flatMap(Schema.decodeUnknownEffect(Schema.Tuple([Schema.Struct({ id: Schema.Int })]))),
    Effect.map(([row]) => row.id),
    Effect.orDie
  )

export const layer = Layer.effect(
  Fixture,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    let count = 0
    const raise = (instanceId: number) =>
      sql`update instance set revision = revision + 1 where id = ${instanceId}`.pipe(Effect.orDie)

    const instanceAs: Fixture["Service"]["instanceAs"] = Effect.fnUntraced(function* ({
      displayNumber,
      keywords = {},
      mode = "simulated",
      phoneNumberId = String(++count),
      wabaId = `account-${phoneNumberId}`
    }) {
      const name = `Instance ${++count}`
      const id = yield* idOf(sql`
        insert into instance (name, mode, phone_number_id, waba_id, display_number, keywords, created_at)
        values (
          ${name}, ${mode}, ${phoneNumberId}, ${wabaId}, ${displayNumber ?? null}, ${JSON.stringify(keywords)}::jsonb, now()
        ) returning id`)
      return new Instance({ id: InstanceId.make(id), name, mode, phoneNumberId, wabaId })
    })

    return Fixture.of({
      instance: Effect.suspend(() => instanceAs({})),
      instanceAs,

      key: Effect.fnUntraced(function* ({ createdAt, hash, instanceId, label, revokedAt }) {
        const id = yield* idOf(sql`
          insert into api_key (instance_id, hash, label, hint, created_at, revoked_at)
          values (${instanceId}, ${hash}, ${label}, 'ad_test_0', ${date(createdAt)}, ${date(revokedAt)}) returning id`)
        return new ApiKey({
          id: ApiKeyId.make(id),
          instanceId,
          label,
          hint: "ad_test_0",
          createdAt,
          lastUsedAt: Option.none(),
          revokedAt: Option.fromUndefinedOr(revokedAt)
        })
      }),

      queue: Effect.fnUntraced(function* (instanceId) {
        const name = `Queue ${++count}`
        yield* raise(instanceId)
        const id = yield* idOf(sql`
          insert into queue (instance_id, name, created_at) values (${instanceId}, ${name}, now()) returning id`)
        return new Queue({ id: QueueId.make(id), name })
      }),

      status: Effect.fnUntraced(function* (instanceId) {
        const name = `Status ${++count}`
        yield* raise(instanceId)
        const id = yield* idOf(sql`
          insert into conversation_status (instance_id, name, created_at)
          values (${instanceId}, ${name}, now()) returning id`)
        return new Status({ id: StatusId.make(id), name })
      }),

      template: Effect.fnUntraced(function* (instanceId, definition) {
        const content = Result.getOrThrow(TemplateDefinition.decode(definition))
        yield* raise(instanceId)
        const id = yield* idOf(sql`
          insert into template (
            instance_id, name, language, category, status, parameter_format, components, variables, created_at
          ) values (
            ${instanceId}, ${content.name}, ${content.language}, ${content.category}, ${content.status},
            ${content.parameterFormat}, ${JSON.stringify(content.components)}::jsonb,
            ${JSON.stringify(content.variables)}::jsonb, now()
          ) returning id`)
        return new Template({ id: TemplateId.make(id), ...content })
      }),

      setTemplateStatus: Effect.fnUntraced(function* (id, status) {
        const instanceId = yield* idOf(sql`
          update template set status = ${status} where id = ${id} returning instance_id as id`)
        yield* raise(instanceId)
      }),

      campaign: Effect.fnUntraced(function* (instanceId, template, definition) {
        const read = Result.getOrThrow(CampaignDefinition.decode(definition))
        const content = Result.getOrThrow(CampaignDefinition.judge(read, template))
        yield* raise(instanceId)
        const id = yield* idOf(sql`
          insert into campaign (instance_id, name, template_id, state, variables, created_at)
          values (
            ${instanceId}, ${content.name}, ${content.templateId}, ${content.state},
            ${JSON.stringify(content.variables)}::jsonb, now()
          ) returning id`)
        return new Campaign({ id: CampaignId.make(id), ...content })
      }),

      contact: Effect.fnUntraced(function* ({ instanceId, lastInboundAt, name, number: digits }) {
        const number = digits === undefined ? undefined : PhoneNumber.make(digits)
        const id = yield* idOf(sql`
          insert into contact (instance_id, number, identity_key, name, last_inbound_at, created_at)
          values (
            ${instanceId}, ${number ?? null}, ${number === undefined ? null : identityKey(number)}, ${name ?? null},
            ${date(lastInboundAt)}, ${date(yield* DateTime.now)}
          ) returning id`)
        return new Contact({
          id: ContactId.make(id),
          instanceId,
          number: Option.fromUndefinedOr(number),
          name: Option.fromUndefinedOr(name),
          lastInboundAt: Option.fromUndefinedOr(lastInboundAt)
        })
      }),

      closeConversation: (contactId) =>
        sql`update conversation set closed_at = now() where contact_id = ${contactId} and closed_at is null`.pipe(
          Effect.orDie,
          Effect.asVoid
        ),

      revision: (instanceId) => idOf(sql`select revision as id from instance where id = ${instanceId}`),

      message: (id) =>
        SqlSchema.findOneOption({
          Request: Schema.String,
          Result: MessageRow,
          execute: (id) => sql`
            select m.contact_id, m.conversation_id, v.queue_id, v.status_id, v.closed_at is null as open, m.kind, m.text,
              m.media_url, m.template_id, m.campaign_id, m.variables, coalesce(o.status, 'reserved') as status,
              o.wamid, o.wa_id, o.failure, o.reason, o.calls
            from message m
            join conversation v on v.id = m.conversation_id
            left join outcome o on o.message_id = m.id
            where m.id = ${id}`
        })(id).pipe(
          Effect.orDie,
          Effect.map((found) =>
            Option.getOrUndefined(
              Option.map(found, (row) => ({
                contactId: row.contact_id,
                conversation: {
                  id: row.conversation_id,
                  queueId: row.queue_id ?? undefined,
                  statusId: row.status_id ?? undefined,
                  open: row.open
                },
                record: {
                  kind: row.kind,
                  text: row.text,
                  mediaUrl: row.media_url ?? undefined,
                  templateId: row.template_id ?? undefined,
                  campaignId: row.campaign_id ?? undefined,
                  variables: row.variables ?? undefined
                },
                status: row.status,
                wamid: row.wamid ?? undefined,
                waId: row.wa_id ?? undefined,
                failure: row.failure ?? undefined,
                reason: row.reason ?? undefined,
                calls: row.calls ?? undefined
              }))
            )
          )
        ),

      messageCount: (instanceId) =>
        idOf(sql`select count(*)::int as id from message where instance_id = ${instanceId}`),

      contacts: (instanceId) =>
        sql`select id, number, name from contact where instance_id = ${instanceId} order by id`.pipe(
          Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(ContactRow))),
          Effect.orDie,
          Effect.map((rows) =>
            rows.map(({ id, name, number }) => ({ id, number: number ?? undefined, name: name ?? undefined }))
          )
        ),

      conversations: (contactId) =>
        sql`
          select id, queue_id, status_id, closed_at is null as open
          from conversation where contact_id = ${contactId} order by id`.pipe(
          Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(ConversationRow))),
          Effect.orDie,
          Effect.map((rows) =>
            rows.map(({ id, open, queue_id, status_id }) => ({
              id,
              queueId: queue_id ?? undefined,
              statusId: status_id ?? undefined,
              open
            }))
          )
        )
    })
  })
)
