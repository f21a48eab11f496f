/**
 * Who is it? Decides to which contact the keys of a webhook belong, whether two contacts are one person, and whose a
 * number is after it has changed hands.
 *
 * What proves the same person, strongest first: the scoped user id, the exact number, the ninth-digit twin of a
 * Brazilian mobile. Two contacts that one webhook names together are one, and the older (the lower id) survives.
 *
 * What proves another person: another user id. Meta gives a user one per business portfolio, so a number that comes
 * with a new one, unannounced, has a new owner: telephone companies give numbers out again. The number then moves,
 * and what its former owner said stays with them.
 *
 * The parent id proves nothing here. It spans several portfolios, while a contact belongs to one instance and so to
 * one portfolio, in which the scoped id always comes beside it: it is kept with the contact and never looked up.
 *
 * Pure, and independent of the order of the candidates. As webhooks come out of order too, keys are held from one
 * time to another: what was said under a number before it was given up still leads to who had it then.
 *
 * Source: Meta, "Business-scoped user IDs"; "Phone numbers" (Brazil).
 */
import { Array, DateTime, Order } from "effect"
import type { ContactId } from "./Contact.ts"
import { atThatTime, claimOf, matchesOf, sortOut } from "./Matching.ts"
import {
  type Candidate,
  type HeldKey,
  inForce,
  isNumber,
  isSameLine,
  isUserId,
  type Key,
  keysOf,
  numbersOf,
  type PersonKeys
} from "./PersonKeys.ts"

/** The key, which the contact holds, ends at `until`. */
export interface EndedKey extends Key {
  readonly contactId: ContactId
  readonly until: DateTime.Utc
}

interface KeyChanges {
  /** Applied first. Some are of other contacts. */
  readonly ends: ReadonlyArray<EndedKey>
  /** New keys of the contact; one with `until` was shown too late to be current. */
  readonly gains: ReadonlyArray<HeldKey>
}

export type Decision =
  | ({ readonly _tag: "Create" } & KeyChanges)
  | ({ readonly _tag: "Use"; readonly contactId: ContactId } & KeyChanges)
  /** All that the retired have goes to the survivor, keys included, and their ids answer as the survivor's. */
  | ({
      readonly _tag: "Merge"
      readonly survivor: ContactId
      readonly retired: Array.NonEmptyReadonlyArray<ContactId>
    } & KeyChanges)

const decisionOf = (members: ReadonlyArray<Candidate>, changes: KeyChanges): Decision => {
  const [survivor, ...retired] = Array.sort(Array.dedupe(members.map(({ id }) => id)), Order.Number)
  if (survivor === undefined) return { _tag: "Create", ...changes }
  return Array.isReadonlyArrayNonEmpty(retired)
    ? { _tag: "Merge", survivor, retired, ...changes }
    : { _tag: "Use", contactId: survivor, ...changes }
}

const ended = ({ id }: Candidate, { kind, value }: Key, until: DateTime.Utc): EndedKey => ({
  contactId: id,
  kind,
  value,
  until
})

/**
 * Whose is what was shown at `at`? `candidates` are the contacts of the instance that hold or held a key of
 * `PersonKeys.lookUp(shown)`; at least a number or a user id is shown.
 */
export const identify = (shown: PersonKeys, at: DateTime.Utc, candidates: ReadonlyArray<Candidate>): Decision => {
  const matches = atThatTime(
    matchesOf(candidates, shown, (key) => inForce(key, at)),
    at
  )
  const sorted = sortOut(matches, userIdsIn(shown), ({ strength }) => strength === 0)
  const { members } = sorted
  // Who is shown under a user id of the past is shown with a number of the past.
  const isPast = members.some(({ keys }) =>
    keys.some((key) => isUserId(key) && key.value === shown.userId && key.until !== undefined)
  )
  if (isPast) return decisionOf(members, { ends: [], gains: [] })
  const { gains, lost } = claimOf(shown, at, sorted, shown.userId !== undefined)
  return decisionOf(members, { ends: lost.map(({ holder, key }) => ended(holder, key, at)), gains })
}

const userIdsIn = ({ userId }: PersonKeys): ReadonlyArray<string> => (userId === undefined ? [] : [userId])

/** `user_changed_number` or `user_changed_user_id`. */
export interface Rebinding {
  readonly kind: "number" | "user_id"
  readonly before: PersonKeys
  readonly after: PersonKeys
}

/**
 * Follows a person to a new number or user id. The old keys become former ones, user ids included where only the
 * number is named, for Meta makes a new one with every number. `candidates` are found by
 * `PersonKeys.lookUp(before, after)`. Of a person who was not known a contact is made, so that what they said before,
 * should it come in later, finds them.
 */
export const rebind = (
  { after, before, kind }: Rebinding,
  at: DateTime.Utc,
  candidates: ReadonlyArray<Candidate>
): Decision => {
  const left = matchesOf(candidates, before, (key) => isUserId(key) || wasHeld(key, at))
  const old = sortOut(left, userIdsIn(before), ({ strength }) => strength === 0).members
  const oldUserIds = old.flatMap(({ keys }) => keys.filter(isUserId).map(({ value }) => value))
  const reached = atThatTime(
    matchesOf(candidates, after, (key) => inForce(key, at)),
    at
  )
  // Whoever got the number after the change is the person whom the change brought there.
  const next = sortOut(
    reached,
    [...userIdsIn(after), ...oldUserIds],
    ({ by, strength }) => strength === 0 || by.every(({ since }) => DateTime.isGreaterThanOrEqualTo(since, at))
  )
  const members = Array.dedupeWith([...old, ...next.members], (one, other) => one.id === other.id)
  const others = next.others.filter(({ id }) => !members.some((member) => member.id === id))
  const { gains, lost } = claimOf(after, at, { members, others }, true)
  const isOver = (key: HeldKey): boolean =>
    key.until === undefined &&
    DateTime.isLessThanOrEqualTo(key.since, at) &&
    (isUserId(key) ? key.value !== after.userId : kind === "number" && isNumber(key) && !isOn(key.value, after))
  return decisionOf(members, {
    ends: [
      ...old.flatMap((candidate) => candidate.keys.filter(isOver).map((key) => ended(candidate, key, at))),
      ...lost.map(({ holder, key }) => ended(holder, key, at))
    ],
    gains: [...gains, ...formerOf(before, kind, at, members)]
  })
}

const wasHeld = ({ since, until }: HeldKey, at: DateTime.Utc): boolean =>
  DateTime.isLessThanOrEqualTo(since, at) && (until === undefined || DateTime.isLessThanOrEqualTo(at, until))

const isOn = (number: string, shown: PersonKeys): boolean => numbersOf(shown).some((other) => isSameLine(number, other))

/** The old keys where nobody has them yet. A `user_id` change leaves open whether its number is the old one. */
const formerOf = (
  before: PersonKeys,
  kind: Rebinding["kind"],
  at: DateTime.Utc,
  members: ReadonlyArray<Candidate>
): ReadonlyArray<HeldKey> =>
  keysOf(before)
    .filter((key) => isUserId(key) || (kind === "number" && isNumber(key)))
    .filter(({ value }) => !members.some(({ keys }) => keys.some((key) => key.value === value)))
    .map((key) => ({ ...key, since: at, until: at }))
