import { DateTime, Effect, Option, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"
import type { Administration } from "../../../core/administration/Administration.ts"
import { NotFound } from "../../../core/administration/Refusal.ts"
import { Template, TemplateContent } from "../../../core/template/Template.ts"
import { orUnavailable } from "../unavailable.ts"
import { idOf, insertion, orTaken, type Own } from "./insertion.ts"
import type { Owner } from "./instances.ts"

type Methods = Pick<Administration["Service"], "addTemplate" | "template" | "templates" | "setTemplateStatus">

const encode = Schema.encodeSync(TemplateContent)

export const make = (owner: Owner): Effect.Effect<Methods, never, SqlClient.SqlClient> =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const columns = sql`
      id, name, language, category, status, parameter_format as "parameterFormat", components, variables`

    const insert = SqlSchema.findOneOption({
      Request: Schema.Struct({
        instanceId: Schema.Int,
        id: Schema.UndefinedOr(Schema.Int),
        content: Schema.toType(TemplateContent),
        createdAt: Schema.Date
      }),
      Result: Template,
      execute: ({ content, createdAt, id, instanceId }) => {
        const { category, components, language, name, parameterFormat, status, variables } = encode(content)
        return sql`
          with owner as (
            update instance set revision = revision + 1 where id = ${instanceId}::bigint returning id
          )
          insert into template (
            id, instance_id, name, language, category, status, parameter_format, components, variables, created_at
          )
          select ${idOf(sql, { table: "template", id })}, owner.id, ${name}, ${language}, ${category}, ${status},
            ${parameterFormat}, ${JSON.stringify(components)}::jsonb, ${JSON.stringify(variables)}::jsonb, ${createdAt}
          from owner
          returning ${columns}`
      }
    })

    const find = SqlSchema.findOneOption({
      Request: Schema.Struct({ instanceId: Schema.Int, id: Schema.Int }),
      Result: Template,
      execute: ({ id, instanceId }) => sql`
        select ${columns} from template where instance_id = ${instanceId} and id = ${id}::bigint`
    })

    const list = SqlSchema.findAll({
      Request: Schema.Int,
      Result: Template,
      execute: (instanceId) => sql`select ${columns} from template where instance_id = ${instanceId} order by id`
    })

    const setStatus = SqlSchema.findOneOption({
      Request: Schema.Struct({ instanceId: Schema.Int, id: Schema.Int, status: Schema.String }),
      Result: Template,
      execute: ({ id, instanceId, status }) => sql`
        with owned as (
          select id, instance_id from template where instance_id = ${instanceId}::bigint and id = ${id}::bigint
        ), owner as (
          update instance set revision = revision + 1 where id in (select instance_id from owned)
        )
        update template set status = ${status} where id in (select id from owned)
        returning ${columns}`
    })

    return {
      addTemplate: Effect.fnUntraced(function* ({ content, id, instanceId }) {
        const createdAt = yield* DateTime.nowAsDate
        const own: Own = {
          table: "template",
          kind: "template",
          id,
          field: "name",
          value: `${content.name} (${content.language})`,
          constraint: "template_instance_id_name_language_key"
        }
        const added = yield* insertion(sql, own, orTaken(own)(insert({ instanceId, id, content, createdAt })))
        return Option.isSome(added) ? added.value : yield* new NotFound({ kind: "instance", id: instanceId })
      }),

      template: Effect.fnUntraced(function* (instanceId, id) {
        yield* owner(instanceId)
        const template = yield* orUnavailable(find({ instanceId, id }))
        return Option.isSome(template) ? template.value : yield* new NotFound({ kind: "template", id })
      }),

      setTemplateStatus: Effect.fnUntraced(function* (instanceId, id, status) {
        const template = yield* orUnavailable(setStatus({ instanceId, id, status }))
        if (Option.isSome(template)) return template.value
        yield* owner(instanceId)
        return yield* new NotFound({ kind: "template", id })
      }),

      templates: Effect.fnUntraced(function* (instanceId) {
        yield* owner(instanceId)
        return yield* orUnavailable(list(instanceId))
      })
    }
  })
