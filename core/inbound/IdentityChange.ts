/**
 * A person got another number or another user id: a `system` message, which Meta writes and which opens no window.
 *
 * Source: Meta, "System messages webhook reference"; "Business-scoped user IDs" (`user_changed_user_id`).
 */
import { type DateTime, Result, Schema } from "effect"
import type { PersonKeys } from "../contact/PersonKeys.ts"
import { fault, type Read, reader } from "./Fault.ts"
import { Id, Seconds } from "./MetaValue.ts"
import { numberOf } from "./Person.ts"

export interface IdentityChange {
  readonly _tag: "IdentityChange"
  readonly wamid: string
  readonly at: DateTime.Utc
  readonly kind: "number" | "user_id"
  /** How the person was known. */
  readonly before: PersonKeys
  /** What is new; what did not change is not in it. */
  readonly after: PersonKeys
  /** Meta's sentence about it, in English. */
  readonly body: string | undefined
}

const optional = Schema.optionalKey

const Wire = Schema.Struct({
  id: Id,
  timestamp: Seconds,
  from: optional(Schema.Unknown),
  from_user_id: optional(Id),
  system: Schema.Struct({
    type: Schema.String,
    body: optional(Schema.String),
    wa_id: optional(Schema.Unknown),
    user_id: optional(Id),
    previous_user_id: optional(Id),
    parent_user_id: optional(Id)
  })
})

const readWire = reader(Wire)

const kinds: ReadonlyMap<string, IdentityChange["kind"]> = new Map([
  ["user_changed_number", "number"],
  ["user_changed_user_id", "user_id"]
])

export const readIdentityChange = (item: unknown): Read<IdentityChange> =>
  Result.flatMap(readWire(item), ({ from, from_user_id, id, system, timestamp }) => {
    const kind = kinds.get(system.type)
    if (kind === undefined) return fault("unknown_message_type", `system, ${system.type}`)
    const userId = system.user_id
    const fromUserId = from_user_id === userId ? undefined : from_user_id
    const before = { phone: numberOf(from), userId: system.previous_user_id ?? fromUserId }
    const after = {
      waId: kind === "number" ? numberOf(system.wa_id) : undefined,
      userId,
      parentUserId: system.parent_user_id
    }
    if (before.phone === undefined && before.userId === undefined) return fault("no_sender")
    if (after.waId === undefined && userId === undefined) return fault("malformed", "nothing new is named")
    return Result.succeed({ _tag: "IdentityChange", wamid: id, at: timestamp, kind, before, after, body: system.body })
  })
