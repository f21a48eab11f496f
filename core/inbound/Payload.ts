/**
 * Reads what Meta posts to a webhook: up to a thousand pieces of news of any kinds, for any numbers, in one body.
 *
 * Guarantees: it never throws, whatever JSON it is given; each piece is read by itself, so that nothing broken or
 * unknown hinders what stands beside it; whatever is not read is quarantined with all that it takes to read it again.
 *
 * Source: Meta, "Webhooks overview", "messages webhook reference".
 */
import { type DateTime, Option, Predicate, Result, Schema } from "effect"
import * as BrazilianNumber from "../contact/BrazilianNumber.ts"
import { type Fault, fault, type Read, reader } from "./Fault.ts"
import { canonical, tidy } from "./Json.ts"
import { readManagement } from "./ManagementField.ts"
import { NumericId, Seconds } from "./MetaValue.ts"
import { lists } from "./News.ts"
import { directoryOf, numberOf } from "./Person.ts"
import { type Place, quarantine, type Quarantined, top, within } from "./Quarantined.ts"
import type { Route, Routed, Update } from "./Update.ts"

export interface Reading {
  readonly updates: ReadonlyArray<Routed<Update>>
  readonly quarantined: ReadonlyArray<Quarantined>
}

type Foreign = (route: Route) => Fault | undefined

type Outcome = Result.Result<Routed<Update>, Quarantined>

const setAside = (item: unknown, place: Place, fault: Fault): ReadonlyArray<Outcome> => [
  Result.fail(quarantine(item, place, fault))
]

const orSetAside = <A>(read: Read<A>, item: unknown, place: Place, then: (value: A) => ReadonlyArray<Outcome>) =>
  Result.match(read, { onFailure: (fault) => setAside(item, place, fault), onSuccess: then })

/**
 * `foreign` tells why nobody here is meant by a route, where that is so: what is about another business is set aside too.
 */
export const read = (payload: unknown, foreign: Foreign = () => undefined): Reading => {
  const outcomes = orSetAside(readPayload(payload), payload, top, ({ entry: entries, object }) =>
    object === "whatsapp_business_account"
      ? entries.flatMap((entry, index) =>
          entryOutcomes(
            entry,
            foreign,
            within(top, `entry[${index}]`, (entry) => ({ object, entry: [entry] }))
          )
        )
      : setAside(payload, top, { reason: "unknown_object", detail: object })
  )
  return {
    updates: outcomes.filter(Result.isSuccess).map(({ success }) => success),
    quarantined: outcomes.filter(Result.isFailure).map(({ failure }) => failure)
  }
}

const readPayload = reader(Schema.Struct({ object: Schema.String, entry: Schema.Array(Schema.Unknown) }))

/** A WhatsApp Business Account: what it is called and, of everything but messages, when its news were made. */
interface Account {
  readonly wabaId: string | undefined
  readonly at: DateTime.Utc | undefined
  readonly foreign: Foreign
}

const readEntry = reader(
  Schema.Struct({
    id: Schema.optionalKey(Schema.Unknown),
    time: Schema.optionalKey(Schema.Unknown),
    changes: Schema.Array(Schema.Unknown)
  })
)
const readId = Schema.decodeUnknownOption(NumericId)
const readTime = Schema.decodeUnknownOption(Seconds)

const entryOutcomes = (entry: unknown, foreign: Foreign, place: Place): ReadonlyArray<Outcome> =>
  orSetAside(readEntry(entry), entry, place, ({ changes, id, time }) => {
    const account = { wabaId: Option.getOrUndefined(readId(id)), at: Option.getOrUndefined(readTime(time)), foreign }
    return changes.flatMap((change, index) =>
      changeOutcomes(
        change,
        account,
        within(place, `changes[${index}]`, (change) => ({ id, time, changes: [change] }))
      )
    )
  })

const readChange = reader(Schema.Struct({ field: Schema.String, value: Schema.Unknown }))

const changeOutcomes = (change: unknown, account: Account, place: Place): ReadonlyArray<Outcome> =>
  orSetAside(readChange(change), change, place, ({ field, value }) =>
    lists.has(field)
      ? newsOutcomes(field, value, account, place)
      : orSetAside(managed(field, tidy(value), account), change, place, (routed) => [Result.succeed(routed)])
  )

