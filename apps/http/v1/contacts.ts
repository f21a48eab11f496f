/** `/v1/contacts/{id}`: a person, and whether they may be written to freely. */
import { DateTime, Effect, Option, Schema } from "effect"
import { type Consent, isOptedOut } from "../../../core/consent/Consent.ts"
import { type Contact, ContactId } from "../../../core/contact/Contact.ts"
import { ContactProfiles } from "../../../core/contact/ContactProfile.ts"
import { Contacts } from "../../../core/contact/Contacts.ts"
import { windowOf } from "../../../core/conversation/ServiceWindow.ts"
import { failure } from "../../../core/failure/Failure.ts"
import { timeData } from "../../../core/message/MessageData.ts"
import * as Body from "./Body.ts"
import * as Endpoint from "./Endpoint.ts"
import * as Parameter from "./Parameter.ts"
import * as Path from "./Path.ts"
import * as Query from "./Query.ts"
import * as WindowAnswer from "./WindowAnswer.ts"

const path = Path.of(Schema.Struct({ id: Parameter.id.pipe(Schema.decodeTo(ContactId)) }), "no_such_contact")

const window = ({ lastInboundAt }: Contact) =>
  Effect.map(DateTime.now, (now) => WindowAnswer.encode(windowOf(lastInboundAt, now), lastInboundAt))

const optOut = (consent: Consent) =>
  consent !== undefined && isOptedOut(consent) ? { since: timeData(consent.at), source: consent.source } : null

export const find = Endpoint.make({
  method: "GET",
  route: "/v1/contacts/:id",
  path,
  query: Query.none,
  body: Body.none,
  handle: Effect.fnUntraced(function* ({ instance, path: { id } }) {
    const found = yield* (yield* ContactProfiles).find(instance.id, id)
    if (Option.isNone(found)) return yield* failure("no_such_contact")
    const { consent, contact, username } = found.value
    return Endpoint.json(200, {
      id: contact.id,
      name: Option.getOrNull(contact.name),
      number: Option.getOrNull(contact.number),
      user_id: contact.userId ?? null,
      username: username ?? null,
      opted_out: optOut(consent),
      window: yield* window(contact)
    })
  })
})

export const findWindow = Endpoint.make({
  method: "GET",
  route: "/v1/contacts/:id/window",
  path,
  query: Query.none,
  body: Body.none,
  handle: Effect.fnUntraced(function* ({ instance, path: { id } }) {
    const found = yield* (yield* Contacts).find(instance.id, id)
    if (Option.isNone(found)) return yield* failure("no_such_contact")
    return Endpoint.json(200, { contact_id: found.value.id, ...(yield* window(found.value)) })
  })
})
