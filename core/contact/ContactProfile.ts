/** A contact with what else is known of the person. */
import type { Effect, Option } from "effect"
import { Context } from "effect"
import type { Consent } from "../consent/Consent.ts"
import type { InstanceId } from "../instance/Instance.ts"
import type { Unavailable } from "../Unavailable.ts"
import type { Contact, ContactId } from "./Contact.ts"

export interface ContactProfile {
  readonly contact: Contact
  /** Chosen in WhatsApp, changed at will. */
  readonly username: string | undefined
  readonly consent: Consent
}

/**
 * Port: contacts in full, for whoever asks about one. Another instance's contact answers as one that never existed; a
 * retired id as the contact that it proved to be.
 */
export class ContactProfiles extends Context.Service<
  ContactProfiles,
  {
    readonly find: (instanceId: InstanceId, id: ContactId) => Effect.Effect<Option.Option<ContactProfile>, Unavailable>
  }
>()("aidesk/core/contact/ContactProfiles") {}
