/** What was sent to a webhook endpoint, what came of it, and sending it again. */
import { DateTime, Effect, Option, Schema } from "effect"
import { FeedCursor } from "../../../core/event/EventFeed.ts"
import { failure, type Failure } from "../../../core/failure/Failure.ts"
import { Deliveries } from "../../../core/webhook/Deliveries.ts"
import { DeliveryId, DeliveryState } from "../../../core/webhook/Delivery.ts"
import { findEndpoint } from "../../../core/webhook/manageEndpoint.ts"
import { replayBetween, replayEvent, replayExhausted } from "../../../core/webhook/replay.ts"
import type { WebhookEndpoint } from "../../../core/webhook/WebhookEndpoint.ts"
import * as Shape from "../Shape.ts"
import * as Body from "./Body.ts"
import * as Endpoint from "./Endpoint.ts"
import * as Page from "./Page.ts"
import * as Parameter from "./Parameter.ts"
import * as Path from "./Path.ts"
import * as Query from "./Query.ts"
import * as WebhookAnswer from "./WebhookAnswer.ts"
import { absent, path } from "./webhookEndpoints.ts"

const deliveryPlaces = Page.cursorOf(DeliveryId)
const feedPlaces = Page.cursorOf(FeedCursor)

const Filter = Schema.Struct({
  state: Schema.optionalKey(DeliveryState),
  limit: Page.limit,
  cursor: Page.cursor
})

const filterSentences = { ...Page.sentences, state: `deve ser um entre ${DeliveryState.literals.join(", ")}` }

/** The latest first. */
export const list = Endpoint.make({
  method: "GET",
  route: "/v1/webhook-endpoints/:id/deliveries",
  path,
  query: Query.of(Filter, filterSentences),
  body: Body.none,
  handle: Effect.fnUntraced(function* ({ instance, path: { id }, query }) {
    const before = yield* deliveryPlaces.read(query.cursor)
    const { limit = Page.usual, state } = query
    yield* findEndpoint(instance.id, id).pipe(Effect.catchTag("EndpointNotFound", absent))
    const found = yield* (yield* Deliveries).list(instance.id, id, { state, before }, limit + 1)
    const shown = found.slice(0, limit)
    const last = found.length > limit ? shown.at(-1) : undefined
    return Page.answer(shown.map(WebhookAnswer.inList), last === undefined ? undefined : deliveryPlaces.write(last.id))
  })
})

export const show = Endpoint.make({
  method: "GET",
  route: "/v1/deliveries/:id",
  path: Path.of(Schema.Struct({ id: DeliveryId }), "delivery_not_found"),
  query: Query.none,
  body: Body.none,
  handle: Effect.fnUntraced(function* ({ instance, path: { id } }) {
    const delivery = yield* (yield* Deliveries).find(instance.id, id)
    return Option.isSome(delivery)
      ? Endpoint.json(200, WebhookAnswer.ofDelivery(delivery.value))
      : yield* failure("delivery_not_found")
  })
})

const Replay = Schema.Struct({
  event_id: Schema.optionalKey(Schema.String.check(Schema.isPattern(/^evt_\w{1,200}$/u))),
  failed_since: Schema.optionalKey(Parameter.time),
  from: Schema.optionalKey(Parameter.time),
  to: Schema.optionalKey(Parameter.time),
  cursor: Schema.optionalKey(Schema.String)
})

const replaySentences = {
  event_id: "deve ser o identificador de um evento, como evt_019a… (no cabeçalho webhook-id)",
  failed_since: Parameter.timeSentence,
  from: Parameter.timeSentence,
  to: Parameter.timeSentence,
  cursor: "deve ser o `next_cursor` da resposta anterior"
}

const oneOf = (message: string): Failure => failure("one_of_required", { message })

const unclear = oneOf('Informe exatamente um: "event_id", "failed_since" ou o par "from" e "to".')

/** How much is due by now, and where to go on; nothing where it is done. */
interface Replayed {
  readonly queued: number
  readonly next: string | undefined
}

const written = <Place>(
  { write }: Page.Cursor<Place>,
  { next, queued }: { readonly queued: number; readonly next: Place | undefined }
): Replayed => ({
  queued,
  next: next === undefined ? undefined : write(next)
})

const carryOut = Effect.fnUntraced(function* (endpoint: WebhookEndpoint, asked: typeof Replay.Type) {
  const { cursor, event_id, failed_since, from, to } = asked
  const ways = [event_id, failed_since, from ?? to].filter((way) => way !== undefined)
  if (ways.length !== 1) return yield* unclear
  if (event_id !== undefined) {
    if (cursor !== undefined) return yield* Page.invalidCursor("cursor")
    const { queued } = yield* replayEvent(endpoint, event_id).pipe(
      Effect.catchTags({ EventNotFound: () => failure("event_not_found"), InvalidCursor: Effect.die })
    )
    return { queued, next: undefined } satisfies Replayed
  }
  if (failed_since !== undefined) {
    const after = yield* deliveryPlaces.read(cursor)
    return written(deliveryPlaces, yield* replayExhausted(endpoint, failed_since, after))
  }
  if (from === undefined || to === undefined) return yield* unclear
  if (DateTime.isLessThan(to, from)) {
    return yield* failure("invalid_field", {
      field: "to",
      message: 'O campo "to" deve ser igual ou posterior a "from".'
    })
  }
  const after = yield* feedPlaces.read(cursor)
  const replayed = yield* replayBetween(endpoint, { from, to }, after).pipe(
    Effect.catchTag("InvalidCursor", () => Page.invalidCursor("cursor"))
  )
  return written(feedPlaces, replayed)
})

/** Answers when all is due, not when it has been sent. What is much is done in several requests. */
export const replay = Endpoint.make({
  method: "POST",
  route: "/v1/webhook-endpoints/:id/replay",
  path,
  query: Query.none,
  body: Body.json(Shape.decoder(Replay, replaySentences)),
  handle: Effect.fnUntraced(function* ({ body, instance, path: { id } }) {
    const endpoint = yield* findEndpoint(instance.id, id).pipe(Effect.catchTag("EndpointNotFound", absent))
    const { next, queued } = yield* carryOut(endpoint, body)
    return Endpoint.json(202, { queued, next_cursor: next ?? null })
  })
})
