/** What was set aside, with all that an operator needs to see why and to have it read again. */
import type { Fault, Reason } from "./Fault.ts"
import { plain, textOf } from "./Json.ts"

export interface Quarantined {
  readonly reason: Reason
  /** In English, for an operator. */
  readonly detail: string | undefined
  /** Where in the payload: `entry[0].changes[1].value.statuses[3]`; empty where it is the payload itself. */
  readonly path: string
  /** JSON text of the item. It may hold an escaped NUL, which a `text` column keeps and a `jsonb` one refuses. */
  readonly raw: string
  /** JSON text of a payload that holds this item and nothing else: what a later version, which knows more, reads again. */
  readonly payload: string
}

/** Where an item stands, and the payload that it alone would make. */
export interface Place {
  readonly path: string
  readonly around: (item: unknown) => unknown
}

export const top: Place = { path: "", around: (payload) => payload }

export const within = (place: Place, step: string, around: (item: unknown) => unknown): Place => ({
  path: place.path === "" ? step : `${place.path}.${step}`,
  around: (item) => place.around(around(item))
})

/** A body of which nothing was applied, for a person to look at. */
export const whole = (body: Uint8Array, { detail, reason }: Fault): Quarantined => {
  const text = plain(new TextDecoder().decode(body))
  return { reason, detail: detail === undefined ? undefined : plain(detail), path: "", raw: text, payload: text }
}

export const quarantine = (item: unknown, place: Place, { detail, reason }: Fault): Quarantined => ({
  reason,
  detail: detail === undefined ? undefined : plain(detail),
  path: place.path,
  raw: textOf(item),
  payload: textOf(place.around(item))
})
