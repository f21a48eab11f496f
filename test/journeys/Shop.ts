/** An instance with all it takes to send, and no other test's: its business number, key, directory and contact. */
import { DateTime, Effect, Redacted } from "effect"
import { Administration } from "../../core/administration/Administration.ts"
import { defineCampaign, defineTemplate } from "../../core/administration/define.ts"
import { issueKey } from "../../core/administration/issueKey.ts"
import { ContactId } from "../../core/contact/Contact.ts"
import { ContactBook } from "../../core/contact/ContactBook.ts"
import { Contacts } from "../../core/contact/Contacts.ts"
import { PhoneNumber } from "../../core/contact/PhoneNumber.ts"
import * as demo from "../../apps/standalone/demoData.ts"
import * as Http from "./Http.ts"
import { Product } from "./Product.ts"

let opened = 0

/** Digits of a mobile that no other test writes to. */
const nextNumber = (): PhoneNumber => PhoneNumber.make(`55119781${String(++opened).padStart(5, "0")}`)

/** Ids of contacts are the operator's to choose here. */
const firstContactId = 100_000

export const open = Effect.fnUntraced(function* (mode: "simulated" | "live" = "simulated") {
  const administration = yield* Administration
  const number = nextNumber()
  const phoneNumberId = String(106_540_352_000_000 + opened)
  const access = mode === "live" ? { mode, token: Redacted.make("EAAG-journey") } : { mode }
  const instance = yield* administration.addInstance({ name: "Loja", phoneNumberId, wabaId: "1", access })
  const instanceId = instance.id
  const { id: queueId } = yield* administration.addQueue({ instanceId, name: "Atendimento" })
  const { id: statusId } = yield* administration.addStatus({ instanceId, name: "Novo" })
  const { id: templateId } = yield* defineTemplate(instanceId, demo.template)
  const campaign = yield* defineCampaign(instanceId, { ...demo.campaign, template_id: templateId })
  const { apiKey, key } = yield* issueKey({ instanceId, label: "ERP" })
  const contactId = ContactId.make(firstContactId + opened)
  const at = yield* DateTime.now
  yield* (yield* ContactBook).keep({ instanceId, id: contactId, number: nextNumber(), name: "Maria Souza", at })
  yield* (yield* Contacts).heard(instanceId, contactId, at)
  return {
    instanceId,
    phoneNumberId,
    /** Of somebody who is no contact yet. */
    number,
    /** Of somebody whose window is open. */
    contactId,
    queueId,
    statusId,
    templateId,
    campaignId: campaign.id,
    keyId: apiKey.id,
    key: Redacted.value(key)
  }
})

export type Shop = Effect.Success<ReturnType<typeof open>>

const post = (path: string, key: string, body: unknown, headers: Readonly<Record<string, string>>) =>
  Effect.flatMap(Product, ({ url }) =>
    Http.send(url, { path, headers: { "content-type": "application/json", apikey: key, ...headers }, body })
  )

type Fields = Readonly<Record<string, unknown>>

/** A right body of `POST /send-message`; `fields` replace its own, `undefined` leaves them out. */
export const templateBody = ({ number, queueId, statusId, templateId }: Shop, fields: Fields = {}) => ({
  number,
  template_id: templateId,
  variables: { nome: "João", codigo: "ABC123" },
  queue_id: queueId,
  status_id: statusId,
  ...fields
})

/** The same of `POST /sendmessage`. */
export const directBody = ({ contactId, instanceId }: Shop, fields: Fields = {}) => ({
  contact_id: contactId,
  instance_id: instanceId,
  message_content: "Olá, tudo bem?",
  ...fields
})

export const sendTemplate = (shop: Shop, fields: Fields = {}, headers: Readonly<Record<string, string>> = {}) =>
  post("/send-message", shop.key, templateBody(shop, fields), headers)

export const sendDirect = (shop: Shop, fields: Fields = {}, headers: Readonly<Record<string, string>> = {}) =>
  post("/sendmessage", shop.key, directBody(shop, fields), headers)
