/** Writes what updates came to into the maps of a `World`. */
import { type DateTime, Option, Schema, Struct } from "effect"
import { Contact, ContactId } from "../../core/contact/Contact.ts"
import { PhoneNumber } from "../../core/contact/PhoneNumber.ts"
import { ScopedUserId } from "../../core/contact/ScopedUserId.ts"
import { ConversationId } from "../../core/conversation/Conversation.ts"
import { type Changes, isNew, type PersonChange } from "../../core/inbound/application/Changes.ts"
import { within } from "../../core/inbound/application/Facts.ts"
import { nextLook } from "../../core/inbound/application/parking.ts"
import { MediaFile } from "../../core/media/MediaFile.ts"
import { Template } from "../../core/template/Template.ts"
import { identityOf, type StoredContact, type World } from "./World.ts"

type Maps = World["Service"]

const isPhoneNumber = Schema.is(PhoneNumber)
const isUserId = Schema.is(ScopedUserId)

export const write = (world: Maps, changes: Changes, now: DateTime.Utc): void => {
  const contact = realIds(
    (id) => ContactId.make(id),
    () => world.nextId.contact()
  )
  const talk = realIds(
    (id) => ConversationId.make(id),
    () => world.nextId.conversation()
  )

  for (const person of changes.people) writePerson(world, person, contact, changes)
  writeConversations(world, changes, contact, talk)
  for (const { messageId, ...status } of changes.statuses) {
    world.heard.set(messageId, [...(world.heard.get(messageId) ?? []), status])
  }
  for (const status of changes.parked) world.parked.push({ status, nextAt: nextLook(status, now) })
  for (const message of changes.inbound) {
    world.inbound.set(message.id, {
      ...message,
      contactId: contact(message.contactId),
      conversationId: talk(message.conversationId)
    })
  }
  for (const { instanceId, kind, media, messageId, receivedAt } of changes.media) {
    const file = new MediaFile({
      messageId,
      instanceId,
      metaId: media.id,
      kind,
      mimeType: Option.fromUndefinedOr(media.mimeType),
      sha256: Option.fromUndefinedOr(media.sha256),
      filename: Option.fromUndefinedOr(media.filename),
      state: "pending",
      attempts: 0,
      nextAt: receivedAt,
      receivedAt,
      stored: Option.none(),
      reason: Option.none()
    })
    world.mediaFiles.set(messageId, { file, leasedUntil: undefined })
  }
  writeSettings(world, changes)
  for (const { at, instanceId, key } of changes.seen) world.seen.set(within(instanceId, key), at)
  for (const event of changes.events) {
    world.events.push({
      ...event,
      heardAt: now,
      contactId: event.contactId === undefined ? undefined : contact(event.contactId)
    })
  }
}

/** The same real id for the same temporary one. */
const realIds = <A extends ContactId | ConversationId>(make: (id: number) => A, next: () => number) => {
  const given = new Map<number, A>()
  return (id: A): A => {
    if (!isNew(id)) return id
    const real = given.get(id) ?? make(next())
    given.set(id, real)
    return real
  }
}

const writePerson = (
  world: Maps,
  person: PersonChange,
  real: (id: ContactId) => ContactId,
  { consents }: Changes
): void => {
  const id = real(person.id)
  const known = world.contacts.get(id)
  const aliases = person.aliases.map((alias) => ({ ...alias, id: real(alias.id) }))
  const rows = [{ id, identityKey: person.identityKey }, ...aliases]
  for (const [line, holder] of world.contactIds) {
    if (rows.some((row) => row.id === holder)) world.contactIds.delete(line)
  }
  for (const { id: row, identityKey } of rows) {
    if (identityKey !== undefined) world.contactIds.set(identityOf(person.instanceId, identityKey), row)
  }
  const absorbed = person.retired.flatMap((retired) => world.contacts.get(retired)?.consents ?? [])
  const stored: StoredContact = {
    contact: new Contact({
      id,
      instanceId: person.instanceId,
      number: isPhoneNumber(person.number) ? Option.some(person.number) : Option.none(),
      name: Option.orElse(known?.contact.name ?? Option.none(), () => Option.fromUndefinedOr(person.name)),
      lastInboundAt: Option.fromUndefinedOr(person.lastInboundAt),
      ...(isUserId(person.userId) ? { userId: person.userId } : {})
    }),
    namedBy: known?.namedBy,
    username: person.username,
    keys: person.keys,
    createdAt: person.createdAt,
    consents: [
      ...(known?.consents ?? []),
      ...absorbed,
      ...consents
        .filter((change) => real(change.contactId) === id)
        .map(({ at, intent, source }) => ({ at, intent, source }))
    ]
  }
  world.contacts.set(id, stored)
  for (const alias of aliases) {
    const own = world.contacts.get(alias.id)
    const gone =
      own?.contact ??
      new Contact(Struct.assign(stored.contact, { id: alias.id, number: Option.none(), lastInboundAt: Option.none() }))
    world.contacts.set(alias.id, { contact: gone, namedBy: own?.namedBy, mergedInto: id, createdAt: person.createdAt })
  }
}

const writeConversations = (
  world: Maps,
  { conversations: { closed, moved, opened } }: Changes,
  contact: (id: ContactId) => ContactId,
  talk: (id: ConversationId) => ConversationId
): void => {
  for (const { at, id } of closed) {
    const conversation = world.conversations.get(talk(id))
    if (conversation === undefined) continue
    world.conversations.set(conversation.id, { ...conversation, closedAt: at })
    world.openConversations.delete(conversation.contactId)
  }
  for (const { contactId, id } of moved) {
    const conversation = world.conversations.get(talk(id))
    if (conversation === undefined) continue
    world.openConversations.delete(conversation.contactId)
    world.conversations.set(conversation.id, { ...conversation, contactId: contact(contactId) })
    world.openConversations.set(contact(contactId), conversation.id)
  }
  for (const { closedAt, contactId, id, instanceId, openedAt } of opened) {
    const owner = contact(contactId)
    world.conversations.set(talk(id), {
      id: talk(id),
      instanceId,
      contactId: owner,
      queueId: undefined,
      statusId: undefined,
      openedAt,
      closedAt,
      movedBy: undefined
    })
    if (closedAt === undefined) world.openConversations.set(owner, talk(id))
  }
}

const writeSettings = (world: Maps, { health, templates }: Changes): void => {
  for (const { category, components, id, instanceId, quality, status, toldAt } of templates) {
    const owned = world.templates.get(id)
    if (owned === undefined) continue
    world.templates.set(id, {
      ...owned,
      value: new Template(Struct.assign(owned.value, { category, components, status }))
    })
    world.templateNews.set(id, { quality, toldAt })
    const stored = world.instances.get(instanceId)
    if (stored !== undefined) world.instances.set(instanceId, { ...stored, revision: stored.revision + 1 })
  }
  for (const change of health) world.health.set(within(change.instanceId, change.aspect), change)
}
