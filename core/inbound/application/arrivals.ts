/** From kept payloads to what has come to which instance, and what has come to nobody. */
import { Result } from "effect"
import * as Payload from "../Payload.ts"
import type { Fault } from "../Fault.ts"
import { type Quarantined, whole } from "../Quarantined.ts"
import type { Source } from "../Source.ts"
import type { Route } from "../Update.ts"
import type { Arrival, KeptPayload, KnownInstance } from "./Facts.ts"

/** What was set aside, with what its payload tells of it. */
export interface SetAside extends Quarantined, Omit<KeptPayload, "body"> {}

export interface Arrivals {
  readonly arrivals: ReadonlyArray<Arrival>
  readonly setAside: ReadonlyArray<SetAside>
  /** What payloads call the numbers of instances of which nobody told it yet. */
  readonly displayNumbers: ReadonlyMap<KnownInstance["id"], string>
}

/** Where there are both, Meta speaks to the live one; the simulator never does. */
const addressed = (instances: ReadonlyArray<KnownInstance>, source: Source): ReadonlyArray<KnownInstance> => {
  const simulated = instances.filter(({ mode }) => mode === "simulated")
  if (source === "simulator") return simulated
  const live = instances.filter(({ mode }) => mode === "live")
  return live.length > 0 ? live : simulated
}

const isShownAs = (numbers: ReadonlyArray<string>, { displayNumber }: KnownInstance): boolean =>
  displayNumber !== undefined && numbers.includes(displayNumber)

const named = (instances: ReadonlyArray<KnownInstance>, route: Route): ReadonlyArray<KnownInstance> => {
  if (route._tag === "Number") return instances.filter(({ phoneNumberId }) => phoneNumberId === route.phoneNumberId)
  const ofAccount = instances.filter(({ wabaId }) => wabaId === route.wabaId)
  if (route.displayNumbers.length === 0) return ofAccount
  const shown = instances.filter((instance) => isShownAs(route.displayNumbers, instance))
  if (shown.length > 0) return shown
  // The only number of an account is meant, however it is shown; so may be one that nobody has shown yet.
  const nameless = ofAccount.filter(({ displayNumber }) => displayNumber === undefined)
  return ofAccount.length === 1 ? ofAccount : nameless
}

const describe = (route: Route): string =>
  route._tag === "Number"
    ? `no instance has the phone_number_id ${route.phoneNumberId}`
    : `no instance belongs to the account ${route.wabaId}, or has the number it names`

const utf8 = new TextDecoder("utf-8", { fatal: true })

const parse = (body: Uint8Array): Result.Result<unknown, unknown> =>
  Result.try((): unknown => JSON.parse(utf8.decode(body)))

export const arrivalsOf = (payloads: ReadonlyArray<KeptPayload>, instances: ReadonlyArray<KnownInstance>): Arrivals => {
  const arrivals: Array<Arrival> = []
  const setAside: Array<SetAside> = []
  const displayNumbers = new Map<KnownInstance["id"], string>()

  for (const { body, receivedAt, source } of payloads) {
    const parsed = parse(body)
    if (Result.isFailure(parsed)) {
      setAside.push({ ...whole(body, { reason: "malformed", detail: "the body is no JSON" }), source, receivedAt })
      continue
    }
    const found = new Map<string, ReadonlyArray<KnownInstance>>()
    const to = (route: Route): ReadonlyArray<KnownInstance> => {
      const key = route._tag === "Number" ? route.phoneNumberId : [route.wabaId, ...route.displayNumbers].join(" ")
      const known = found.get(key)
      if (known !== undefined) return known
      const reached = addressed(named(instances, route), source)
      found.set(key, reached)
      return reached
    }
    const foreign = (route: Route): Fault | undefined =>
      to(route).length === 0 ? { reason: "unknown_number", detail: describe(route) } : undefined

    const { quarantined, updates } = Payload.read(parsed.success, foreign)
    setAside.push(...quarantined.map((item) => ({ ...item, source, receivedAt })))
    for (const { at, key, route, update } of updates) {
      for (const instance of to(route)) {
        if (route._tag === "Number" && route.displayNumber !== undefined && instance.displayNumber === undefined) {
          displayNumbers.set(instance.id, route.displayNumber)
        }
        arrivals.push({ instance, at, key, update, receivedAt })
      }
    }
  }
  return { arrivals, setAside, displayNumbers }
}
