/** An installation to send from, in memory, whose database can go away for a while. */
import { it } from "@effect/vitest"
import { Context, DateTime, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import * as Memory from "../../../adapters/memory/Memory.ts"
import { MemorySetup } from "../../../adapters/memory/MemorySetup.ts"
import { World } from "../../../adapters/memory/World.ts"
import { PhoneNumber } from "../../../core/contact/PhoneNumber.ts"
import type { MessageId } from "../../../core/message/Message.ts"
import type { Report } from "../../../core/message/Report.ts"
import { Sends } from "../../../core/message/Sends.ts"
import type { TemplateRequest } from "../../../core/message/SendTemplate.ts"
import { Unavailable } from "../../../core/Unavailable.ts"

/**
 * How many of the next calls of each kind fail. Of those to `reserve`, whether they are carried out all the same; of
 * those to `settle`, whether they break instead.
 */
export class Outage extends Context.Service<
  Outage,
  { reserve: number; settle: number; earlier: number; reservesAllTheSame: boolean; settlementBreaks: boolean }
>()("test/core/message/Outage") {
  static readonly layer = Layer.sync(Outage, () => ({
    reserve: 0,
    settle: 0,
    earlier: 0,
    reservesAllTheSame: false,
    settlementBreaks: false
  }))
}

const away = new Unavailable({ dependency: "database", cause: "away" })

const fragile = Layer.effect(
  Sends,
  Effect.gen(function* () {
    const sends = yield* Sends
    const outage = yield* Outage
    const fails = (method: "reserve" | "settle" | "earlier"): boolean => {
      if (outage[method] === 0) return false
      outage[method] -= 1
      return true
    }
    return Sends.of({
      ...sends,
      earlier: (...args) => Effect.suspend(() => (fails("earlier") ? Effect.fail(away) : sends.earlier(...args))),
      settle: (settlement) =>
        Effect.suspend(() => {
          if (!fails("settle")) return sends.settle(settlement)
          return outage.settlementBreaks ? Effect.die("a broken statement") : Effect.fail(away)
        }),
      reserve: (reservation) =>
        Effect.suspend(() => {
          if (!fails("reserve")) return sends.reserve(reservation)
          return outage.reservesAllTheSame
            ? Effect.andThen(sends.reserve(reservation), Effect.fail(away))
            : Effect.fail(away)
        })
    })
  })
)

export const desk = fragile.pipe(Layer.provideMerge(Layer.merge(Memory.layer, Outage.layer)))

/** A test at a desk of its own. */
export const test = (name: string, body: () => Effect.Effect<void, unknown, Layer.Success<typeof desk>>) =>
  it.effect(name, () => Effect.provide(body(), desk))

export const greeting = {
  name: "boas_vindas",
  language: "pt_BR",
  category: "UTILITY",
  status: "APPROVED",
  components: [{ type: "BODY", text: "Olá {{1}}, seu código é {{2}}." }],
  variables: {
    nome: { component: "body", position: 1, default: "cliente" },
    codigo: { component: "body", position: 2 }
  }
}

export const picture = {
  ...greeting,
  name: "foto",
  components: [
    { type: "HEADER", format: "IMAGE" },
    { type: "BODY", text: "Olá." }
  ],
  variables: { foto: { component: "header", position: "link" } }
}

/** Noon of a day in March, and the ids of the published examples. */
export const furnished = Effect.gen(function* () {
  yield* TestClock.setTime(Date.parse("2026-03-01T12:00:00Z"))
  const setup = yield* MemorySetup
  const instance = yield* setup.addInstance({ id: 4 })
  const of = { instanceId: instance.id }
  const queue = yield* setup.addQueue({ ...of, id: 5, name: "Vendas" })
  const support = yield* setup.addQueue({ ...of, id: 6, name: "Suporte" })
  const status = yield* setup.addStatus({ ...of, id: 1, name: "Novo" })
  const template = yield* setup.addTemplate({ ...of, id: 15, definition: greeting })
  const campaign = yield* setup.addCampaign({
    ...of,
    id: 3,
    definition: {
      name: "Março",
      template_id: 15,
      state: "active",
      variables: { nomeCliente: { variable: "nome" }, codigo: { variable: "codigo" } }
    }
  })
  const contact = yield* setup.addContact({
    ...of,
    id: 53,
    number: "5511978049825",
    name: "Ana",
    lastInboundAt: DateTime.subtract(yield* DateTime.now, { hours: 1 })
  })
  const request: TemplateRequest = {
    instance,
    requestId: "request",
    idempotency: undefined,
    number: PhoneNumber.make("5511978049825"),
    contactName: undefined,
    templateId: template.id,
    campaignId: undefined,
    variables: { nome: "Ana", codigo: "42" },
    queueId: queue.id,
    statusId: status.id
  }
  return { setup, instance, queue, support, status, template, campaign, contact, request }
})

export const stored = (id: MessageId | undefined) =>
  Effect.map(World, ({ messages }) => (id === undefined ? undefined : messages.get(id)))

export const outcomeOf = (id: MessageId | undefined) => Effect.map(stored(id), (message) => message?.settled?.outcome)

/** The code of the failure, or `sent`. */
export const told = ({ result }: Report): string => (result._tag === "Sent" ? "sent" : result.failure.code)
