/** `/v1/webhook-endpoints`: who is told of events, and with which secret. */
import { Duration, Effect, Schema } from "effect"
import { failure } from "../../../core/failure/Failure.ts"
import {
  addEndpoint,
  changeEndpoint,
  findEndpoint,
  removeEndpoint,
  rotateSecret,
  testEndpoint
} from "../../../core/webhook/manageEndpoint.ts"
import { Description, Subscription, WebhookEndpointId, WebhookUrl } from "../../../core/webhook/WebhookEndpoint.ts"
import { WebhookEndpoints } from "../../../core/webhook/WebhookEndpoints.ts"
import { defaultOverlap, OverlapHours } from "../../../core/webhook/WebhookSecret.ts"
import * as Shape from "../Shape.ts"
import * as Body from "./Body.ts"
import * as Endpoint from "./Endpoint.ts"
import * as Path from "./Path.ts"
import * as Query from "./Query.ts"
import * as WebhookAnswer from "./WebhookAnswer.ts"

/** The endpoint that a path names. */
export const path = Path.of(Schema.Struct({ id: WebhookEndpointId }), "webhook_endpoint_not_found")

export const absent = () => failure("webhook_endpoint_not_found")
const closed = () => failure("webhook_url_not_allowed", { field: "url" })

const sentences = {
  url: "deve ser um endereço http ou https, sem usuário e senha, de até 2048 caracteres",
  event_types: 'deve ser ["*"] ou uma lista, sem repetição, dos tipos de evento da documentação',
  "event_types.*": 'deve ser ["*"] ou uma lista, sem repetição, dos tipos de evento da documentação',
  description: "deve ser um texto de até 200 caracteres",
  enabled: "deve ser true ou false"
}

const Settings = Schema.Struct({
  url: WebhookUrl,
  event_types: Schema.optionalKey(Subscription),
  description: Schema.optionalKey(Description),
  enabled: Schema.optionalKey(Schema.Boolean)
})

const Changes = Schema.Struct({ ...Settings.fields, url: Schema.optionalKey(WebhookUrl) })

export const add = Endpoint.make({
  method: "POST",
  route: "/v1/webhook-endpoints",
  path: Path.none,
  query: Query.none,
  body: Body.json(Shape.decoder(Settings, sentences)),
  handle: Effect.fnUntraced(function* ({ body, instance }) {
    const { description = "", enabled = true, event_types: eventTypes = ["*"], url } = body
    const added = yield* addEndpoint(instance.id, { url, eventTypes, description, enabled }).pipe(
      Effect.catchTags({
        UrlNotAllowed: closed,
        TooManyEndpoints: () => failure("too_many_webhook_endpoints")
      })
    )
    return Endpoint.json(201, WebhookAnswer.withSecret(added))
  })
})

/** An instance has few: there are no pages. */
export const list = Endpoint.make({
  method: "GET",
  route: "/v1/webhook-endpoints",
  path: Path.none,
  query: Query.none,
  body: Body.none,
  handle: Effect.fnUntraced(function* ({ instance }) {
    const all = yield* (yield* WebhookEndpoints).list(instance.id)
    return Endpoint.json(200, { data: all.map(WebhookAnswer.ofEndpoint), next_cursor: null })
  })
})

export const show = Endpoint.make({
  method: "GET",
  route: "/v1/webhook-endpoints/:id",
  path,
  query: Query.none,
  body: Body.none,
  handle: ({ instance, path: { id } }) =>
    findEndpoint(instance.id, id).pipe(
      Effect.map((endpoint) => Endpoint.json(200, WebhookAnswer.ofEndpoint(endpoint))),
      Effect.catchTag("EndpointNotFound", absent)
    )
})

/** Only what is there: no change is one to nothing. */
const changesIn = ({ description, enabled, event_types, url }: typeof Changes.Type) => ({
  ...(url !== undefined && { url }),
  ...(event_types !== undefined && { eventTypes: event_types }),
  ...(description !== undefined && { description }),
  ...(enabled !== undefined && { enabled })
})

export const change = Endpoint.make({
  method: "PATCH",
  route: "/v1/webhook-endpoints/:id",
  path,
  query: Query.none,
  body: Body.json(Shape.decoder(Changes, sentences)),
  handle: Effect.fnUntraced(function* ({ body, instance, path: { id } }) {
    const changed = yield* changeEndpoint(instance.id, id, changesIn(body)).pipe(
      Effect.catchTags({ EndpointNotFound: absent, UrlNotAllowed: closed })
    )
    return Endpoint.json(200, WebhookAnswer.ofEndpoint(changed))
  })
})

export const remove = Endpoint.make({
  method: "DELETE",
  route: "/v1/webhook-endpoints/:id",
  path,
  query: Query.none,
  body: Body.none,
  handle: ({ instance, path: { id } }) =>
    removeEndpoint(instance.id, id).pipe(Effect.as(Endpoint.noContent), Effect.catchTag("EndpointNotFound", absent))
})

const Rotation = Schema.Struct({ previous_valid_hours: Schema.optionalKey(OverlapHours) })

const rotationSentences = { previous_valid_hours: "deve ser um número inteiro de 0 a 168" }

export const rotate = Endpoint.make({
  method: "POST",
  route: "/v1/webhook-endpoints/:id/rotate-secret",
  path,
  query: Query.none,
  body: Body.optionalJson(Shape.decoder(Rotation, rotationSentences)),
  handle: Effect.fnUntraced(function* ({ body, instance, path: { id } }) {
    const { previous_valid_hours: hours } = body
    const overlap = hours === undefined ? defaultOverlap : Duration.hours(hours)
    const rotated = yield* rotateSecret(instance.id, id, overlap).pipe(Effect.catchTag("EndpointNotFound", absent))
    return Endpoint.json(200, WebhookAnswer.withSecret(rotated))
  })
})

/** Waits for what comes of it, fifteen seconds at the most: who tries an endpoint out wants to know. */
export const test = Endpoint.make({
  method: "POST",
  route: "/v1/webhook-endpoints/:id/test",
  path,
  query: Query.none,
  body: Body.none,
  handle: ({ instance, path: { id } }) =>
    testEndpoint(instance.id, id).pipe(
      Effect.map(({ deliveryId, eventId, outcome: { attempt } }) =>
        Endpoint.json(200, {
          delivered: attempt.error === null,
          delivery_id: deliveryId,
          event_id: eventId,
          attempt: WebhookAnswer.ofAttempt(attempt)
        })
      ),
      Effect.catchTag("EndpointNotFound", absent)
    )
})
