/** Whom a message goes to: a phone number, or a user by business-scoped id (BSUID), whose phone stays unknown. */
export type Recipient =
  | { readonly kind: "phone"; readonly input: string; readonly digits: string }
  | { readonly kind: "user"; readonly userId: string }

/** The recipient as one string: digits without `+`, or the business-scoped id. What the ledger is searched by. */
export const keyOf = (recipient: Recipient): string =>
  recipient.kind === "phone" ? recipient.digits : recipient.userId

const digitsOf = /^\+?[\d\s()-]+$/u
const e164Length = { shortest: 7, longest: 15 }

/** Digits of a phone number written with or without `+`, blanks, dashes and brackets; undefined if it is none. */
export const phoneDigits = (input: string): string | undefined => {
  if (!digitsOf.test(input)) return undefined
  const digits = input.replace(/\D/gu, "")
  return digits.length >= e164Length.shortest && digits.length <= e164Length.longest ? digits : undefined
}

/** Only mobiles have nine digits after the area code. */
const brazilianMobile = /^55(?<ddd>[1-9]\d)9(?<subscriber>\d{8})$/u

/**
 * `wa_id` of a phone number. Of Brazilian mobiles Meta keeps the ninth digit in the area codes 11 to 28 and drops it
 * from 31 on, so that 13 digits come back as 12 (*Phone numbers*: by design). There are exceptions both ways; the
 * simulator has none.
 */
export const waIdOf = (digits: string): string => {
  const { ddd } = brazilianMobile.exec(digits)?.groups ?? {}
  return Number(ddd) >= 31 ? dropNinthDigit(digits) : digits
}

const withoutNinthDigit = /^55(?<ddd>[1-9]\d)(?<subscriber>[6-9]\d{7})$/u

/** A Brazilian mobile in the one spelling with 13 digits; any other number as it is. */
export const withNinthDigit = (digits: string): string => {
  const { ddd, subscriber } = withoutNinthDigit.exec(digits)?.groups ?? {}
  return ddd !== undefined && subscriber !== undefined ? `55${ddd}9${subscriber}` : digits
}

/** A Brazilian mobile in the spelling with 12 digits; any other number as it is. */
export const dropNinthDigit = (digits: string): string => {
  const { ddd, subscriber } = brazilianMobile.exec(digits)?.groups ?? {}
  return ddd !== undefined && subscriber !== undefined ? `55${ddd}${subscriber}` : digits
}

/** The entry of `contacts` in the answer to a send: a user addressed by id has a `user_id` and no `wa_id`. */
export const contactOf = (recipient: Recipient) =>
  recipient.kind === "phone"
    ? { input: recipient.input, wa_id: waIdOf(recipient.digits) }
    : { input: recipient.userId, user_id: recipient.userId }
