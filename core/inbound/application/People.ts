/**
 * The people of a batch of updates: who is meant, and what is new of them. A book in memory, filled with what is known
 * and worked on update by update; what was touched comes out at the end.
 */
import type { DateTime } from "effect"
import type { ConsentChange } from "../../consent/Consent.ts"
import { ContactId } from "../../contact/Contact.ts"
import { type Decision, identify, rebind, type Rebinding } from "../../contact/Identity.ts"
import { isNumber, lookUp, type PersonKeys } from "../../contact/PersonKeys.ts"
import type { ConversationId } from "../../conversation/Conversation.ts"
import type { InstanceId } from "../../instance/Instance.ts"
import type { Person } from "../Person.ts"
import {
  absorbed,
  type Being,
  beingOf,
  candidateOf,
  changeOf,
  consenting,
  hasStoppedMarketing,
  heardAt,
  isPhoneNumber,
  isSameKey,
  withKeys
} from "./Being.ts"
import { type Changes, firstNewId, type NewConsent } from "./Changes.ts"
import { type KnownContact, within } from "./Facts.ts"
import * as Talks from "./Talks.ts"

/** Who hears of what changes, as it happens. */
export interface Witness {
  readonly merged: (being: Being, retired: ReadonlyArray<ContactId>, at: DateTime.Utc) => void
  /** Another number, or another user id, than the contact had. */
  readonly renamed: (being: Being, at: DateTime.Utc) => void
  readonly consented: (being: Being, change: ConsentChange) => void
}

export interface People {
  /** Whoever was shown at `at`, found or made. */
  readonly meet: (instanceId: InstanceId, person: Person, at: DateTime.Utc) => ContactId
  /** The known contact was shown under these names too. */
  readonly recognise: (id: ContactId, person: Person, at: DateTime.Utc) => void
  readonly follow: (instanceId: InstanceId, rebinding: Rebinding, at: DateTime.Utc) => void
  /** The person wrote. */
  readonly heard: (id: ContactId, at: DateTime.Utc) => void
  readonly consent: (id: ContactId, change: ConsentChange, heardAt: DateTime.Utc) => void
  /** The open conversation, opened where there is none. */
  readonly conversation: (id: ContactId, at: DateTime.Utc) => ConversationId
  readonly changes: () => Pick<Changes, "people" | "consents" | "conversations">
}

const idIn = (decision: Exclude<Decision, { readonly _tag: "Create" }>): ContactId =>
  decision._tag === "Use" ? decision.contactId : decision.survivor

const isOther = (one: string | undefined, other: string | undefined): boolean => one !== undefined && one !== other

const goesByAnother = (before: Being, after: Being): boolean =>
  isOther(before.number, after.number) || isOther(before.userId, after.userId)

