/**
 * `Sends` over a `World`. Every method is one synchronous step, so concurrent callers see each other's work whole or
 * not at all.
 */
import { DateTime, Effect, Layer, Option, Struct } from "effect"
import { consentOf, isOptedOut } from "../../core/consent/Consent.ts"
import { Contact, ContactId } from "../../core/contact/Contact.ts"
import { ConversationId } from "../../core/conversation/Conversation.ts"
import * as Idempotency from "../../core/message/Idempotency.ts"
import { heardAs, idOfMessageEvent } from "../../core/event/StoredEvent.ts"
import type { MessageId } from "../../core/message/Message.ts"
import {
  ContactGone,
  DirectoryChanged,
  type Earlier,
  KeyTaken,
  OptedOut,
  type Outcome,
  type Reservation,
  type Reserved,
  Sends,
  statusOf,
  type Settlement
} from "../../core/message/Sends.ts"
import { view } from "../../core/message/StatusHistory.ts"
import { claimOf, identityOf, type StoredMessage, type StoredStatus, World } from "./World.ts"

export const layer = Layer.effect(
  Sends,
  Effect.map(World, (world) =>
    Sends.of({
      earlier: (instanceId, path, key, now) =>
        Effect.sync(() => {
          const claim = world.claims.get(claimOf(instanceId, path, key))
          if (claim === undefined || isForgotten(claim.at, now)) return Option.none()
          return Option.map(Option.fromUndefinedOr(world.messages.get(claim.messageId)), (message): Earlier => {
            const outcome = message.settled?.outcome
            return {
              bodyHash: claim.bodyHash,
              requestId: claim.requestId,
              messageId: claim.messageId,
              contactId: claim.contactId,
              reservedAt: claim.at,
              status: outcome === undefined ? "reserved" : statusOf(outcome),
              kind: message.record.kind,
              ...whatBecameOf(message, world.heard.get(message.id) ?? [])
            }
          })
        }),

      reserve: (reservation) => Effect.suspend(() => reserve(world, reservation)),

      settle: (settlement) => Effect.sync(() => settle(world, settlement)),

      abandon: (before, now) =>
        Effect.sync(() => {
          const gone = [...world.attempts.values()].flatMap((id) => {
            const message = world.messages.get(id)
            return message !== undefined && DateTime.isLessThan(message.reservedAt, before) ? [message] : []
          })
          for (const message of gone) {
            world.attempts.delete(message.attemptId)
            const outcome = outcomeOfDead(world.heard.get(message.id)?.[0]?.wamid)
            world.messages.set(message.id, { ...message, settled: { outcome, calls: 0, at: now } })
            tell(world, message, outcome, now)
          }
          return gone.length
        }),

      forgetKeys: (before) =>
        Effect.sync(() => {
          const old = [...world.claims].filter(([, claim]) => DateTime.isLessThan(claim.at, before))
          for (const [name] of old) world.claims.delete(name)
          return old.length
        })
    })
  )
)

type Maps = World["Service"]

/** By our own call; where that did not tell, by what Meta told since. */
const whatBecameOf = (
  { settled }: StoredMessage,
  heard: ReadonlyArray<StoredStatus>
): Pick<Earlier, "wamid" | "failure"> => {
  const outcome = settled?.outcome
  if (outcome?._tag === "Accepted") return { wamid: outcome.wamid, failure: undefined }
  if (outcome?._tag === "Failed") return { wamid: undefined, failure: outcome.failure }
  return { wamid: heard[0]?.wamid, failure: view(heard).failure }
}

/** Of a send whose process ended. What Meta has told of, it had accepted. */
const outcomeOfDead = (wamid: string | undefined): Outcome =>
  wamid === undefined
    ? { _tag: "Unknown", reason: "the process that sent it ended" }
    : { _tag: "Accepted", wamid, waId: undefined, held: false }

/** How `outcome` is told apart from the others in a column, a list, a filter. */
const isForgotten = (claimedAt: DateTime.Utc, now: DateTime.Utc): boolean =>
  DateTime.isLessThan(claimedAt, DateTime.subtractDuration(now, Idempotency.keptFor))

const reserve = (
  world: Maps,
  send: Reservation
): Effect.Effect<Reserved, DirectoryChanged | ContactGone | OptedOut | KeyTaken> => {
  const { idempotency, instanceId, messageId, recipient } = send
  const instance = world.instances.get(instanceId)
  if (instance === undefined) return Effect.die(new Error(`There is no instance ${instanceId}.`))
  if (send.revision !== undefined && send.revision !== instance.revision) return Effect.fail(new DirectoryChanged())
  if (recipient._tag === "Known" && world.contacts.get(recipient.contactId)?.contact.instanceId !== instanceId) {
    return Effect.fail(new ContactGone())
  }
  if (send.marketing && hasStoppedMarketing(world, instanceId, recipient)) {
    return Effect.fail(new OptedOut())
  }

  const claim = idempotency === undefined ? undefined : claimOf(instanceId, idempotency.path, idempotency.key)
  const holder = claim === undefined ? undefined : world.claims.get(claim)
  if (holder !== undefined && holder.messageId !== messageId && !isForgotten(holder.at, send.at)) {
    return Effect.fail(new KeyTaken())
  }

  const known = world.messages.get(messageId)
  if (known !== undefined) return Effect.succeed(reserved(world, known, send))

  const contactId =
    recipient._tag === "Known"
      ? survivorOf(world, recipient.contactId)
      : contactOf(world, instanceId, recipient, send.at)
  const conversationId = conversationOf(world, contactId, send)
  const { at: reservedAt, attemptId, record } = send
  const message: StoredMessage = {
    id: messageId,
    attemptId,
    instanceId,
    contactId,
    conversationId,
    record,
    reservedAt,
    claim,
    settled: undefined
  }
  world.messages.set(messageId, message)
  world.attempts.set(attemptId, messageId)
  if (idempotency !== undefined && claim !== undefined) {
    world.claims.set(claim, { ...idempotency, messageId, contactId, at: reservedAt })
  }
  return Effect.succeed(reserved(world, message, send))
}

