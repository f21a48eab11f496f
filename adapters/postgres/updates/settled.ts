/** Gives what is new the ids that the database has for it, the same everywhere. */
import { Effect, Schema } from "effect"
import type { SqlClient } from "effect/sql"
import { ContactId } from "../../../core/contact/Contact.ts"
import { ConversationId } from "../../../core/conversation/Conversation.ts"
import { type Changes, isNew } from "../../../core/inbound/application/Changes.ts"

const readIds = Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ id: Schema.FiniteFromString })))

const take = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  table: "contact" | "conversation",
  fresh: ReadonlyArray<number>
) {
  if (fresh.length === 0) return new Map<number, number>()
  // In their order: who is older has the lower id.
  const ordered = fresh.toSorted((one, other) => one - other)
  const ids = yield* sql`
    select nextval(pg_get_serial_sequence(${table}, 'id'))::text as id from generate_series(1, ${fresh.length})`.pipe(
    Effect.flatMap(readIds)
  )
  return new Map(ordered.map((temporary, index) => [temporary, ids[index]?.id ?? temporary]))
})

export const withRealIds = Effect.fnUntraced(function* (sql: SqlClient.SqlClient, changes: Changes) {
  const newContacts = new Set(
    changes.people.flatMap(({ aliases, id }) => [id, ...aliases.map((alias) => alias.id)]).filter(isNew)
  )
  const contacts = yield* take(sql, "contact", [...newContacts])
  const talks = yield* take(
    sql,
    "conversation",
    changes.conversations.opened.map(({ id }) => id)
  )
  if (contacts.size === 0 && talks.size === 0) return { changes, newContacts: new Set<ContactId>() }
  const contact = (id: ContactId): ContactId => ContactId.make(contacts.get(id) ?? id)
  const talk = (id: ConversationId): ConversationId => ConversationId.make(talks.get(id) ?? id)
  const { closed, moved, opened } = changes.conversations
  const real: Changes = {
    ...changes,
    people: changes.people.map((person) => ({
      ...person,
      id: contact(person.id),
      aliases: person.aliases.map((alias) => ({ ...alias, id: contact(alias.id) })),
      retired: person.retired.map(contact)
    })),
    consents: changes.consents.map((consent) => ({ ...consent, contactId: contact(consent.contactId) })),
    conversations: {
      closed: closed.map((one) => ({ ...one, id: talk(one.id) })),
      moved: moved.map((one) => ({ id: talk(one.id), contactId: contact(one.contactId) })),
      opened: opened.map((one) => ({ ...one, id: talk(one.id), contactId: contact(one.contactId) }))
    },
    inbound: changes.inbound.map((message) => ({
      ...message,
      contactId: contact(message.contactId),
      conversationId: talk(message.conversationId)
    })),
    events: changes.events.map((event) => ({
      ...event,
      contactId: event.contactId === undefined ? undefined : contact(event.contactId)
    }))
  }
  return { changes: real, newContacts: new Set([...newContacts].map(contact)) }
})
