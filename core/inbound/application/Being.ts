/** One contact while a batch of updates is applied: what a decision about its identity makes of it. */
import { Array, DateTime, Order, Schema } from "effect"
import { type ConsentChange, consentOf, isOptedOut, isSame as isSameConsent } from "../../consent/Consent.ts"
import type { ContactId } from "../../contact/Contact.ts"
import { type Candidate, type HeldKey, isNumber, isUserId, type Key } from "../../contact/PersonKeys.ts"
import { identityKey, PhoneNumber } from "../../contact/PhoneNumber.ts"
import type { PersonChange } from "./Changes.ts"
import type { Alias, KnownContact } from "./Facts.ts"

export interface Being extends KnownContact {
  /** Of `aliases`, those that were contacts of their own until now. */
  readonly retired: ReadonlyArray<ContactId>
}

export const isPhoneNumber = Schema.is(PhoneNumber)

const lineOf = (number: string): string => (isPhoneNumber(number) ? identityKey(number) : number)

const current = ({ until }: HeldKey): boolean => until === undefined

/**
 * A contact that was made by a send has no keys of its own yet: its number counts as one, given to us when the contact
 * was made.
 */
export const beingOf = (known: KnownContact): Being => {
  const { createdAt, keys, number, numberIsCurrent } = known
  const isImplicit =
    number !== undefined && numberIsCurrent && !keys.some((key) => isNumber(key) && key.value === number)
  return {
    ...known,
    keys: isImplicit ? [{ kind: "phone", value: number, since: createdAt, until: undefined }, ...keys] : keys,
    retired: []
  }
}

export const candidateOf = ({ id, keys }: Being): Candidate => ({ id, keys })

/** The latest first. */
const bySince = Order.flip(Order.mapInput(DateTime.Order, ({ since }: HeldKey) => since))

/** The number as given comes before the name of the account, which may lack a digit. */
const byUse = Order.combine(
  Order.mapInput(Order.Number, ({ kind }: HeldKey) => (kind === "phone" ? 0 : 1)),
  bySince
)

const linesOf = (keys: ReadonlyArray<HeldKey>): ReadonlyArray<string> =>
  Array.dedupe(keys.filter((key) => isNumber(key) && current(key)).map(({ value }) => lineOf(value)))

/** The number to write to: the known one as long as it is the person's, else the latest. */
const numberOf = (known: string | undefined, keys: ReadonlyArray<HeldKey>): string | undefined => {
  const numbers = keys.filter((key) => isNumber(key) && current(key))
  if (known !== undefined && numbers.some(({ value }) => lineOf(value) === lineOf(known))) return known
  return numbers.toSorted(byUse)[0]?.value
}

const userIdOf = (keys: ReadonlyArray<HeldKey>): string | undefined =>
  keys.filter((key) => isUserId(key) && current(key)).toSorted(bySince)[0]?.value

/** With other keys, and whatever follows from them. */
export const withKeys = (being: Being, keys: ReadonlyArray<HeldKey>): Being => ({
  ...being,
  keys,
  number: numberOf(being.number, keys),
  userId: userIdOf(keys)
})

export const isSameKey = (one: Key, other: Key): boolean => one.kind === other.kind && one.value === other.value

const earliest = (one: DateTime.Utc, other: DateTime.Utc): DateTime.Utc => DateTime.min(one, other)

/** One key that both held is held once: from the earlier, and for good where one of them holds it still. */
const joined = (keys: ReadonlyArray<HeldKey>): ReadonlyArray<HeldKey> =>
  keys.reduce<ReadonlyArray<HeldKey>>((kept, key) => {
    const index = kept.findIndex((other) => isSameKey(other, key) && current(other) && current(key))
    const same = kept[index]
    if (same === undefined) return [...kept, key]
    return kept.with(index, { ...same, since: earliest(same.since, key.since) })
  }, [])

const later = (one: DateTime.Utc | undefined, other: DateTime.Utc | undefined): DateTime.Utc | undefined => {
  if (one === undefined || other === undefined) return one ?? other
  return DateTime.max(one, other)
}

export const heardAt = (being: Being, at: DateTime.Utc): Being => ({
  ...being,
  lastInboundAt: later(being.lastInboundAt, at)
})

/** Nothing where it was known. */
export const consenting = (being: Being, change: ConsentChange): Being | undefined =>
  being.consents.some((known) => isSameConsent(known, change))
    ? undefined
    : { ...being, consents: [...being.consents, change] }

export const hasStoppedMarketing = ({ consents }: Being): boolean => isOptedOut(consentOf(consents))

/** All that the other has goes to the survivor. */
export const absorbed = (survivor: Being, other: Being): Being =>
  withKeys(
    {
      ...survivor,
      number: survivor.number ?? other.number,
      name: survivor.name ?? other.name,
      username: survivor.username ?? other.username,
      lastInboundAt: later(survivor.lastInboundAt, other.lastInboundAt),
      createdAt: earliest(survivor.createdAt, other.createdAt),
      consents: Array.dedupeWith([...survivor.consents, ...other.consents], isSameConsent),
      openConversation: survivor.openConversation ?? other.openConversation,
      aliases: [...survivor.aliases, { id: other.id, identityKey: undefined }, ...other.aliases],
      retired: [...survivor.retired, other.id, ...other.retired]
    },
    joined([...survivor.keys, ...other.keys])
  )

/**
 * How it is written down. Each current line leads to the contact: the one of its number by itself, every other by an
 * alias; where there is no alias for it yet, `freshId` gives one.
 */
export const changeOf = (being: Being, freshId: () => ContactId): PersonChange => {
  const lines = linesOf(being.keys)
  const own = being.number === undefined ? undefined : lines.find((line) => line === lineOf(being.number ?? ""))
  const others = lines.filter((line) => line !== own)
  const leading = being.aliases.filter(({ identityKey }) => identityKey !== undefined && others.includes(identityKey))
  const idle = being.aliases.filter((alias) => !leading.includes(alias))
  const missing = others.filter((line) => !leading.some(({ identityKey }) => identityKey === line))
  const taken = missing.map((line, index): Alias => ({ id: idle[index]?.id ?? freshId(), identityKey: line }))
  const consent = consentOf(being.consents)
  return {
    id: being.id,
    instanceId: being.instanceId,
    number: being.number,
    identityKey: own,
    name: being.name,
    username: being.username,
    userId: being.userId,
    lastInboundAt: being.lastInboundAt,
    marketingOptOutAt: consent !== undefined && isOptedOut(consent) ? consent.at : undefined,
    createdAt: being.createdAt,
    keys: being.keys,
    aliases: [
      ...leading,
      ...taken,
      ...idle.slice(missing.length).map(({ id }): Alias => ({ id, identityKey: undefined }))
    ],
    retired: being.retired
  }
}
