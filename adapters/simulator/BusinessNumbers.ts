import { Option } from "effect"
import type { Record } from "effect"

/** A number that a business writes from. */
export interface BusinessNumber {
  readonly phoneNumberId: string
  /** Its WhatsApp Business account. */
  readonly wabaId: string
  /** Digits, as webhooks show it. */
  readonly displayPhoneNumber: string
}

export type NumberDetails = Partial<Omit<BusinessNumber, "phoneNumberId">>

/** What webhooks tell of the business numbers. One that nobody described has the account of Meta's examples. */
export interface BusinessNumbers {
  readonly of: (phoneNumberId: string) => BusinessNumber
  readonly describe: (phoneNumberId: string, details: NumberDetails) => BusinessNumber
  /** The one that is meant where none is named: the first that is known, or that sent something. */
  readonly usual: () => BusinessNumber | undefined
  readonly sent: (phoneNumberId: string) => void
  readonly list: () => ReadonlyArray<BusinessNumber>
}

export const usualWaba = "102290129340398"

/** A number of the United States, which nobody has. */
const derived = (phoneNumberId: string): BusinessNumber => ({
  phoneNumberId,
  wabaId: usualWaba,
  displayPhoneNumber: `1555${phoneNumberId.replace(/\D/gu, "").slice(-7).padStart(7, "0")}`
})

const most = 10_000

export const make = (
  described: Record.ReadonlyRecord<string, NumberDetails>,
  known: ReadonlyArray<string>
): BusinessNumbers => {
  const numbers = new Map<string, BusinessNumber>()
  const of = (phoneNumberId: string) => numbers.get(phoneNumberId) ?? derived(phoneNumberId)

  const describe = (phoneNumberId: string, details: NumberDetails) => {
    const number = { ...of(phoneNumberId), ...details }
    numbers.set(phoneNumberId, number)
    return number
  }

  for (const [phoneNumberId, details] of Object.entries(described)) describe(phoneNumberId, details)
  for (const phoneNumberId of known) describe(phoneNumberId, {})

  return {
    of,
    describe,
    usual: () => Option.getOrUndefined(Option.fromIterable(numbers.values())),
    sent: (phoneNumberId) => {
      if (!numbers.has(phoneNumberId) && numbers.size < most) describe(phoneNumberId, {})
    },
    list: () => [...numbers.values()]
  }
}
