import type { DateTime, Effect } from "effect"
import { Context } from "effect"
import type { InstanceId } from "../instance/Instance.ts"
import type { Unavailable } from "../Unavailable.ts"
import type { ContactId } from "./Contact.ts"
import type { PhoneNumber } from "./PhoneNumber.ts"

export interface BookedContact {
  readonly instanceId: InstanceId
  readonly id: ContactId
  readonly number: PhoneNumber
  readonly name: string
  readonly at: DateTime.Utc
}

/** Port: contacts that come from elsewhere under an id that others already use. */
export class ContactBook extends Context.Service<
  ContactBook,
  {
    /** Keeps the contact under its id. Where the id or the person is known already, nothing changes. */
    readonly keep: (contact: BookedContact) => Effect.Effect<void, Unavailable>
  }
>()("aidesk/core/contact/ContactBook") {}
