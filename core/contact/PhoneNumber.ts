import { Brand, Result, Schema } from "effect"
import { isPossiblePhoneNumber } from "libphonenumber-js"
import * as BrazilianNumber from "./BrazilianNumber.ts"

/** Country code and subscriber number, digits only: `5511978049825`. At most 15 digits (ITU-T E.164). */
export const PhoneNumber = Schema.String.check(Schema.isPattern(/^[1-9]\d{7,14}$/u)).pipe(Schema.brand("PhoneNumber"))
export type PhoneNumber = typeof PhoneNumber.Type

/** A right one, for messages that explain a wrong one. */
export const example = "5511978049825"

/** Why a string is no number that WhatsApp could know. */
export type Fault = "not_digits" | "length" | "area_code" | "subscriber" | "impossible"

const digitsOnly = /^\d+$/u

/**
 * What is wrong with `input`, or nothing. Brazil is judged by a rule of ours, for no library knows
 * which area codes exist and that a mobile may lack its ninth digit; the rest of the world by the
 * possible lengths of `libphonenumber-js`.
 */
export const fault = (input: string): Fault | undefined => {
  if (!digitsOnly.test(input)) return "not_digits"
  if (input.length < 8 || input.length > 15 || input.startsWith("0")) return "length"
  if (!BrazilianNumber.isBrazilian(input)) return isPossiblePhoneNumber(`+${input}`) ? undefined : "impossible"
  if (input.length !== 12 && input.length !== 13) return "length"
  if (!BrazilianNumber.hasAreaCode(input)) return "area_code"
  return BrazilianNumber.hasSubscriber(input) ? undefined : "subscriber"
}

/** What has no fault is eight to fifteen digits, and need not be checked to be that again. */
const faultless = Brand.nominal<PhoneNumber>()

/** `input` as a number that WhatsApp could know. */
export const fromText = (input: string): Result.Result<PhoneNumber, Fault> => {
  const found = fault(input)
  return found === undefined ? Result.succeed(faultless(input)) : Result.fail(found)
}

/**
 * The key under which a person is found whatever spelling of the number arrives: a Brazilian mobile is
 * keyed with its ninth digit, every other number by itself. One key, one contact: storage holds it
 * unique within an instance, so that no race makes two contacts of one telephone.
 */
export const identityKey = (number: PhoneNumber): string => {
  const twin = BrazilianNumber.twin(number)
  return twin !== undefined && twin.length > number.length ? twin : number
}
