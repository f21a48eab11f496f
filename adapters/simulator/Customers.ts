import { DateTime } from "effect"
import type { BusinessNumber, BusinessNumbers } from "./BusinessNumbers.ts"
import type { Counter } from "./Counter.ts"
import { contentOf, referralOf } from "./CustomerContent.ts"
import type { Keep } from "./CustomerContent.ts"
import type { CustomerMessage } from "./CustomerMessage.ts"
import type { EntryPoints } from "./EntryPoints.ts"
import type { Ids } from "./Ids.ts"
import type { People, Person } from "./People.ts"
import { userIdOf } from "./People.ts"
import { dropNinthDigit, phoneDigits, waIdOf, withNinthDigit } from "./Recipient.ts"
import { contactBeside, seconds } from "./StatusUpdate.ts"
import { metadataOf } from "./WebhookPayload.ts"
import type { Update, Wire } from "./WebhookPayload.ts"
import * as Wamid from "./Wamid.ts"

export interface CustomerParts {
  readonly numbers: BusinessNumbers
  readonly people: People
  readonly entryPoints: EntryPoints
  readonly ids: Ids
  readonly written: Counter
  readonly keep: Keep
}

/** What is told of one customer's doing, and what its author is answered. */
export interface Written {
  readonly update: Update
  readonly answer: Wire
}

const digitsOf = (written: string): string => phoneDigits(written) ?? written

const shownAs = (digits: string, ninthDigit: boolean | undefined): string => {
  if (ninthDigit === undefined) return waIdOf(digits)
  return ninthDigit ? withNinthDigit(digits) : dropNinthDigit(digits)
}

const introductionOf = ({ name, user_id, username, without_number }: CustomerMessage, userId: string) => ({
  ...(user_id === undefined ? {} : { userId: user_id }),
  ...(name === undefined ? {} : { name }),
  ...(username === undefined ? {} : { username }),
  // A number stays hidden only from whoever has a username.
  ...(without_number === true && username === undefined ? { username: `cliente.${userId.slice(-6)}` } : {})
})

/** Who writes, as the business gets to see it. */
const senderOf = (message: CustomerMessage, people: People): Person => {
  const { from, ninth_digit, user_id, without_number } = message
  if (from === undefined) {
    const userId = user_id ?? ""
    return people.introduceUser(userId, introductionOf({ ...message, without_number: true }, userId))
  }
  const digits = digitsOf(from)
  const person = people.introduce(digits, introductionOf(message, user_id ?? people.byPhone(digits).userId))
  return { ...person, waId: without_number === true ? undefined : shownAs(digits, ninth_digit) }
}

const contextOf = ({ forwarded, reply_to }: CustomerMessage, number: BusinessNumber): Wire | undefined => {
  if (reply_to !== undefined) return { from: number.displayPhoneNumber, id: reply_to }
  if (forwarded === "frequently") return { frequently_forwarded: true }
  return forwarded === true ? { forwarded: true } : undefined
}

/** A sentence and facts of Meta's own: the customer has another number or another user id. */
const systemOf = (message: CustomerMessage, { name, userId, waId }: Person): Wire | undefined => {
  const { changed_number, changed_user_id, ninth_digit } = message
  if (changed_number !== undefined) {
    const digits = digitsOf(changed_number)
    const newId = shownAs(digits, ninth_digit)
    return {
      body: `User ${name} changed from ${waId ?? userId} to ${newId}`,
      wa_id: newId,
      user_id: userIdOf(digits),
      type: "user_changed_number"
    }
  }
  if (changed_user_id === undefined) return undefined
  const newId = changed_user_id === true ? `${userId}1` : changed_user_id
  return {
    body: `User ${name} changed from ${userId} to ${newId}`,
    user_id: newId,
    previous_user_id: userId,
    type: "user_changed_user_id"
  }
}

const preferenceOf = (value: "stop" | "resume", number: BusinessNumber, person: Person, at: number): Update => ({
  kind: "change",
  wabaId: number.wabaId,
  time: undefined,
  field: "user_preferences",
  label: `user_preferences ${value}`,
  value: {
    messaging_product: "whatsapp",
    metadata: metadataOf(number),
    contacts: [contactBeside(person)],
    user_preferences: [
      {
        ...(person.waId === undefined ? {} : { wa_id: person.waId }),
        user_id: person.userId,
        detail: `User requested to ${value} marketing messages`,
        category: "marketing_messages",
        value,
        timestamp: Math.floor(at / 1000)
      }
    ]
  }
})

/** What Meta tells of it (*messages webhook reference* and the page of each type). `now` in milliseconds. */
export const write = (
  message: CustomerMessage,
  number: BusinessNumber,
  now: number,
  { entryPoints, ids, keep, people, written }: CustomerParts
): Written => {
  const { parent_user_id, preference, timestamp } = message
  const at =
    timestamp === undefined ? now : typeof timestamp === "number" ? timestamp * 1000 : DateTime.toEpochMillis(timestamp)
  const person = senderOf(message, people)
  const { userId, waId } = person
  const said = { from: waId ?? null, user_id: userId, phone_number_id: number.phoneNumberId, timestamp: seconds(at) }
  if (preference !== undefined) {
    return { update: preferenceOf(preference, number, person, at), answer: { wamid: null, ...said } }
  }

  const wamid = Wamid.encode(waId ?? userId, ids.inbound(written.next()))
  const system = systemOf(message, person)
  const content = system === undefined ? contentOf(message, now, keep) : { type: "system", system }
  const context = contextOf(message, number)
  const referral = referralOf(message)
  if (referral !== undefined) entryPoints.cameByAd(number.phoneNumberId, userId, at)
  if (typeof system?.["user_id"] === "string" && message.from !== undefined && message.changed_user_id !== undefined) {
    people.introduce(digitsOf(message.from), { userId: system["user_id"] })
  }
  return {
    answer: { wamid, ...said },
    update: {
      kind: "messages",
      number,
      // Beside what Meta itself says there is nobody.
      contact:
        system === undefined
          ? { ...contactBeside(person), ...(parent_user_id === undefined ? {} : { parent_user_id }) }
          : undefined,
      label: `message ${wamid}`,
      item: {
        ...(context === undefined ? {} : { context }),
        ...(referral === undefined ? {} : { referral }),
        ...(waId === undefined ? {} : { from: waId }),
        from_user_id: userId,
        ...(parent_user_id === undefined ? {} : { from_parent_user_id: parent_user_id }),
        id: wamid,
        timestamp: seconds(at),
        ...content
      }
    }
  }
}
