/**
 * The lists of news within a change, each read item by item: `messages`, `statuses` and `errors` of the field
 * `messages`, and the list that is called as its field `user_preferences`.
 */
import { type DateTime, Predicate, Result } from "effect"
import { type Read, reader } from "./Fault.ts"
import { type IdentityChange, readIdentityChange } from "./IdentityChange.ts"
import { type InboundMessage, readMessage } from "./InboundMessage.ts"
import { canonical } from "./Json.ts"
import type { Directory } from "./Person.ts"
import { ReportedError } from "./ReportedError.ts"
import { readStatus } from "./StatusUpdate.ts"
import type { Update } from "./Update.ts"
import { readPreference } from "./UserPreference.ts"

/** One piece of news, before it is known for which number. */
interface News {
  readonly update: Update
  readonly key: string
  readonly at: DateTime.Utc | undefined
}

interface Surroundings {
  readonly phoneNumberId: string
  readonly directory: Directory
  /** Whether the item is the only one of its list. */
  readonly alone: boolean
}

type ReadNews = (item: unknown, surroundings: Surroundings) => Read<News>

const isSystem = (item: unknown): boolean => Predicate.isObject(item) && item.type === "system"

const message: ReadNews = (item, { alone, directory }) => {
  const read: Read<IdentityChange | InboundMessage> = isSystem(item)
    ? readIdentityChange(item)
    : readMessage(item, directory, alone)
  return Result.map(read, (update) => ({ update, key: `message:${update.wamid}`, at: update.at }))
}

const status: ReadNews = (item, { alone, directory }) =>
  Result.map(readStatus(item, directory, alone), (update) => ({
    update,
    key: `status:${update.wamid}:${update.status}`,
    at: update.at
  }))

const readError = reader(ReportedError)

const error: ReadNews = (item, { phoneNumberId }) =>
  Result.map(readError(item), (error) => ({
    update: { _tag: "NumberError", error },
    key: `error:${phoneNumberId}:${canonical(item)}`,
    at: undefined
  }))

const preference: ReadNews = (item, { alone, directory, phoneNumberId }) =>
  Result.map(readPreference(item, directory, alone), (update) => ({
    update,
    key: `preference:${phoneNumberId}:${canonical(item)}`,
    at: update.at
  }))

/** Field → list within its value → reader of an item. */
export const lists: ReadonlyMap<string, ReadonlyMap<string, ReadNews>> = new Map([
  [
    "messages",
    new Map([
      ["messages", message],
      ["statuses", status],
      ["errors", error]
    ])
  ],
  ["user_preferences", new Map([["user_preferences", preference]])]
])
