import { Schema } from "effect"

/**
 * How Meta names a person to one business portfolio, with or without their number: `BR.1349…`. Opaque, but never mere
 * digits, so that it is not taken for a number.
 *
 * Source: Meta, "Business-scoped user IDs".
 */
export const ScopedUserId = Schema.String.check(Schema.isPattern(/^(?=.*\D)[\x21-\x7e]{1,150}$/u)).pipe(
  Schema.brand("ScopedUserId")
)
export type ScopedUserId = typeof ScopedUserId.Type
