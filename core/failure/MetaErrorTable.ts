/**
 * How to react to each of Meta's error codes. The table is data; nothing else in the code knows a code.
 *
 * What a class means here is what *this* product does now, and what it tells the caller:
 * - `throttle`: repeated by us within the deadline, then 429; nothing was sent.
 * - `busy`: Meta is briefly unable; 503, the caller may repeat.
 * - `later`: refused for now; 429 where Meta or its pages give a time (`retryAfter`, seconds), else 400.
 * - `permanent`: this message to this person will never pass; 400.
 * - `account`: token, permission, payment or restriction; 502, an operator must act.
 * - `open`: Meta itself does not know whether it did it; the outcome is unknown, never repeated.
 *
 * Source: Meta, "Error codes" (the class is ours).
 */
export type Reaction =
  | { readonly kind: "throttle" | "busy" | "permanent" | "account" | "open" }
  | { readonly kind: "later"; readonly retryAfter?: number }

const throttle: Reaction = { kind: "throttle" }
const busy: Reaction = { kind: "busy" }
const permanent: Reaction = { kind: "permanent" }
const account: Reaction = { kind: "account" }
const open: Reaction = { kind: "open" }
const later: Reaction = { kind: "later" }
const after = (retryAfter: number): Reaction => ({ kind: "later", retryAfter })

const minutes = 60
const hours = 60 * minutes

const byCode: ReadonlyMap<number, Reaction> = new Map<number, Reaction>([
  ...[1, 131000].map((code) => [code, open] as const),
  ...[4, 17, 32, 613, 80007, 80008, 80012, 130429, 131056].map((code) => [code, throttle] as const),
  ...[2, 131016, 131057, 133004, 2494100].map((code) => [code, busy] as const),
  ...[0, 3, 10, 33, 104, 190, 368, 2500, 130497].map((code) => [code, account] as const),
  ...[131005, 131030, 131031, 131037, 131042, 131045, 131063].map((code) => [code, account] as const),
  ...[133000, 133005, 133006, 133008, 133009, 133010, 134011, 134102, 136024].map((code) => [code, account] as const),
  ...[100, 130403, 131008, 131009, 131021, 131026, 131043, 131047].map((code) => [code, permanent] as const),
  ...[131050, 131051, 131052, 131053, 131055, 131062].map((code) => [code, permanent] as const),
  ...[132000, 132001, 132005, 132007, 132008, 132012, 132016, 132018, 132068].map((code) => [code, permanent] as const),
  ...[134100, 135000, 137000, 1752041, 2593107, 2593108].map((code) => [code, permanent] as const),
  ...[130472, 131048, 131064, 132015, 133016].map((code) => [code, later] as const),
  // "Wait at least 24 hours": repeated sooner, Meta blocks the pair for longer.
  [131049, after(24 * hours)],
  // At most ten flows an hour.
  [132069, after(1 * hours)],
  [133015, after(5 * minutes)],
  [134101, after(10 * minutes)]
])

const ranges: ReadonlyArray<readonly [from: number, to: number, Reaction]> = [
  [200, 299, account],
  [147001, 147005, permanent],
  [200005, 200007, permanent],
  [2388000, 2388999, permanent]
]

/** Nothing where the code is unknown: it is passed on as it came and never repeated. */
export const reactionTo = (code: number): Reaction | undefined =>
  byCode.get(code) ?? ranges.find(([from, to]) => code >= from && code <= to)?.[2]

/** Every single code of the table, for documents and tests. */
export const knownCodes: ReadonlyArray<number> = [...byCode.keys()].toSorted((a, b) => a - b)
