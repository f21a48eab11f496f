import { Schema } from "effect"

/** Text that every part of the way can carry: no NUL (PostgreSQL refuses it), no half of a surrogate pair (no UTF-8 for it). */
export const isPlain = (text: string): boolean => !text.includes("\u0000") && text.isWellFormed()

export const PlainText = Schema.String.check(Schema.makeFilter(isPlain))
