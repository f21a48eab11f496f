/**
 * Who is it? Decides to which contact the keys of a webhook belong, whether two contacts are one person, and to whom
 * a number belongs after it has changed hands.
 *
 * What proves that it is the same person, strongest first: the scoped user id, the exact number, the ninth-digit
 * twin of a Brazilian mobile. Two contacts that one webhook names together are one, and the older (the lower id)
 * survives.
 *
 * What proves that it is another person: another user id. Meta gives a user one id per business portfolio, so a
 * number that comes under a new one, unannounced, has a new owner: telephone companies give numbers out again.
 *
 * The parent id proves nothing here. It spans several portfolios, while a contact belongs to one instance and so to
 * one portfolio, in which the scoped id always comes with it: it is kept with the contact and never looked up.
 *
 * Pure, and independent of the order of the candidates. Webhooks come out of order too: a key is held `since` a time
 * and, once given up, `until` one, both by Meta's clock, and the latest claim to a number wins whenever it arrives.
 *
 * Source: Meta, "Business-scoped user IDs"; "Phone numbers" (Brazil).
 */
import { Array, DateTime, Order } from "effect"
import * as BrazilianNumber from "./BrazilianNumber.ts"
import type { ContactId } from "./Contact.ts"
import type { PersonKeys } from "./PersonKeys.ts"

export type KeyKind = "user_id" | "phone" | "wa_id" | "parent_user_id"

export interface Key {
  readonly kind: KeyKind
  readonly value: string
}

export interface HeldKey extends Key {
  /** When Meta first showed it. */
  readonly since: DateTime.Utc
  /** Given up then. A user id leads to its contact for ever, for no other person will get it; a number until here. */
  readonly until: DateTime.Utc | undefined
}

/** A contact that holds one of the keys looked up, with all of its keys, former ones too. */
export interface Candidate {
  readonly id: ContactId
  readonly keys: ReadonlyArray<HeldKey>
}

export interface EndedKey extends Key {
  readonly contactId: ContactId
  readonly until: DateTime.Utc
}

interface Changes {
  /** New to the contact. */
  readonly gains: ReadonlyArray<HeldKey>
  /** Keys that a contact, this or another, holds no longer. Ended before the gains are added. */
  readonly ends: ReadonlyArray<EndedKey>
}

export type Decision =
  | ({ readonly _tag: "Create" } & Changes)
  | ({ readonly _tag: "Use"; readonly contactId: ContactId } & Changes)
  /** Everything of the retired goes to the survivor, keys included, and their ids answer as the survivor's. */
  | ({
      readonly _tag: "Merge"
      readonly survivor: ContactId
      readonly retired: Array.NonEmptyReadonlyArray<ContactId>
    } & Changes)

const isNumber = ({ kind }: Key): boolean => kind === "phone" || kind === "wa_id"

const keysOf = ({ parentUserId, phone, userId, waId }: PersonKeys): ReadonlyArray<Key> => {
  const keys: ReadonlyArray<{ readonly kind: KeyKind; readonly value: string | undefined }> = [
    { kind: "user_id", value: userId },
    { kind: "phone", value: phone },
    { kind: "wa_id", value: waId },
    { kind: "parent_user_id", value: parentUserId }
  ]
  return keys.flatMap(({ kind, value }) => (value === undefined ? [] : [{ kind, value }]))
}

const numbersOf = ({ phone, waId }: PersonKeys): ReadonlyArray<string> => [phone, waId].filter((n) => n !== undefined)

const twinsOf = (numbers: ReadonlyArray<string>): ReadonlyArray<string> =>
  numbers.flatMap((number) => BrazilianNumber.twin(number) ?? [])

/** What to look candidates up by, in every spelling. A former key counts too. */
export const lookUp = (
  ...shown: ReadonlyArray<PersonKeys>
): { readonly userIds: ReadonlyArray<string>; readonly numbers: ReadonlyArray<string> } => {
  const numbers = shown.flatMap(numbersOf)
  return {
    userIds: Array.dedupe(shown.flatMap(({ userId }) => userId ?? [])),
    numbers: Array.dedupe([...numbers, ...twinsOf(numbers)])
  }
}

const inForce = (key: HeldKey, at: DateTime.Utc): boolean =>
  key.until === undefined || key.kind === "user_id" || DateTime.isLessThan(at, key.until)

const currentUserIds = ({ keys }: Candidate): ReadonlyArray<string> =>
  keys.filter(({ kind, until }) => kind === "user_id" && until === undefined).map(({ value }) => value)

const allUserIds = ({ keys }: Candidate): ReadonlyArray<string> =>
  keys.filter(({ kind }) => kind === "user_id").map(({ value }) => value)

/** How a candidate was found: 0 by user id, 1 by the exact number, 2 by its twin. */
type Strength = 0 | 1 | 2

interface Match {
  readonly candidate: Candidate
  readonly strength: Strength
  /** The keys that were found. */
  readonly by: ReadonlyArray<HeldKey>
}

const matchOf = (candidate: Candidate, shown: PersonKeys, counts: (key: HeldKey) => boolean): Match | undefined => {
  const numbers = numbersOf(shown)
  const twins = twinsOf(numbers)
  const held = candidate.keys.filter(counts)
  const byUserId = held.filter(({ kind, value }) => kind === "user_id" && value === shown.userId)
  if (byUserId.length > 0) return { candidate, strength: 0, by: byUserId }
  const exact = held.filter((key) => isNumber(key) && numbers.includes(key.value))
  if (exact.length > 0) return { candidate, strength: 1, by: exact }
  const twin = held.filter((key) => isNumber(key) && twins.includes(key.value))
  return twin.length > 0 ? { candidate, strength: 2, by: twin } : undefined
}

const byStrength = Order.combine(
  Order.mapInput(Order.Number, ({ strength }: Match) => strength),
  Order.mapInput(Order.Number, ({ candidate }: Match) => candidate.id)
)

const matchesOf = (
  candidates: ReadonlyArray<Candidate>,
  shown: PersonKeys,
  counts: (key: HeldKey) => boolean
): ReadonlyArray<Match> =>
  candidates.flatMap((candidate) => matchOf(candidate, shown, counts) ?? []).toSorted(byStrength)

/** Who is the person, and who is another that only holds the person's number. */
interface Sorted {
  readonly members: ReadonlyArray<Candidate>
  readonly others: ReadonlyArray<Candidate>
}

const sortOut = (
  matches: ReadonlyArray<Match>,
  known: ReadonlyArray<string>,
  proves: (match: Match) => boolean
): Sorted => {
  const userIds = new Set(known)
  const members: Array<Candidate> = []
  const others: Array<Candidate> = []
  for (const match of matches) {
    const own = currentUserIds(match.candidate)
    const contradicts = userIds.size > 0 && own.length > 0 && !own.some((userId) => userIds.has(userId))
    if (contradicts && !proves(match)) {
      others.push(match.candidate)
    } else {
      members.push(match.candidate)
      for (const userId of allUserIds(match.candidate)) userIds.add(userId)
    }
  }
  return { members, others }
}