/** The number a management update is about, where it is about one. */
const routeTo = (update: Update, wabaId: string | undefined): Read<Route> => {
  if (wabaId === undefined) return fault("unroutable", "the entry has no id")
  const shown = "displayNumber" in update ? update.displayNumber : undefined
  if (shown === undefined) return Result.succeed({ _tag: "Account", wabaId, displayNumbers: [] })
  const number = numberOf(shown)
  if (number === undefined) return fault("unroutable", `"${shown}" is no number`)
  const twin = BrazilianNumber.twin(number)
  return Result.succeed({ _tag: "Account", wabaId, displayNumbers: twin === undefined ? [number] : [number, twin] })
}

const ours = (route: Route, foreign: Foreign): Read<Route> => {
  const why = foreign(route)
  return why === undefined ? Result.succeed(route) : Result.fail(why)
}

const managed = (field: string, value: unknown, { at, foreign, wabaId }: Account): Read<Routed<Update>> =>
  Result.flatMap(readManagement(field, value), (update) =>
    Result.map(
      Result.flatMap(routeTo(update, wabaId), (route) => ours(route, foreign)),
      (route) => ({
        route,
        key: [field, wabaId, at === undefined ? "" : at.epochMilliseconds / 1000, canonical(value)].join(":"),
        at,
        update
      })
    )
  )

const readMetadata = reader(
  Schema.Struct({ phone_number_id: NumericId, display_phone_number: Schema.optionalKey(Schema.Unknown) })
)

const newsOutcomes = (field: string, value: unknown, account: Account, place: Place): ReadonlyArray<Outcome> => {
  const change = { field, value }
  if (!Predicate.isObject(value)) return setAside(change, place, { reason: "malformed", detail: "value is no object" })
  const metadata = readMetadata(tidy(value.metadata))
  if (Result.isFailure(metadata)) {
    return setAside(change, place, { reason: "unroutable", detail: metadata.failure.detail })
  }
  const phoneNumberId = metadata.success.phone_number_id
  const displayNumber = numberOf(metadata.success.display_phone_number)
  const route: Route = { _tag: "Number", phoneNumberId, wabaId: account.wabaId, displayNumber }
  const foreign = account.foreign(route)
  if (foreign !== undefined) return setAside(change, place, foreign)
  const directory = directoryOf(value.contacts)
  const known = [...(lists.get(field) ?? [])].filter(([name]) => value[name] !== undefined && value[name] !== null)
  if (known.length === 0) return setAside(change, place, { reason: "unknown_value", detail: undefined })
  return known.flatMap(([name, readNews]) => {
    const list = value[name]
    const only = (contents: object) => ({ field, value: { ...withoutLists(field, value), ...contents } })
    if (!Array.isArray(list)) {
      const listPlace = within(place, `value.${name}`, (list) => only({ [name]: list }))
      return setAside(list, listPlace, { reason: "malformed", detail: "no list" })
    }
    const items: ReadonlyArray<unknown> = list
    return items.flatMap((item, index) =>
      orSetAside(
        readNews(tidy(item), { phoneNumberId, directory, alone: items.length === 1 }),
        item,
        within(place, `value.${name}[${index}]`, (item) =>
          only({ contacts: items.length === 1 ? value.contacts : namedIn(item, value.contacts), [name]: [item] })
        ),
        (news) => [Result.succeed({ route, ...news })]
      )
    )
  })
}

const withoutLists = (field: string, value: { readonly [name: PropertyKey]: unknown }) =>
  Object.fromEntries(Object.entries(value).filter(([name]) => lists.get(field)?.has(name) !== true))

/** Of the people beside a list, those whom one item names. */
const namedIn = (item: unknown, contacts: unknown): ReadonlyArray<unknown> => {
  const siblings: ReadonlyArray<unknown> = Array.isArray(contacts) ? contacts : []
  const names = new Set<unknown>(Predicate.isObject(item) ? Object.values(item) : [])
  return siblings.filter(
    (sibling) => Predicate.isObject(sibling) && (names.has(sibling.wa_id) || names.has(sibling.user_id))
  )
}