const reserved = (
  world: Maps,
  { contactId, conversationId }: StoredMessage,
  { queueId, recipient, statusId }: Reservation
): Reserved => {
  const name = recipient._tag === "Number" ? recipient.name : undefined
  const known = Option.getOrUndefined(world.contacts.get(contactId)?.contact.name ?? Option.none())
  const place = world.conversations.get(conversationId)
  return {
    contactId,
    moves:
      (name !== undefined && name !== known) ||
      (queueId !== undefined && (queueId !== place?.queueId || statusId !== place.statusId))
  }
}

/** An alias leads to the contact that it proved to be. */
const survivorOf = (world: Maps, id: ContactId): ContactId => world.contacts.get(id)?.mergedInto ?? id

const hasStoppedMarketing = (
  world: Maps,
  instanceId: Reservation["instanceId"],
  recipient: Reservation["recipient"]
): boolean => {
  const id =
    recipient._tag === "Known"
      ? recipient.contactId
      : world.contactIds.get(identityOf(instanceId, recipient.identityKey))
  const stored = id === undefined ? undefined : world.contacts.get(survivorOf(world, id))
  return isOptedOut(consentOf(stored?.consents ?? []))
}

const contactOf = (
  world: Maps,
  instanceId: Reservation["instanceId"],
  { identityKey, name, number }: Extract<Reservation["recipient"], { readonly _tag: "Number" }>,
  at: DateTime.Utc
): ContactId => {
  const identity = identityOf(instanceId, identityKey)
  const known = world.contactIds.get(identity)
  if (known !== undefined) return survivorOf(world, known)
  const id = ContactId.make(world.nextId.contact())
  const contact = new Contact({
    id,
    instanceId,
    number: Option.some(number),
    name: Option.fromUndefinedOr(name),
    lastInboundAt: Option.none()
  })
  world.contacts.set(id, { contact, namedBy: undefined, createdAt: at })
  world.contactIds.set(identity, id)
  return id
}

const conversationOf = (world: Maps, contactId: ContactId, send: Reservation): ConversationId => {
  const open = world.openConversations.get(contactId)
  if (open !== undefined) return open
  const id = ConversationId.make(world.nextId.conversation())
  const { at: openedAt, instanceId, queueId, statusId } = send
  world.conversations.set(id, {
    id,
    instanceId,
    contactId,
    queueId,
    statusId,
    openedAt,
    closedAt: undefined,
    movedBy: undefined
  })
  world.openConversations.set(contactId, id)
  return id
}

/** Nothing where Meta has already told what became of what nobody knew, or that it failed. */
const tell = (world: Maps, { id, instanceId }: StoredMessage, outcome: Outcome, at: DateTime.Utc): void => {
  const heard = world.heard.get(id) ?? []
  if (outcome._tag === "Unknown" && heard.length > 0) return
  if (outcome._tag === "Failed" && heard.some(({ status }) => status === "failed")) return
  const status = heardAs(statusOf(outcome))
  world.events.push({
    id: idOfMessageEvent(id, status),
    instanceId,
    type: `message.${status}`,
    at,
    messageId: id,
    contactId: undefined,
    data: undefined
  })
}

const settle = (world: Maps, settlement: Settlement): void => {
  const { at, attemptId, calls, outcome } = settlement
  const id = world.attempts.get(attemptId)
  const message = id === undefined ? undefined : world.messages.get(id)
  if (message === undefined) return
  world.attempts.delete(attemptId)
  world.messages.set(message.id, { ...message, settled: { outcome, calls, at } })
  tell(world, message, outcome, at)
  if (outcome._tag !== "Failed") {
    nameContact(world, message, settlement)
    moveConversation(world, message, settlement)
  } else if (!outcome.final && message.claim !== undefined) {
    if (world.claims.get(message.claim)?.messageId === message.id) world.claims.delete(message.claim)
  }
}

/** Of messages that are settled at the same moment the latest speaks, whatever order they come in. */
const isOutdated = (message: StoredMessage, by: MessageId | undefined): boolean => by !== undefined && message.id < by

const nameContact = (world: Maps, message: StoredMessage, { contactName }: Settlement): void => {
  const stored = world.contacts.get(survivorOf(world, message.contactId))
  if (contactName === undefined || stored === undefined || isOutdated(message, stored.namedBy)) return
  const contact = new Contact(Struct.assign(stored.contact, { name: Option.some(contactName) }))
  world.contacts.set(contact.id, { ...stored, contact, namedBy: message.id })
}

const moveConversation = (world: Maps, message: StoredMessage, { queueId, statusId }: Settlement): void => {
  const conversation = world.conversations.get(message.conversationId)
  if (queueId === undefined || conversation === undefined || conversation.closedAt !== undefined) return
  if (isOutdated(message, conversation.movedBy)) return
  world.conversations.set(conversation.id, { ...conversation, queueId, statusId, movedBy: message.id })
}
