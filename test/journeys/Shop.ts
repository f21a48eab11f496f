/** An instance with all it takes to send, and no other test's: its business number, key, directory and contact. */
import { Effect, Redacted, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { describeKey } from "../../adapters/secrets/ApiKeyMaker.ts"
import { Administration } from "../../core/administration/Administration.ts"
import { defineCampaign, defineTemplate } from "../../core/administration/define.ts"
import { issueKey } from "../../core/administration/issueKey.ts"
import { ContactId } from "../../core/contact/Contact.ts"
import { identityKey, PhoneNumber } from "../../core/contact/PhoneNumber.ts"
import type { InstanceId } from "../../core/instance/Instance.ts"
import * as demo from "../../apps/standalone/demoData.ts"
import * as Http from "./Http.ts"
import { Product } from "./Product.ts"

let opened = 0

/** Digits of a mobile that no other test writes to. */
const nextNumber = (): PhoneNumber => PhoneNumber.make(`55119781${String(++opened).padStart(5, "0")}`)

const decodeId = Schema.decodeUnknownEffect(Schema.Tuple([Schema.Struct({ id: ContactId })]))

/** A contact whose window is open. */
const customerWhoWrote = Effect.fnUntraced(function* (instanceId: InstanceId, number: PhoneNumber) {
  const sql = yield* SqlClient.SqlClient
  const rows = yield* sql`
    insert into contact (instance_id, number, identity_key, name, last_inbound_at, created_at)
    values (${instanceId}, ${number}, ${identityKey(number)}, 'Maria Souza', now(), now()) returning id`
  const [{ id }] = yield* decodeId(rows)
  return id
}, Effect.orDie)

export const open = Effect.fnUntraced(function* (mode: "simulated" | "live" = "simulated") {
  const administration = yield* Administration
  const number = nextNumber()
  const phoneNumberId = `1065403${number.slice(-8)}`
  const access = mode === "live" ? { mode, token: Redacted.make("EAAG-journey") } : { mode }
  const instance = yield* administration.addInstance({ name: "Loja", phoneNumberId, wabaId: "1", access })
  const instanceId = instance.id
  const { id: queueId } = yield* administration.addQueue({ instanceId, name: "Atendimento" })
  const { id: statusId } = yield* administration.addStatus({ instanceId, name: "Novo" })
  const { id: templateId } = yield* defineTemplate(instanceId, demo.template)
  const campaign = yield* defineCampaign(instanceId, { ...demo.campaign, template_id: templateId })
  const { apiKey, key } = yield* issueKey({ instanceId, label: "ERP" })
  const contactNumber = nextNumber()
  const contactId = yield* customerWhoWrote(instanceId, contactNumber)
  return {
    instanceId,
    phoneNumberId,
    /** Of somebody who is no contact yet. */
    number,
    /** Of somebody whose window is open. */
    contactId,
    contactNumber,
    queueId,
    statusId,
    templateId,
    campaignId: campaign.id,
    keyId: apiKey.id,
    key: Redacted.value(key)
  }
})

/** As if no token had ever been stored for it. */
export const forgetToken = Effect.fnUntraced(function* ({ instanceId }: Shop) {
  const sql = yield* SqlClient.SqlClient
  yield* Effect.orDie(sql`update instance set sealed_token = null where id = ${instanceId}`)
})

export type Shop = Effect.Success<ReturnType<typeof open>>

/** A further key of the instance. */
export const anotherKey = ({ instanceId }: Shop) =>
  Effect.map(issueKey({ instanceId, label: "CRM" }), ({ key }) => Redacted.value(key))

/** Makes `key`, which somebody brought along, one of the instance's. */
export const addKey = Effect.fnUntraced(function* ({ instanceId }: Shop, key: string) {
  const { hash, hint } = describeKey(Redacted.make(key))
  yield* (yield* Administration).addKey({ instanceId, label: "trazida", hash, hint })
})

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
