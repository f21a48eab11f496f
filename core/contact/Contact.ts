import { Schema } from "effect"
import { InstanceId } from "../instance/Instance.ts"
import { PhoneNumber } from "./PhoneNumber.ts"
import { ScopedUserId } from "./ScopedUserId.ts"

export const ContactId = Schema.Int.pipe(Schema.brand("ContactId"))
export type ContactId = typeof ContactId.Type

/** A person one instance talks to. Meta may reveal no number, so the number is never the identity. */
export class Contact extends Schema.Class<Contact>("Contact")({
  id: ContactId,
  instanceId: InstanceId,
  number: Schema.Option(PhoneNumber),
  /** Under which a person without a number can be answered. */
  userId: Schema.optionalKey(ScopedUserId),
  name: Schema.Option(Schema.String),
  /** When the person last wrote, by Meta's clock: what opens the customer service window. */
  lastInboundAt: Schema.Option(Schema.DateTimeUtc)
}) {}
