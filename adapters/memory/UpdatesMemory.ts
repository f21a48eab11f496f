/** The applier over a `World`: what the core decides, in one synchronous step. */
import { DateTime, Effect, Layer, Option, Schema, Semaphore } from "effect"
import { identityKey, PhoneNumber } from "../../core/contact/PhoneNumber.ts"
import { isNumber, isUserId } from "../../core/contact/PersonKeys.ts"
import { idOfMessageEvent } from "../../core/event/StoredEvent.ts"
import { apply } from "../../core/inbound/application/apply.ts"
import { arrivalsOf } from "../../core/inbound/application/arrivals.ts"
import type { Facts, KnownContact, KnownInstance, KnownMessage } from "../../core/inbound/application/Facts.ts"
import { within } from "../../core/inbound/application/Facts.ts"
import { makeIds } from "../../core/inbound/application/ids.ts"
import { idsFor } from "../../core/inbound/application/wanted.ts"
import { nothingWorked, Updates } from "../../core/inbound/Updates.ts"
import { QuarantineId } from "../../core/inbound/Quarantine.ts"
import { MessageIds } from "../../core/message/MessageIds.ts"
import { statusOf } from "../../core/message/Sends.ts"
import { write } from "./applying.ts"
import { type StoredMessage, World } from "./World.ts"

type Maps = World["Service"]

const instancesOf = ({ instances }: Maps): ReadonlyArray<KnownInstance> =>
  [...instances.values()].map(({ displayNumber, instance, keywords = {} }) => ({
    id: instance.id,
    mode: instance.mode,
    phoneNumberId: instance.phoneNumberId,
    wabaId: instance.wabaId,
    displayNumber,
    keywords
  }))

const messageOf = ({ contacts, heard }: Maps, message: StoredMessage): KnownMessage => {
  const { attemptId, contactId, id, instanceId, settled } = message
  const recipient = contacts.get(contacts.get(contactId)?.mergedInto ?? contactId)
  const outcome = settled?.outcome
  const told = heard.get(id) ?? []
  return {
    id,
    attemptId,
    instanceId,
    contactId,
    userIds: (recipient?.keys ?? []).flatMap((key) => (isUserId(key) ? [key.value] : [])),
    wamid: outcome?._tag === "Accepted" ? outcome.wamid : told[0]?.wamid,
    outcome:
      settled === undefined
        ? undefined
        : {
            _tag: "Outcome",
            status: statusOf(settled.outcome),
            at: settled.at,
            failure: settled.outcome._tag === "Failed" ? settled.outcome.failure : undefined
          },
    heard: told
  }
}

const isPhoneNumber = Schema.is(PhoneNumber)

const contactsOf = (world: Maps, now: DateTime.Utc): ReadonlyArray<KnownContact> => {
  const lines = new Map([...world.contactIds].map(([line, id]) => [`${id} ${line.split(" ")[1] ?? ""}`, id]))
  const identityOf = (id: number): string | undefined =>
    [...lines.keys()].find((line) => line.startsWith(`${id} `))?.split(" ")[1]
  return [...world.contacts.values()].flatMap(
    ({ consents = [], contact, createdAt = now, keys = [], mergedInto, username }) => {
      if (mergedInto !== undefined) return []
      const number = Option.getOrUndefined(contact.number)
      const isCurrent =
        number !== undefined && isPhoneNumber(number) && lines.has(`${contact.id} ${identityKey(number)}`)
      return [
        {
          id: contact.id,
          instanceId: contact.instanceId,
          number,
          numberIsCurrent:
            isCurrent || keys.some((key) => isNumber(key) && key.value === number && key.until === undefined),
          name: Option.getOrUndefined(contact.name),
          username,
          userId: contact.userId,
          lastInboundAt: Option.getOrUndefined(contact.lastInboundAt),
          createdAt,
          keys,
          consents,
          aliases: [...world.contacts.values()]
            .filter((alias) => alias.mergedInto === contact.id)
            .map((alias) => ({ id: alias.contact.id, identityKey: identityOf(alias.contact.id) })),
          openConversation: world.openConversations.get(contact.id)
        }
      ]
    }
  )
}

/** Everything there is: a store in memory is small. */
const factsOf = (world: Maps, now: DateTime.Utc): Facts => ({
  messages: [...world.messages.values()].map((message) => messageOf(world, message)),
  contacts: contactsOf(world, now),
  seen: new Set(world.seen.keys()),
  inbound: new Set([...world.inbound.values()].map(({ instanceId, wamid }) => within(instanceId, wamid))),
  templates: [...world.templates.values()].map(({ instanceId, value }) => {
    const { category, components, id, language, name, status } = value
    const { quality, toldAt = {} } = world.templateNews.get(id) ?? {}
    return { id, instanceId, name, language, category, status, components, quality, toldAt }
  }),
  health: [...world.health.values()]
})

export const layer = Layer.effect(
  Updates,
  Effect.gen(function* () {
    const world = yield* World
    const messageIds = yield* MessageIds

    /** One at a time, for ids are asked for before anything is written. */
    const turn = yield* Semaphore.make(1)

    return Updates.of({
      workThrough: Effect.fnUntraced(function* (now) {
        const posts = world.inbox.filter(({ id }) => world.pending.has(id))
        const due = world.parked.filter(({ nextAt }) => DateTime.isLessThanOrEqualTo(nextAt, now))
        if (posts.length === 0 && due.length === 0) return nothingWorked
        const { arrivals, displayNumbers, setAside } = arrivalsOf(posts, instancesOf(world))
        const parked = due.map(({ status }) => status)
        const ids = yield* makeIds(messageIds, idsFor(arrivals, parked))
        const changes = apply({ arrivals, parked, facts: factsOf(world, now), ids, now })
        world.parked.splice(0, world.parked.length, ...world.parked.filter((one) => !due.includes(one)))
        write(world, changes, now)
        for (const [id, displayNumber] of displayNumbers) {
          const stored = world.instances.get(id)
          if (stored !== undefined) world.instances.set(id, { ...stored, displayNumber })
        }
        for (const item of setAside) {
          const id = QuarantineId.make(world.nextId.quarantined())
          world.quarantine.set(id, { ...item, id, setAsideAt: now })
        }
        for (const { id } of posts) world.pending.delete(id)
        return { payloads: posts.length, updates: arrivals.length, setAside: setAside.length, more: posts.length > 0 }
      }, turn.withPermits(1)),

      tellUnresolved: (before, now) =>
        Effect.sync(() => {
          const late = [...world.messages.values()].filter(
            ({ id, settled }) =>
              settled?.outcome._tag === "Unknown" &&
              DateTime.isLessThan(settled.at, before) &&
              !world.heard.has(id) &&
              !world.unresolved.has(id)
          )
          for (const { id, instanceId } of late) {
            world.unresolved.add(id)
            world.events.push({
              id: idOfMessageEvent(id, "unresolved"),
              instanceId,
              type: "message.unresolved",
              at: now,
              messageId: id,
              contactId: undefined,
              data: undefined
            })
          }
          return late.length
        }),

      forget: (before) =>
        Effect.sync(() => {
          const seen = [...world.seen].filter(([, at]) => DateTime.isLessThan(at, before))
          for (const [key] of seen) world.seen.delete(key)
          const kept = world.parked.filter(({ status }) => !DateTime.isLessThan(status.receivedAt, before))
          const gone = world.parked.length - kept.length
          world.parked.splice(0, world.parked.length, ...kept)
          return seen.length + gone
        })
    })
  })
)
