import { Effect, Layer, Option, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"
import { Campaign } from "../../core/campaign/Campaign.ts"
import { Queue, Status } from "../../core/conversation/Conversation.ts"
import { Directory, type Listing, type Wanted } from "../../core/instance/Directory.ts"
import * as DirectoryCache from "../../core/instance/DirectoryCache.ts"
import type { InstanceId } from "../../core/instance/Instance.ts"
import { Template } from "../../core/template/Template.ts"
import type { Unavailable } from "../../core/Unavailable.ts"
import { orUnavailable } from "./unavailable.ts"

/** One row: the instance's revision and, beside it, each thing asked for as the core's own JSON, or null. */
const Row = Schema.Struct({
  revision: Schema.Int,
  template: Schema.OptionFromNullOr(Template),
  campaign: Schema.OptionFromNullOr(Campaign),
  queue: Schema.OptionFromNullOr(Queue),
  status: Schema.OptionFromNullOr(Status)
})

const nothing: Listing = {
  revision: 0,
  template: Option.none(),
  campaign: Option.none(),
  queue: Option.none(),
  status: Option.none()
}

export const layer = Layer.effect(
  Directory,
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient

    // One statement, so that the revision and what it stands for are of the same moment.
    const find = SqlSchema.findOneOption({
      Request: Schema.Struct({
        instanceId: Schema.Int,
        templateId: Schema.NullOr(Schema.Int),
        campaignId: Schema.NullOr(Schema.Int),
        queueId: Schema.Int,
        statusId: Schema.Int
      }),
      Result: Row,
      execute: ({ campaignId, instanceId, queueId, statusId, templateId }) => sql`
        select i.revision,
          case when c.id is null then null else jsonb_build_object(
            'id', c.id, 'name', c.name, 'templateId', c.template_id, 'state', c.state, 'variables', c.variables
          ) end as campaign,
          case when t.id is null then null else jsonb_build_object(
            'id', t.id, 'name', t.name, 'language', t.language, 'category', t.category, 'status', t.status,
            'parameterFormat', t.parameter_format, 'components', t.components, 'variables', t.variables
          ) end as template,
          case when q.id is null then null else jsonb_build_object('id', q.id, 'name', q.name) end as queue,
          case when s.id is null then null else jsonb_build_object('id', s.id, 'name', s.name) end as status
        from instance i
        left join campaign c on c.instance_id = i.id and c.id = ${campaignId}::int
        left join template t on t.instance_id = i.id and t.id = coalesce(c.template_id, ${templateId}::int)
        left join queue q on q.instance_id = i.id and q.id = ${queueId}::int
        left join conversation_status s on s.instance_id = i.id and s.id = ${statusId}::int
        where i.id = ${instanceId}`
    })

    const read = (instanceId: InstanceId, wanted: Wanted): Effect.Effect<Listing, Unavailable> =>
      find({
        instanceId,
        templateId: wanted.templateId ?? null,
        campaignId: wanted.campaignId ?? null,
        queueId: wanted.queueId,
        statusId: wanted.statusId
      }).pipe(orUnavailable, Effect.map(Option.getOrElse(() => nothing)))

    return yield* DirectoryCache.make(read)
  })
)
