import type { DateTime, Effect, Option } from "effect"
import { Context } from "effect"
import type { InstanceId } from "../instance/Instance.ts"
import type { Unavailable } from "../Unavailable.ts"
import type { Contact, ContactId } from "./Contact.ts"

/**
 * Port: the contacts of every instance. They are made by the reservation of a first message
 * (see `Sends`), never by themselves.
 *
 * A contact belongs to one instance and is found only through it: another instance's id answers
 * as one that never existed.
 */
export class Contacts extends Context.Service<
  Contacts,
  {
    readonly find: (instanceId: InstanceId, id: ContactId) => Effect.Effect<Option.Option<Contact>, Unavailable>
    /** The person wrote at `at`: the window opens or extends. An older message than the latest changes nothing. */
    readonly heard: (instanceId: InstanceId, id: ContactId, at: DateTime.Utc) => Effect.Effect<void, Unavailable>
  }
>()("aidesk/core/contact/Contacts") {}
