/**
 * What a Brazilian number may look like, and when two of them are one telephone.
 *
 * Mobiles gained a ninth digit between 2012 and 2016, and WhatsApp still names many accounts without
 * it: a message sent to `5561987654321` may come back from `556187654321`. The two are twins, and a
 * person has one identity under both. Landlines never had the digit and never get it.
 *
 * Sources: Anatel's table of area codes (DDD) and Resolução 749/2022 (numbering); Meta, "Phone
 * numbers" (Brazil and Mexico: the extra mobile prefix may be altered).
 */

/** Area codes in use. 67 of the 90 two-digit numbers exist. */
const areaCodes = new Set(
  [
    [11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 22, 24, 27, 28],
    [31, 32, 33, 34, 35, 37, 38, 41, 42, 43, 44, 45, 46, 47, 48, 49],
    [51, 53, 54, 55, 61, 62, 63, 64, 65, 66, 67, 68, 69],
    [71, 73, 74, 75, 77, 79, 81, 82, 83, 84, 85, 86, 87, 88, 89],
    [91, 92, 93, 94, 95, 96, 97, 98, 99]
  ].flat()
)

export const isBrazilian = (digits: string): boolean => digits.startsWith("55")

export const hasAreaCode = (digits: string): boolean => areaCodes.has(Number(digits.slice(2, 4)))

/** After the area code: `9` and eight digits, or eight digits beginning 2–9 (a landline, or a mobile without its ninth digit). */
export const hasSubscriber = (digits: string): boolean => /^(?:9\d{8}|[2-9]\d{7})$/u.test(digits.slice(4))

export const isPossible = (digits: string): boolean =>
  isBrazilian(digits) && hasAreaCode(digits) && hasSubscriber(digits)

const withNinth = /^(55\d\d)9([6-9]\d{7})$/u
const withoutNinth = /^(55\d\d)([6-9]\d{7})$/u

/** The other spelling of a Brazilian mobile, or none: with the ninth digit where it is missing, without it where it is there. */
export const twin = (digits: string): string | undefined => {
  if (!hasAreaCode(digits)) return undefined
  const long = withNinth.exec(digits)
  if (long !== null) return `${long[1]}${long[2]}`
  const short = withoutNinth.exec(digits)
  return short === null ? undefined : `${short[1]}9${short[2]}`
}
