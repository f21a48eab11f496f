import { DateTime } from "effect"
import { ContactId } from "../../../../core/contact/Contact.ts"
import type { KnownContact } from "../../../../core/inbound/application/Facts.ts"
import { InstanceId } from "../../../../core/instance/Instance.ts"

/** Of whom nothing is known but what `more` says. */
export const knownContact = (id: number, more: Partial<KnownContact> = {}): KnownContact => ({
  id: ContactId.make(id),
  instanceId: InstanceId.make(1),
  number: undefined,
  numberIsCurrent: false,
  name: undefined,
  username: undefined,
  userId: undefined,
  lastInboundAt: undefined,
  createdAt: DateTime.makeUnsafe(0),
  keys: [],
  consents: [],
  aliases: [],
  openConversation: undefined,
  ...more
})
