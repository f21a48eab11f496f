import { DateTime, Effect, Option, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"
import type { Administration } from "../../../core/administration/Administration.ts"
import { CampaignStuck, NotFound } from "../../../core/administration/Refusal.ts"
import { Campaign, CampaignContent, CampaignState } from "../../../core/campaign/Campaign.ts"
import { orUnavailable } from "../unavailable.ts"
import { idOf, insertion, orTaken, type Own } from "./insertion.ts"
import type { Owner } from "./instances.ts"

type Methods = Pick<Administration["Service"], "addCampaign" | "moveCampaign" | "campaigns">

const encode = Schema.encodeSync(CampaignContent)

export const make = (owner: Owner): Effect.Effect<Methods, never, SqlClient.SqlClient> =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const columns = sql`c.id, c.name, c.template_id as "templateId", c.state, c.variables`

    const insert = SqlSchema.findOneOption({
      Request: Schema.Struct({
        instanceId: Schema.Int,
        id: Schema.UndefinedOr(Schema.Int),
        content: Schema.toType(CampaignContent),
        createdAt: Schema.Date
      }),
      Result: Campaign,
      execute: ({ content, createdAt, id, instanceId }) => {
        const { name, state, templateId, variables } = encode(content)
        return sql`
          with owned as (
            select i.id as instance_id, t.id as template_id
            from instance i join template t on t.instance_id = i.id
            where i.id = ${instanceId}::bigint and t.id = ${templateId}::bigint
          ), owner as (
            update instance i set revision = revision + 1 from owned where i.id = owned.instance_id
            returning owned.instance_id, owned.template_id
          )
          insert into campaign as c (id, instance_id, name, template_id, state, variables, created_at)
          select ${idOf(sql, { table: "campaign", id })}, owner.instance_id, ${name}, owner.template_id, ${state},
            ${JSON.stringify(variables)}::jsonb, ${createdAt}
          from owner
          returning ${columns}`
      }
    })

    const move = SqlSchema.findOneOption({
      Request: Schema.Struct({
        instanceId: Schema.Int,
        id: Schema.Int,
        from: Schema.Array(CampaignState),
        to: CampaignState
      }),
      Result: Campaign,
      execute: ({ from, id, instanceId, to }) => sql`
        with owner as (
          update instance set revision = revision + 1 where id = ${instanceId}::bigint returning id
        )
        update campaign c set state = ${to} from owner
        where c.instance_id = owner.id and c.id = ${id}::bigint and c.state = any (${from}::text[])
        returning ${columns}`
    })

    const find = SqlSchema.findOneOption({
      Request: Schema.Struct({ instanceId: Schema.Int, id: Schema.Int }),
      Result: Campaign,
      execute: ({ id, instanceId }) => sql`
        select ${columns} from campaign c where c.instance_id = ${instanceId} and c.id = ${id}::bigint`
    })

    const list = SqlSchema.findAll({
      Request: Schema.Int,
      Result: Campaign,
      execute: (instanceId) => sql`select ${columns} from campaign c where c.instance_id = ${instanceId} order by c.id`
    })

    return {
      addCampaign: Effect.fnUntraced(function* ({ content, id, instanceId }) {
        const createdAt = yield* DateTime.nowAsDate
        const own: Own = {
          table: "campaign",
          kind: "campaign",
          id,
          field: "name",
          value: content.name,
          constraint: "campaign_instance_id_name_key"
        }
        const added = yield* insertion(sql, own, orTaken(own)(insert({ instanceId, id, content, createdAt })))
        if (Option.isSome(added)) return added.value
        yield* owner(instanceId)
        return yield* new NotFound({ kind: "template", id: content.templateId })
      }),

      moveCampaign: Effect.fnUntraced(function* (wanted) {
        const moved = yield* orUnavailable(move(wanted))
        if (Option.isSome(moved)) return moved.value
        yield* owner(wanted.instanceId)
        const campaign = yield* orUnavailable(find(wanted))
        if (Option.isNone(campaign)) return yield* new NotFound({ kind: "campaign", id: wanted.id })
        return yield* new CampaignStuck({ state: campaign.value.state, wanted: wanted.to })
      }),

      campaigns: Effect.fnUntraced(function* (instanceId) {
        yield* owner(instanceId)
        return yield* orUnavailable(list(instanceId))
      })
    }
  })
