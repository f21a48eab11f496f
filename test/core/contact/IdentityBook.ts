/** The contacts of one instance, kept as decisions say: what a store does, in memory. */
import { assert } from "@effect/vitest"
import type { DateTime } from "effect"
import { ContactId } from "../../../core/contact/Contact.ts"
import { type Decision, identify, rebind, type Rebinding } from "../../../core/contact/Identity.ts"
import { type Candidate, type HeldKey, lookUp, type PersonKeys } from "../../../core/contact/PersonKeys.ts"

export class IdentityBook {
  readonly contacts = new Map<ContactId, ReadonlyArray<HeldKey>>()
  /** Retired id → survivor. */
  readonly retired = new Map<ContactId, ContactId>()
  #last = 0

  /** The contact that the keys lead to, made or merged where need be. */
  see(shown: PersonKeys, at: DateTime.Utc): ContactId {
    return this.#apply(identify(shown, at, this.#candidates(shown)))
  }

  follow(change: Rebinding, at: DateTime.Utc): ContactId {
    return this.#apply(rebind(change, at, this.#candidates(change.before, change.after)))
  }

  /** Who answers under an id that was once given out. */
  resolve(id: ContactId): ContactId {
    const survivor = this.retired.get(id)
    return survivor === undefined ? id : this.resolve(survivor)
  }

  /** Who has the key now: `phone 5561…`. */
  holderOf(value: string): ReadonlyArray<ContactId> {
    return [...this.contacts].flatMap(([id, keys]) =>
      keys.some((key) => key.value === value && key.until === undefined) ? [id] : []
    )
  }

  #candidates(...shown: ReadonlyArray<PersonKeys>): ReadonlyArray<Candidate> {
    const { numbers, userIds } = lookUp(...shown)
    const sought = new Set([...numbers, ...userIds])
    return [...this.contacts].flatMap(([id, keys]) =>
      keys.some(({ value }) => sought.has(value)) ? [{ id, keys }] : []
    )
  }

  #apply(decision: Decision): ContactId {
    for (const { contactId, kind, until, value } of decision.ends) {
      const keys = this.contacts.get(contactId) ?? assert.fail(`no contact ${contactId}`)
      const holds = (key: HeldKey) => key.kind === kind && key.value === value && key.until === undefined
      assert.isTrue(keys.some(holds), `contact ${contactId} does not hold ${kind} ${value}`)
      this.contacts.set(
        contactId,
        keys.map((key) => (holds(key) ? { ...key, until } : key))
      )
    }
    const id = this.#contactOf(decision)
    this.contacts.set(id, [...(this.contacts.get(id) ?? []), ...decision.gains])
    return id
  }

  #contactOf(decision: Decision): ContactId {
    if (decision._tag === "Create") {
      this.#last += 1
      return ContactId.make(this.#last)
    }
    if (decision._tag === "Use") return decision.contactId
    const { retired, survivor } = decision
    for (const id of retired) {
      assert.isBelow(survivor, id)
      this.contacts.set(survivor, [...(this.contacts.get(survivor) ?? []), ...(this.contacts.get(id) ?? [])])
      this.contacts.delete(id)
      this.retired.set(id, survivor)
    }
    return survivor
  }
}
