import { DateTime, Effect, Layer, Option, Order } from "effect"
import { World } from "../../adapters/memory/World.ts"
import { consentOf, isOptedOut } from "../../core/consent/Consent.ts"
import type { HeldKey } from "../../core/contact/PersonKeys.ts"
import { statusOf } from "../../core/message/Sends.ts"
import { type OutcomeEvent, view } from "../../core/message/StatusHistory.ts"
import { Traces } from "../contract/Traces.ts"

const byKey = Order.combineAll<HeldKey>([
  Order.mapInput(Order.String, ({ kind }) => kind),
  Order.mapInput(Order.String, ({ value }) => value),
  Order.mapInput(DateTime.Order, ({ since }) => since)
])

export const layer = Layer.effect(
  Traces,
  Effect.map(World, (world) =>
    Traces.of({
      events: (instanceId) => Effect.sync(() => world.events.filter((event) => event.instanceId === instanceId)),

      heard: (id) =>
        Effect.sync(() => {
          const statuses = (world.heard.get(id) ?? []).toSorted(
            Order.combine(
              Order.mapInput(DateTime.Order, ({ at }) => at),
              Order.mapInput(Order.String, ({ status }) => status)
            )
          )
          const wamid = statuses[0]?.wamid
          if (wamid === undefined) return { statuses, state: undefined }
          const settled = world.messages.get(id)?.settled
          const outcome: ReadonlyArray<OutcomeEvent> =
            settled === undefined ? [] : [{ _tag: "Outcome", status: statusOf(settled.outcome), at: settled.at }]
          const { at, status } = view([...outcome, ...statuses])
          return { statuses, state: at === undefined ? undefined : { status, wamid, at } }
        }),

      inbound: (instanceId) =>
        Effect.sync(() =>
          [...world.inbound.values()]
            .filter((message) => message.instanceId === instanceId)
            .toSorted(Order.mapInput(Order.String, ({ id }) => id))
        ),

      file: (id) =>
        Effect.sync(() => {
          const file = world.mediaFiles.get(id)?.file
          return file === undefined
            ? undefined
            : {
                metaId: file.metaId,
                kind: file.kind,
                mimeType: Option.getOrUndefined(file.mimeType),
                filename: Option.getOrUndefined(file.filename)
              }
        }),

      people: (instanceId) =>
        Effect.sync(() =>
          [...world.contacts.values()]
            .filter(({ contact }) => contact.instanceId === instanceId)
            .toSorted(Order.mapInput(Order.Number, ({ contact }) => contact.id))
            .map(({ consents = [], contact, keys = [], mergedInto, username }) => {
              const survivor = mergedInto === undefined ? undefined : world.contacts.get(mergedInto)
              return {
                id: contact.id,
                number: Option.getOrUndefined(contact.number),
                name: Option.getOrUndefined(contact.name),
                username,
                userId: mergedInto === undefined ? contact.userId : undefined,
                lastInboundAt: Option.getOrUndefined(contact.lastInboundAt),
                optedOut: isOptedOut(consentOf(survivor?.consents ?? consents)),
                keys: keys.toSorted(byKey),
                consents: consents.toSorted(Order.mapInput(DateTime.Order, ({ at }) => at)),
                mergedInto
              }
            })
        ),

      health: (instanceId) =>
        Effect.sync(() =>
          [...world.health.values()]
            .filter((one) => one.instanceId === instanceId)
            .map(({ aspect, at, value }) => ({ aspect, value, at }))
            .toSorted(Order.mapInput(Order.String, ({ aspect }) => aspect))
        ),

      quality: (id) => Effect.sync(() => world.templateNews.get(id)?.quality),
      parked: (instanceId) =>
        Effect.sync(() => world.parked.filter(({ status }) => status.instanceId === instanceId).length),
      displayNumber: (instanceId) => Effect.sync(() => world.instances.get(instanceId)?.displayNumber),
      refuse: () => Effect.die(new Error("what is in memory refuses nothing"))
    })
  )
)
