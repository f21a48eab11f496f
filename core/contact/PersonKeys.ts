/**
 * Under what names Meta shows one person. Any of them may be missing: a person with a username may keep the number
 * from a business, and only webhooks since April 2026 carry user ids.
 *
 * Source: Meta, "Business-scoped user IDs".
 */
import type { PhoneNumber } from "./PhoneNumber.ts"

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
