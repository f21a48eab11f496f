/**
 * The person of a message or a status, put together from what stands at it and what stands beside it in `contacts`.
 */
import { Option, Predicate, Schema } from "effect"
import * as BrazilianNumber from "../contact/BrazilianNumber.ts"
import type { PersonKeys } from "../contact/PersonKeys.ts"
import { PhoneNumber } from "../contact/PhoneNumber.ts"
import { tidy } from "./Json.ts"
import { Id } from "./MetaValue.ts"

export interface Person extends PersonKeys {
  /** As the person calls themselves in WhatsApp. */
  readonly profileName?: string | undefined
  readonly username?: string | undefined
}

const isPhoneNumber = Schema.is(PhoneNumber)

/** What people and Meta put between digits. */
const formatting = /[\s().+-]+/gu

/** A number as Meta shows it, with or without its plus sign. Nothing where it is none. */
export const numberOf = (shown: unknown): PhoneNumber | undefined => {
  const digits = typeof shown === "number" ? `${shown}` : shown
  const bare = typeof digits === "string" ? digits.replaceAll(formatting, "") : undefined
  return isPhoneNumber(bare) ? bare : undefined
}

const Sibling = Schema.Struct({
  profile: Schema.optionalKey(
    Schema.Struct({ name: Schema.optionalKey(Schema.String), username: Schema.optionalKey(Schema.String) })
  ),
  wa_id: Schema.optionalKey(Schema.Unknown),
  user_id: Schema.optionalKey(Id),
  parent_user_id: Schema.optionalKey(Id)
})

const readSibling = Schema.decodeUnknownOption(Sibling)

const filled = (text: string | undefined): string | undefined => (text === "" ? undefined : text)

const personOf = ({ parent_user_id, profile, user_id, wa_id }: typeof Sibling.Type): Person => ({
  waId: numberOf(wa_id),
  userId: user_id,
  parentUserId: parent_user_id,
  profileName: filled(profile?.name),
  username: filled(profile?.username)
})

/** The `contacts` beside the messages or statuses of one change. */
export interface Directory {
  readonly byNumber: ReadonlyMap<string, Person>
  readonly byUserId: ReadonlyMap<string, Person>
  readonly only: Person | undefined
}

/** Beside valid messages a broken contact is worth nothing and costs nothing: the message names its sender too. */
export const directoryOf = (contacts: unknown): Directory => {
  const siblings: ReadonlyArray<unknown> = Array.isArray(contacts) ? contacts : []
  const people = siblings.flatMap((sibling) => Option.toArray(Option.map(readSibling(tidy(sibling)), personOf)))
  return {
    byNumber: new Map(people.flatMap((person) => (person.waId === undefined ? [] : [[person.waId, person] as const]))),
    byUserId: new Map(
      people.flatMap((person) => (person.userId === undefined ? [] : [[person.userId, person] as const]))
    ),
    only: people.length === 1 ? people[0] : undefined
  }
}

/** A person's number and the name of the account may differ, so the only contact beside the only message is its sender. */
const contradicts = (one: PersonKeys, other: PersonKeys): boolean =>
  one.userId !== undefined && other.userId !== undefined && one.userId !== other.userId

const siblingOf = (shown: PersonKeys, directory: Directory, alone: boolean): Person | undefined => {
  const byUserId = shown.userId === undefined ? undefined : directory.byUserId.get(shown.userId)
  if (byUserId !== undefined) return byUserId
  for (const number of [shown.phone, shown.waId]) {
    if (number === undefined) continue
    const found = directory.byNumber.get(number) ?? directory.byNumber.get(BrazilianNumber.twin(number) ?? number)
    if (found !== undefined && !contradicts(shown, found)) return found
  }
  const { only } = directory
  return alone && only !== undefined && !contradicts(shown, only) ? only : undefined
}

/** Everything that is known of the person, or nothing where no key is. `alone` where the list has no other item. */
export const completed = (shown: PersonKeys, directory: Directory, alone: boolean): Person | undefined => {
  const sibling = siblingOf(shown, directory, alone)
  const person = {
    phone: shown.phone,
    waId: shown.waId ?? sibling?.waId,
    userId: shown.userId ?? sibling?.userId,
    parentUserId: shown.parentUserId ?? sibling?.parentUserId,
    profileName: sibling?.profileName,
    username: sibling?.username
  }
  const isKnown = [person.phone, person.waId, person.userId].some(Predicate.isNotUndefined)
  return isKnown ? person : undefined
}
