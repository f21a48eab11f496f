import { randomUUID } from "node:crypto"

/** Header-safe and short: what a caller may name a request. Anything else is replaced, never refused. */
const sane = /^[A-Za-z0-9][A-Za-z0-9._:@/+=-]{0,127}$/u

/** The caller's `X-Request-Id` where it is usable, else one of ours. */
export const of = (given: string | undefined): string =>
  given !== undefined && sane.test(given) ? given : randomUUID()
