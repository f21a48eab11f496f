import { Clock, Effect, Schema } from "effect"
import { HttpRouter } from "effect/http"
import { AccountEvent, accountUpdate, NumberEvent, numberUpdate } from "./AccountEvent.ts"
import { commanded, full, noCallback, noNumber, refusal } from "./Command.ts"
import { CustomerMessage } from "./CustomerMessage.ts"
import type { CustomerParts } from "./Customers.ts"
import { write } from "./Customers.ts"
import { json } from "./GraphAnswers.ts"
import { TemplateStatus } from "./TemplateDefinition.ts"
import { TemplateEvent } from "./TemplateEvent.ts"
import type { TemplateEvents } from "./TemplateEvents.ts"
import type { Update, Wire } from "./WebhookPayload.ts"
import type { Webhooks } from "./Webhooks.ts"

export interface EventParts {
  readonly customers: CustomerParts
  readonly templateEvents: TemplateEvents
  readonly webhooks: Webhooks
}

const NewStatus = Schema.Struct({ status: TemplateStatus })

const NumberDetails = Schema.Struct({
  waba_id: Schema.optionalKey(Schema.String.check(Schema.isPattern(/^\d+$/u))),
  display_phone_number: Schema.optionalKey(Schema.String.check(Schema.isPattern(/^\d{7,15}$/u)))
})

/** What happens at Meta without a request of the business: customers write, templates and numbers change. */
export const eventRoutes = ({ customers, templateEvents, webhooks }: EventParts) => {
  const { numbers } = customers

  const told = (update: Update, answer: Wire) =>
    Effect.map(webhooks.tell(update), (outcome) => {
      if (outcome === "told") return json(answer, 201)
      return outcome === "full" ? full : noCallback
    })

  return [
    HttpRouter.route(
      "POST",
      "/_simulator/customers/messages",
      commanded(
        CustomerMessage,
        Effect.fnUntraced(function* (message) {
          const number = message.phone_number_id === undefined ? numbers.usual() : numbers.of(message.phone_number_id)
          if (number === undefined) return noNumber
          if (webhooks.callback.current() === undefined) return noCallback
          const { answer, update } = write(message, number, yield* Clock.currentTimeMillis, customers)
          return yield* told(update, answer)
        })
      )
    ),

    HttpRouter.route(
      "POST",
      "/_simulator/templates/:id",
      commanded(
        NewStatus,
        Effect.fnUntraced(function* ({ status }, id) {
          const update = templateEvents.setStatus(id, status, yield* Clock.currentTimeMillis)
          if (update === undefined) return refusal(404, `Não há template com o id ${id}`)
          // The template has its new status whether or not anybody listens.
          yield* webhooks.tell(update)
          return json({ id, status })
        })
      )
    ),
    HttpRouter.route(
      "POST",
      "/_simulator/templates",
      commanded(
        TemplateEvent,
        Effect.fnUntraced(function* (event) {
          return yield* told(templateEvents.happened(event, yield* Clock.currentTimeMillis), event)
        })
      )
    ),

    HttpRouter.route(
      "GET",
      "/_simulator/numbers",
      Effect.sync(() =>
        json({
          numbers: numbers.list().map(({ displayPhoneNumber, phoneNumberId, wabaId }) => ({
            phone_number_id: phoneNumberId,
            waba_id: wabaId,
            display_phone_number: displayPhoneNumber
          }))
        })
      )
    ),
    HttpRouter.route(
      "PUT",
      "/_simulator/numbers/:id",
      commanded(NumberDetails, ({ display_phone_number, waba_id }, id) =>
        Effect.sync(() => {
          const number = numbers.describe(id, {
            ...(waba_id === undefined ? {} : { wabaId: waba_id }),
            ...(display_phone_number === undefined ? {} : { displayPhoneNumber: display_phone_number })
          })
          return json({
            phone_number_id: id,
            waba_id: number.wabaId,
            display_phone_number: number.displayPhoneNumber
          })
        })
      )
    ),
    HttpRouter.route(
      "POST",
      "/_simulator/numbers/:id",
      commanded(
        NumberEvent,
        Effect.fnUntraced(function* (event, id) {
          const update = numberUpdate(event, numbers.of(id), yield* Clock.currentTimeMillis)
          return yield* told(update, { phone_number_id: id, ...event })
        })
      )
    ),
    HttpRouter.route(
      "POST",
      "/_simulator/accounts/:id",
      commanded(
        AccountEvent,
        Effect.fnUntraced(function* (event, id) {
          return yield* told(accountUpdate(event, id, yield* Clock.currentTimeMillis), { waba_id: id, ...event })
        })
      )
    )
  ]
}
