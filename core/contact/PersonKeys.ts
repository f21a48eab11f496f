/**
 * Under what names Meta shows one person, and which of them a contact has or had.
 *
 * Any name may be missing: a person with a username may keep the number from a business, and only webhooks since
 * April 2026 carry user ids.
 *
 * Source: Meta, "Business-scoped user IDs"; "Phone numbers" (Brazil).
 */
import { Array, DateTime } from "effect"
import * as BrazilianNumber from "./BrazilianNumber.ts"
import type { ContactId } from "./Contact.ts"
import type { PhoneNumber } from "./PhoneNumber.ts"

/** What one webhook shows of a person. */
export interface PersonKeys {
  /** The number as given: `from` of a message, the recipient of a send. */
  readonly phone?: PhoneNumber | undefined
  /** The number as WhatsApp names the account: a Brazilian one may lack the ninth digit that `phone` has. */
  readonly waId?: PhoneNumber | undefined
  /** Scoped to the business portfolio, opaque and case-sensitive: `BR.1349…`. */
  readonly userId?: string | undefined
  /** Scoped to the company above several portfolios: `BR.ENT.1181…`. */
  readonly parentUserId?: string | undefined
}

export type KeyKind = "user_id" | "phone" | "wa_id" | "parent_user_id"

export interface Key {
  readonly kind: KeyKind
  readonly value: string
}

/** A contact may hold one key twice, at different times. */
export interface HeldKey extends Key {
  /** When it was first shown, by Meta's clock; of a number that we were given, when. */
  readonly since: DateTime.Utc
  /**
   * When it was given up. A user id leads to its contact for ever, for no other person will get it; a number only
   * for what happened before.
   */
  readonly until: DateTime.Utc | undefined
}

/** A contact that holds or held a key that was looked up, with all of its keys. */
export interface Candidate {
  readonly id: ContactId
  readonly keys: ReadonlyArray<HeldKey>
}

export const isNumber = ({ kind }: Key): boolean => kind === "phone" || kind === "wa_id"

export const isUserId = ({ kind }: Key): boolean => kind === "user_id"

export const keysOf = ({ parentUserId, phone, userId, waId }: PersonKeys): ReadonlyArray<Key> => {
  const keys: ReadonlyArray<{ readonly kind: KeyKind; readonly value: string | undefined }> = [
    { kind: "user_id", value: userId },
    { kind: "phone", value: phone },
    { kind: "wa_id", value: waId },
    { kind: "parent_user_id", value: parentUserId }
  ]
  return keys.flatMap(({ kind, value }) => (value === undefined ? [] : [{ kind, value }]))
}

export const numbersOf = ({ phone, waId }: PersonKeys): ReadonlyArray<string> =>
  [phone, waId].filter((number) => number !== undefined)

export const twinsOf = (numbers: ReadonlyArray<string>): ReadonlyArray<string> =>
  numbers.flatMap((number) => BrazilianNumber.twin(number) ?? [])

/** Whether two numbers are one telephone. */
export const isSameLine = (one: string, other: string): boolean => one === other || BrazilianNumber.twin(one) === other

/** Whether the key led to its contact at `at`. */
export const inForce = (key: HeldKey, at: DateTime.Utc): boolean =>
  key.until === undefined || isUserId(key) || DateTime.isLessThan(at, key.until)

/** What to look candidates up by: user ids, and numbers in every spelling. Former keys count too. */
export const lookUp = (
  ...shown: ReadonlyArray<PersonKeys>
): { readonly userIds: ReadonlyArray<string>; readonly numbers: ReadonlyArray<string> } => {
  const numbers = shown.flatMap(numbersOf)
  return {
    userIds: Array.dedupe(shown.flatMap(({ userId }) => userId ?? [])),
    numbers: Array.dedupe([...numbers, ...twinsOf(numbers)])
  }
}
