import { Effect, Result, Schema } from "effect"
import { HttpRouter } from "effect/http"
import { json, success } from "./GraphAnswers.ts"
import { graphError, objectMissing } from "./GraphError.ts"
import type { GraphError } from "./GraphError.ts"
import { graphObject } from "./GraphPath.ts"
import type { GraphRequest } from "./GraphRequest.ts"
import { readJson } from "./GraphRequest.ts"
import type { Query } from "./TemplateListing.ts"
import { templatePage } from "./TemplateListing.ts"
import type { Template, Templates } from "./Templates.ts"

const decodeIds = Schema.decodeUnknownResult(Schema.fromJsonString(Schema.Array(Schema.String)))

const notFound = graphError(100, { subcode: 2593002, userText: "Message template not found" })

/** What a `DELETE` names: `hsm_ids` (all or none), `hsm_id` with its `name`, or every language of a `name`. */
const toDelete = (
  templates: ReadonlyArray<Template>,
  query: Query
): Result.Result<ReadonlyArray<Template>, GraphError> => {
  const { hsm_id: id, hsm_ids: listed, name } = query
  if (listed !== undefined) {
    return Result.match(decodeIds(listed), {
      onFailure: () => Result.fail(graphError(100, { details: "Param hsm_ids must be a JSON array of ids." })),
      onSuccess: (ids) => {
        const found = templates.filter((template) => ids.includes(template.id))
        return found.length === new Set(ids).size ? Result.succeed(found) : Result.fail(notFound)
      }
    })
  }
  if (name === undefined) return Result.fail(graphError(100, { title: "The parameter name is required." }))
  const found = templates.filter(
    (template) => template.definition.name === name && (id === undefined || template.id === id)
  )
  return found.length === 0 ? Result.fail(notFound) : Result.succeed(found)
}

/** `GET`, `POST` and `DELETE /{version}/{waba-id}/message_templates`, and `POST /{version}/{template-id}/unpause`. */
export const templateRoutes = (templates: Templates, graphRequest: GraphRequest) => [
  HttpRouter.route(
    "GET",
    `${graphObject}/message_templates`,
    graphRequest(({ host, id, query, version }) =>
      Effect.map(
        Effect.fromResult(templatePage(templates.list(id), query, `http://${host}/${version}/${id}/message_templates`)),
        (page) => json(page)
      )
    )
  ),

  HttpRouter.route(
    "POST",
    `${graphObject}/message_templates`,
    graphRequest(
      Effect.fnUntraced(function* ({ id: wabaId, request }) {
        const created = yield* Effect.fromResult(templates.create(wabaId, yield* readJson(request)))
        return json({ id: created.id, status: created.status, category: created.definition.category })
      })
    )
  ),

  HttpRouter.route(
    "DELETE",
    `${graphObject}/message_templates`,
    graphRequest(({ id, query }) =>
      Effect.map(Effect.fromResult(toDelete(templates.list(id), query)), (found) => {
        templates.remove(found)
        return success
      })
    )
  ),

  HttpRouter.route(
    "POST",
    `${graphObject}/unpause`,
    graphRequest(({ id }) => {
      const template = templates.find(id)
      if (template === undefined) return Effect.fail(objectMissing("POST", id))
      if (template.status === "PAUSED") templates.setStatus(template, "APPROVED")
      return Effect.succeed(success)
    })
  )
]