export const make = (known: ReadonlyArray<KnownContact>, now: DateTime.Utc, witness: Witness): People => {
  const beings = new Map<ContactId, Being>()
  /** Who holds or held a key, by instance and value; some may not any more. */
  const holders = new Map<string, Set<ContactId>>()
  const survivors = new Map<ContactId, ContactId>(
    known.flatMap(({ aliases, id }) => aliases.map((alias) => [alias.id, id] as const))
  )
  const touched = new Set<ContactId>()
  const consents: Array<NewConsent> = []
  const talks = Talks.make(now)
  let nextId = firstNewId
  const freshId = () => ContactId.make(nextId++)

  const ownerOf = (id: ContactId): ContactId => survivors.get(id) ?? id
  const get = (id: ContactId): Being => {
    const being = beings.get(ownerOf(id))
    if (being === undefined) throw new Error(`contact ${id} was not looked up`)
    return being
  }
  const enter = (being: Being): void => {
    beings.set(being.id, being)
    for (const { value } of being.keys) {
      const name = within(being.instanceId, value)
      const ids = holders.get(name)
      if (ids === undefined) holders.set(name, new Set([being.id]))
      else ids.add(being.id)
    }
  }
  for (const contact of known) enter(beingOf(contact))
  const put = (being: Being): Being => {
    enter(being)
    touched.add(being.id)
    return being
  }

  const candidatesFor = (instanceId: InstanceId, ...shown: ReadonlyArray<PersonKeys>) => {
    const { numbers, userIds } = lookUp(...shown)
    const ids = [...numbers, ...userIds].flatMap((value) => [...(holders.get(within(instanceId, value)) ?? [])])
    return [...new Set(ids)].flatMap((id) => {
      const being = beings.get(id)
      return being === undefined ? [] : [candidateOf(being)]
    })
  }

  const created = (instanceId: InstanceId, at: DateTime.Utc): Being =>
    put({
      id: freshId(),
      instanceId,
      number: undefined,
      numberIsCurrent: true,
      name: undefined,
      username: undefined,
      userId: undefined,
      lastInboundAt: undefined,
      createdAt: at,
      keys: [],
      consents: [],
      aliases: [],
      openConversation: undefined,
      retired: []
    })

  const merge = (into: ContactId, retired: ReadonlyArray<ContactId>, at: DateTime.Utc): Being => {
    let survivor = get(into)
    for (const id of retired) {
      const other = get(id)
      if (other.openConversation !== undefined) {
        if (survivor.openConversation === undefined) talks.move(other.openConversation, survivor.id)
        else talks.close(other.openConversation)
      }
      survivor = absorbed(survivor, other)
      beings.delete(other.id)
      touched.delete(other.id)
      for (const alias of [other.id, ...other.aliases.map((alias) => alias.id)]) survivors.set(alias, survivor.id)
    }
    put(survivor)
    witness.merged(survivor, retired, at)
    return survivor
  }

  const giveUp = (ends: Decision["ends"]): void => {
    for (const { contactId, until, ...key } of ends) {
      const holder = get(contactId)
      const keys = holder.keys.map((held) =>
        isSameKey(held, key) && held.until === undefined ? { ...held, until } : held
      )
      put(withKeys(holder, keys))
    }
  }

  const beingFor = (instanceId: InstanceId, decision: Decision, at: DateTime.Utc): Being => {
    switch (decision._tag) {
      case "Create":
        return created(instanceId, now)
      case "Use":
        return get(decision.contactId)
      case "Merge":
        return merge(decision.survivor, decision.retired, at)
    }
  }

  const decide = (instanceId: InstanceId, at: DateTime.Utc, decision: Decision): Being => {
    const chosen = decision._tag === "Create" ? [] : [idIn(decision)]
    const before = [...new Set([...chosen, ...decision.ends.map(({ contactId }) => contactId)])].map(get)
    giveUp(decision.ends)
    const being = beingFor(instanceId, decision, at)
    const after = decision.gains.length === 0 ? being : put(withKeys(being, [...being.keys, ...decision.gains]))
    for (const known of before) {
      const now = beings.get(known.id)
      if (now !== undefined && goesByAnother(known, now)) witness.renamed(now, at)
    }
    return after
  }

  const introduced = (being: Being, { profileName, username }: Person): void => {
    const name = being.name ?? profileName
    if (name === being.name && (username === undefined || username === being.username)) return
    put({ ...being, name, username: username ?? being.username })
  }

  return {
    meet: (instanceId, person, at) => {
      const being = decide(instanceId, at, identify(person, at, candidatesFor(instanceId, person)))
      introduced(being, person)
      return being.id
    },

    recognise: (id, person, at) => {
      if (person.userId === undefined) return
      const { instanceId, keys, number } = get(id)
      if (keys.some(({ kind, value }) => kind === "user_id" && value === person.userId)) return
      // The message went to the contact's number, so whatever else Meta names of the recipient belongs to it.
      const isOwn = keys.some((key) => isNumber(key) && key.until === undefined && key.value === number)
      const own = isOwn && isPhoneNumber(number) ? number : undefined
      const shown: PersonKeys = own === undefined ? person : { ...person, phone: person.phone ?? own }
      decide(instanceId, at, identify(shown, at, candidatesFor(instanceId, shown)))
    },

    follow: (instanceId, rebinding, at) => {
      const candidates = candidatesFor(instanceId, rebinding.before, rebinding.after)
      decide(instanceId, at, rebind(rebinding, at, candidates))
    },

    heard: (id, at) => {
      put(heardAt(get(id), at))
    },

    consent: (id, change, heardAt) => {
      const before = get(id)
      const after = consenting(before, change)
      if (after === undefined) return
      put(after)
      consents.push({ ...change, instanceId: after.instanceId, contactId: after.id, heardAt })
      if (hasStoppedMarketing(before) !== hasStoppedMarketing(after)) witness.consented(after, change)
    },

    conversation: (id, at) => {
      const being = get(id)
      if (being.openConversation !== undefined) return being.openConversation
      const conversation = talks.open(being, at)
      put({ ...being, openConversation: conversation })
      return conversation
    },

    changes: () => ({
      people: [...touched].flatMap((id) => {
        const being = beings.get(id)
        return being === undefined ? [] : [changeOf(being, freshId)]
      }),
      consents: consents.map((consent) => ({ ...consent, contactId: ownerOf(consent.contactId) })),
      conversations: talks.changes(ownerOf)
    })
  }
}
