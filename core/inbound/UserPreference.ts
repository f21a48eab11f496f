/**
 * A person told WhatsApp itself to stop a business's marketing, or to let it come again.
 *
 * Source: Meta, "user_preferences webhook reference".
 */
import { type DateTime, Result, Schema } from "effect"
import { fault, type Read, reader } from "./Fault.ts"
import { Id, Seconds } from "./MetaValue.ts"
import { completed, type Directory, numberOf, type Person } from "./Person.ts"

export interface UserPreference {
  readonly _tag: "UserPreference"
  readonly person: Person
  readonly value: "stop" | "resume"
  /** `marketing_messages`, so far the only one. */
  readonly category: string
  /** Meta's sentence about it, in English. */
  readonly detail: string | undefined
  readonly at: DateTime.Utc
}

const Wire = Schema.Struct({
  wa_id: Schema.optionalKey(Schema.Unknown),
  user_id: Schema.optionalKey(Id),
  parent_user_id: Schema.optionalKey(Id),
  category: Schema.String,
  value: Schema.String,
  detail: Schema.optionalKey(Schema.String),
  timestamp: Seconds
})

const readWire = reader(Wire)

export const readPreference = (item: unknown, directory: Directory, alone: boolean): Read<UserPreference> =>
  Result.flatMap(readWire(item), ({ category, detail, timestamp, value, ...keys }) => {
    if (value !== "stop" && value !== "resume") return fault("unknown_preference", value)
    const shown = { waId: numberOf(keys.wa_id), userId: keys.user_id, parentUserId: keys.parent_user_id }
    const person = completed(shown, directory, alone)
    if (person === undefined) return fault("no_sender")
    return Result.succeed({ _tag: "UserPreference", person, value, category, detail, at: timestamp })
  })
