import { Clock, Effect } from "effect"
import { HttpRouter } from "effect/http"
import { json, success } from "./GraphAnswers.ts"
import { objectMissing } from "./GraphError.ts"
import { graphObject } from "./GraphPath.ts"
import type { GraphRequest } from "./GraphRequest.ts"
import { readJson } from "./GraphRequest.ts"
import type { Media } from "./Media.ts"
import { mediaAnswer } from "./MediaRoutes.ts"
import { shownTemplate } from "./TemplateListing.ts"
import type { Templates } from "./Templates.ts"

/** `/{version}/{id}`: what an id stands for, a file or a template, decides what can be done with it. */
export const objectRoutes = (media: Media, templates: Templates, graphRequest: GraphRequest) => [
  HttpRouter.route(
    "GET",
    graphObject,
    graphRequest(
      Effect.fnUntraced(function* ({ host, id, query }) {
        const now = yield* Clock.currentTimeMillis
        const file = media.find(id, now)
        if (file !== undefined) return mediaAnswer(file, `http://${host}`, now)
        const template = templates.find(id)
        if (template === undefined) return yield* Effect.fail(objectMissing("GET", id))
        return json(shownTemplate(template, query["fields"]))
      })
    )
  ),

  HttpRouter.route(
    "POST",
    graphObject,
    graphRequest(
      Effect.fnUntraced(function* ({ id, request }) {
        const template = templates.find(id)
        if (template === undefined) return yield* Effect.fail(objectMissing("POST", id))
        yield* Effect.fromResult(templates.edit(template, yield* readJson(request)))
        return success
      })
    )
  ),

  HttpRouter.route(
    "DELETE",
    graphObject,
    graphRequest(({ id }) => (media.remove(id) ? Effect.succeed(success) : Effect.fail(objectMissing("DELETE", id))))
  )
]
