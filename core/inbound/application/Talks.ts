/** The conversations of a batch of updates: opened by what people write, moved or closed where two prove to be one. */
import type { DateTime } from "effect"
import type { ContactId } from "../../contact/Contact.ts"
import { ConversationId } from "../../conversation/Conversation.ts"
import { type Changes, firstNewId, isNew, type NewConversation } from "./Changes.ts"
import type { KnownContact } from "./Facts.ts"

export interface Talks {
  readonly open: (owner: Pick<KnownContact, "id" | "instanceId">, at: DateTime.Utc) => ConversationId
  readonly move: (id: ConversationId, to: ContactId) => void
  readonly close: (id: ConversationId) => void
  /** `ownerOf`: whom a contact has proved to be by now. */
  readonly changes: (ownerOf: (id: ContactId) => ContactId) => Changes["conversations"]
}

export const make = (now: DateTime.Utc): Talks => {
  const opened: Array<Omit<NewConversation, "closedAt">> = []
  const moved = new Map<ConversationId, ContactId>()
  const closed = new Set<ConversationId>()

  return {
    open: ({ id: contactId, instanceId }, openedAt) => {
      const id = ConversationId.make(firstNewId + opened.length)
      opened.push({ id, instanceId, contactId, openedAt })
      return id
    },

    move: (id, to) => {
      moved.set(id, to)
    },

    close: (id) => {
      closed.add(id)
    },

    changes: (ownerOf) => ({
      // A closed one stays where it was, under a name that leads to the survivor.
      opened: opened.map((talk) =>
        closed.has(talk.id)
          ? { ...talk, closedAt: now }
          : { ...talk, contactId: ownerOf(moved.get(talk.id) ?? talk.contactId), closedAt: undefined }
      ),
      moved: [...moved].flatMap(([id, contactId]) => (isNew(id) ? [] : [{ id, contactId: ownerOf(contactId) }])),
      closed: [...closed].flatMap((id) => (isNew(id) ? [] : [{ id, at: now }]))
    })
  }
}
