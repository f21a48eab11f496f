/** Which of the candidates are the person, which are others, and to whom a number belongs that both claim. */
import { DateTime, Order } from "effect"
import {
  type Candidate,
  type HeldKey,
  inForce,
  isNumber,
  isSameLine,
  isUserId,
  keysOf,
  numbersOf,
  type PersonKeys,
  twinsOf
} from "./PersonKeys.ts"

export interface Match {
  readonly candidate: Candidate
  /** 0 by user id, 1 by the exact number, 2 by its twin. */
  readonly strength: 0 | 1 | 2
  /** The keys that matched. */
  readonly by: ReadonlyArray<HeldKey>
}

const matchOf = (candidate: Candidate, shown: PersonKeys, counts: (key: HeldKey) => boolean): Match | undefined => {
  const numbers = numbersOf(shown)
  const twins = twinsOf(numbers)
  const held = candidate.keys.filter(counts)
  const byUserId = held.filter((key) => isUserId(key) && key.value === shown.userId)
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

/** The candidates that hold one of the keys shown, the surest first. */
export const matchesOf = (
  candidates: ReadonlyArray<Candidate>,
  shown: PersonKeys,
  counts: (key: HeldKey) => boolean
): ReadonlyArray<Match> =>
  candidates.flatMap((candidate) => matchOf(candidate, shown, counts) ?? []).toSorted(byStrength)

/** Where a number had another holder at `at`, who holds it now and got it later is not meant. */
export const atThatTime = (matches: ReadonlyArray<Match>, at: DateTime.Utc): ReadonlyArray<Match> => {
  const hadAnother = matches.some(({ by }) => by.some((key) => isNumber(key) && key.until !== undefined))
  const isLater = ({ by, strength }: Match): boolean =>
    strength !== 0 && by.every(({ since, until }) => until === undefined && DateTime.isGreaterThan(since, at))
  return hadAnother ? matches.filter((match) => !isLater(match)) : matches
}

const userIdsOf = (candidate: Candidate): ReadonlyArray<HeldKey> => candidate.keys.filter(isUserId)

/**
 * The matches that are the person, and those that only share a number with them: another user id is another person,
 * unless `proves` knows better.
 */
export const sortOut = (
  matches: ReadonlyArray<Match>,
  userIdsKnown: ReadonlyArray<string>,
  proves: (match: Match) => boolean
): { readonly members: ReadonlyArray<Candidate>; readonly others: ReadonlyArray<Candidate> } => {
  const known = new Set(userIdsKnown)
  const members: Array<Candidate> = []
  const others: Array<Candidate> = []
  for (const match of matches) {
    const userIds = userIdsOf(match.candidate)
    const current = userIds.filter(({ until }) => until === undefined)
    const contradicts = known.size > 0 && current.length > 0 && !current.some(({ value }) => known.has(value))
    if (contradicts && !proves(match)) {
      others.push(match.candidate)
    } else {
      members.push(match.candidate)
      for (const { value } of userIds) known.add(value)
    }
  }
  return { members, others }
}

interface Claim {
  readonly gains: ReadonlyArray<HeldKey>
  /** Keys of others that end with the claim. */
  readonly lost: ReadonlyArray<{ readonly holder: Candidate; readonly key: HeldKey }>
}

/**
 * What of the keys shown at `at` is new to the person. Of a number that another person holds the later claim wins;
 * the earlier one is kept as a former key, so that the outcome does not depend on which came in first.
 */
export const claimOf = (
  shown: PersonKeys,
  at: DateTime.Utc,
  { members, others }: { readonly members: ReadonlyArray<Candidate>; readonly others: ReadonlyArray<Candidate> },
  /** Whether what is shown is proof enough to take a number from its holder. */
  takes: boolean
): Claim => {
  const held = members.flatMap(({ keys }) => keys.filter((key) => inForce(key, at)))
  const gains: Array<HeldKey> = []
  const lost: Array<Claim["lost"][number]> = []
  for (const key of keysOf(shown)) {
    if (held.some((own) => own.kind === key.kind && own.value === key.value)) continue
    const spelledOtherwise = isNumber(key)
      ? held.filter((own) => isNumber(own) && isSameLine(own.value, key.value))
      : []
    if (spelledOtherwise.length > 0) {
      gains.push({ ...key, since: at, until: longest(spelledOtherwise) })
      continue
    }
    const rivals = isNumber(key) ? others.flatMap((holder) => currentOn(holder, key.value)) : []
    if (rivals.length > 0 && !takes) continue
    const later = rivals.map(({ key }) => key.since).filter((since) => DateTime.isGreaterThan(since, at))
    const until = later.toSorted(DateTime.Order)[0]
    gains.push({ ...key, since: at, until })
    if (until === undefined) lost.push(...rivals)
  }
  return { gains, lost: lost.filter(({ key }, index) => lost.findIndex((other) => other.key === key) === index) }
}

/** Until when the person has one of the keys: nothing where for good. */
const longest = (keys: ReadonlyArray<HeldKey>): DateTime.Utc | undefined =>
  keys.some(({ until }) => until === undefined)
    ? undefined
    : keys.flatMap(({ until }) => until ?? []).toSorted(Order.flip(DateTime.Order))[0]

const currentOn = (holder: Candidate, number: string): Claim["lost"] =>
  holder.keys
    .filter((key) => isNumber(key) && key.until === undefined && isSameLine(key.value, number))
    .map((key) => ({ holder, key }))
