import { Effect, Schema } from "effect"
import { HttpRouter } from "effect/http"
import { Callback } from "./Callback.ts"
import { badCommand, commanded } from "./Command.ts"
import type { FloodParts } from "./Flood.ts"
import { Flood, floodOf } from "./Flood.ts"
import { json, success } from "./GraphAnswers.ts"
import { BehaviourChange } from "./WebhookBehaviour.ts"
import type { Webhooks } from "./Webhooks.ts"

const logQuery = HttpRouter.schemaParams(
  Schema.Struct({
    limit: Schema.optionalKey(
      Schema.FiniteFromString.check(Schema.isInt(), Schema.isBetween({ minimum: 0, maximum: 1000 }))
    )
  })
)
const usualLimit = 100

/** Never with the secret. */
const shownCallback = ({ callback }: Webhooks) => json({ url: callback.current()?.url ?? null })

/** Where webhooks go, how they come, and what became of them. */
export const webhookRoutes = (webhooks: Webhooks, floodParts: FloodParts) => [
  HttpRouter.route(
    "GET",
    "/_simulator/callback",
    Effect.sync(() => shownCallback(webhooks))
  ),
  HttpRouter.route(
    "PUT",
    "/_simulator/callback",
    commanded(Callback, (callback) =>
      Effect.sync(() => {
        webhooks.callback.set(callback)
        return shownCallback(webhooks)
      })
    )
  ),
  HttpRouter.route(
    "DELETE",
    "/_simulator/callback",
    Effect.sync(() => {
      webhooks.callback.set(undefined)
      return success
    })
  ),

  HttpRouter.route(
    "GET",
    "/_simulator/webhooks",
    Effect.sync(() => json(webhooks.behaviour()))
  ),
  HttpRouter.route(
    "POST",
    "/_simulator/webhooks",
    commanded(BehaviourChange, (change) => Effect.map(webhooks.change(change), (behaviour) => json(behaviour)))
  ),
  HttpRouter.route(
    "DELETE",
    "/_simulator/webhooks",
    Effect.map(webhooks.reset, (behaviour) => json(behaviour))
  ),
  HttpRouter.route(
    "POST",
    "/_simulator/webhooks/release",
    Effect.map(webhooks.release, (released) => json({ released }))
  ),
  HttpRouter.route(
    "POST",
    "/_simulator/webhooks/flood",
    commanded(Flood, (flood) => floodOf(flood, webhooks, floodParts))
  ),
  HttpRouter.route(
    "GET",
    "/_simulator/webhooks/log",
    logQuery.pipe(
      Effect.map(({ limit = usualLimit }) => json({ ...webhooks.pending(), deliveries: webhooks.latest(limit) })),
      Effect.catch(badCommand)
    )
  )
]
