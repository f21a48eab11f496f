import type { BusinessNumber } from "./BusinessNumbers.ts"

/** A JSON object as Meta writes it. */
export type Wire = { readonly [name: string]: unknown }

/** One piece of news for a webhook. */
export type Update =
  /** What became of a message, or what a customer wrote; `contact` stands beside it. */
  | {
      readonly kind: "statuses" | "messages"
      readonly number: BusinessNumber
      readonly item: Wire
      readonly contact: Wire | undefined
      /** For the log. */
      readonly label: string
    }
  /** Anything else: one change by itself. `time` (seconds) is when; fields that name a number have none. */
  | {
      readonly kind: "change"
      readonly wabaId: string
      readonly time: number | undefined
      readonly field: string
      readonly value: Wire
      readonly label: string
    }

export const metadataOf = ({ displayPhoneNumber, phoneNumberId }: BusinessNumber) => ({
  display_phone_number: displayPhoneNumber,
  phone_number_id: phoneNumberId
})

const entryOf = (update: Update) =>
  update.kind === "change"
    ? { id: update.wabaId, ...(update.time === undefined ? {} : { time: update.time }) }
    : { id: update.number.wabaId }

/** Statuses, or messages, of one number that follow each other stand in one change. */
const isContinued = (one: Update, next: Update): boolean =>
  one.kind !== "change" && one.kind === next.kind && one.number.phoneNumberId === next.number.phoneNumberId

const runs = (updates: ReadonlyArray<Update>): ReadonlyArray<readonly [Update, ...ReadonlyArray<Update>]> => {
  const found: Array<[Update, ...Array<Update>]> = []
  for (const update of updates) {
    const run = found.at(-1)
    if (run !== undefined && isContinued(run[0], update)) run.push(update)
    else found.push([update])
  }
  return found
}

const changeOf = (run: readonly [Update, ...ReadonlyArray<Update>]) => {
  const [first] = run
  if (first.kind === "change") return { value: first.value, field: first.field }
  const news = run.filter((update) => update.kind !== "change")
  const contacts = new Map(news.flatMap(({ contact }) => (contact ? [[JSON.stringify(contact), contact]] : [])))
  return {
    value: {
      messaging_product: "whatsapp",
      metadata: metadataOf(first.number),
      ...(contacts.size === 0 ? {} : { contacts: [...contacts.values()] }),
      [first.kind]: news.map(({ item }) => item)
    },
    field: "messages"
  }
}

const escaped = (character: string): string =>
  Array.from({ length: character.length }, (_, unit) => character.charCodeAt(unit).toString(16).padStart(4, "0"))
    .map((hexadecimal) => "\\u" + hexadecimal)
    .join("")

/** Meta writes its webhooks in ASCII: `\u00e9`, `\/`. Whoever signs what it has parsed and written again gets another sum. */
const inAscii = (json: string): string =>
  json.replaceAll(/[\u{80}-\u{10ffff}]/gu, escaped).replaceAll("/", String.raw`\/`)

/** The body of one POST: the updates in their order, in entries by account (*Webhooks overview*). */
export const payload = (updates: ReadonlyArray<Update>): string => {
  const entries: Array<{ readonly key: string; readonly entry: Wire; readonly changes: Array<Wire> }> = []
  for (const run of runs(updates)) {
    const entry = entryOf(run[0])
    const key = JSON.stringify(entry)
    const last = entries.at(-1)
    if (last?.key === key) last.changes.push(changeOf(run))
    else entries.push({ key, entry, changes: [changeOf(run)] })
  }
  return inAscii(
    JSON.stringify({
      object: "whatsapp_business_account",
      entry: entries.map(({ changes, entry }) => ({ ...entry, changes }))
    })
  )
}
