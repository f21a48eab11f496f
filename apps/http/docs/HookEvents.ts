/** Every event that a webhook endpoint may be told of: what it says, and one of each. */
import { type Event, eventTypes, type EventType } from "../../../core/event/Event.ts"
import { failureData } from "../../../core/message/MessageData.ts"
import { refusedBy } from "./Occurrences.ts"
import { type Operation, type Schema, schemaRef } from "./OpenApiDocument.ts"

interface Told {
  /** When it comes. */
  readonly summary: string
  /** Further words on it, where there are some. */
  readonly note?: string
  readonly data: Event["data"]
}

const hex = "019f0c5e7b1a7cc39d5e3f2a1b4c5d6e"
const messageId = "019f0c5e-7b1a-7cc3-9d5e-3f2a1b4c5d6e"
const wamid = "wamid.HBgLNTExOTc4MDQ5ODI1FQIAERgSMTIzNDU2Nzg5MDEyMzQ1Njc4"
const at = "2026-03-01T15:00:02.000Z"

const outgoing = (status: string, more: Event["data"] = {}): Event["data"] => ({
  message_id: messageId,
  wamid,
  direction: "outbound",
  contact_id: 53,
  conversation_id: 71,
  campaign_id: null,
  template_id: 15,
  kind: "template",
  status,
  at,
  error: null,
  cost: null,
  ...more
})

const utility = { category: "utility", type: "regular", billable: true }

const received: Event["data"] = {
  message_id: messageId,
  wamid,
  direction: "inbound",
  contact_id: 53,
  conversation_id: 71,
  kind: "text",
  text: "Oi, meu pedido chegou?",
  content: { type: "text", text: { body: "Oi, meu pedido chegou?" } },
  context: null,
  referral: null,
  media: null,
  at,
  contact: { id: 53, name: "João", number: "5511978049825", user_id: null, username: null }
}

const endpointId = `we_${hex}`

export const events: { readonly [type in EventType]: Told } = {
  "message.accepted": { summary: "A Meta aceitou a mensagem.", data: outgoing("accepted") },
  "message.sent": { summary: "A mensagem saiu da Meta para o celular.", data: outgoing("sent", { cost: utility }) },
  "message.delivered": { summary: "A mensagem chegou ao celular.", data: outgoing("delivered", { cost: utility }) },
  "message.read": { summary: "A pessoa leu a mensagem.", data: outgoing("read") },
  "message.played": {
    summary: "A pessoa ouviu o áudio pela primeira vez.",
    data: outgoing("played", { kind: "audio" })
  },
  "message.failed": {
    summary: "A mensagem falhou, na hora ou depois.",
    note: "`error` é a mesma falha que a API responderia, com o que fazer. Se a mensagem já tinha sido entregue, ela continua entregue.",
    data: outgoing("failed", { error: failureData(refusedBy(131026)) })
  },
  "message.unknown": {
    summary: "Não se sabe se a mensagem saiu.",
    note: "Não a envie de novo: um webhook da Meta vai dizer o que houve, e o evento certo vem depois.",
    data: outgoing("unknown", { wamid: null })
  },
  "message.unresolved": {
    summary: "Uma hora depois ainda não se sabe se a mensagem saiu.",
    note: "Uma pessoa decide se ela é enviada de novo.",
    data: outgoing("unresolved", { wamid: null })
  },
  "message.received": {
    summary: "Um cliente escreveu.",
    note: "`content` é o conteúdo como a Meta o escreve; `text`, o que dele se lê. Um arquivo está em `GET /v1/messages/{id}/media`.",
    data: received
  },
  "contact.opted_out": {
    summary: "Um contato não quer mais receber marketing.",
    note: "Por palavra-chave, pela preferência no WhatsApp, por recusa da Meta ou por quem opera a plataforma.",
    data: { source: "keyword", contact_id: 53 }
  },
  "contact.opted_in": {
    summary: "Um contato voltou a aceitar marketing.",
    data: { source: "keyword", contact_id: 53 }
  },
  "contact.merged": {
    summary: "Dois contatos eram a mesma pessoa e agora são um.",
    note: "Os identificadores em `retired_contact_ids` continuam respondendo como `contact_id`.",
    data: { retired_contact_ids: [87], contact_id: 53 }
  },
  "contact.updated": {
    summary: "Um contato trocou de número ou de identificador.",
    data: { number: "5511987654321", user_id: null, contact_id: 53 }
  },
  "template.updated": {
    summary: "A Meta mudou o status, a qualidade, a categoria ou o conteúdo de um template.",
    data: { template_id: 15, name: "codigo_do_pedido", language: "pt_BR", event: "PAUSED", reason: null }
  },
  "instance.health_changed": {
    summary: "A Meta mudou a qualidade ou o limite do número, ou a situação da conta.",
    data: { aspect: "messaging_limit", event: "DOWNGRADE", messaging_limit: "TIER_1K" }
  },
  "webhook_endpoint.disabled": {
    summary: "Um endpoint de webhook foi desligado.",
    note: "Por cinco dias só de falhas (`failing`) ou porque respondeu 410 (`gone`). Os outros endpoints ficam sabendo por este evento.",
    data: {
      webhook_endpoint_id: endpointId,
      description: "Loja",
      reason: "failing",
      failing_since: "2026-02-24T15:00:00.000Z"
    }
  },
  "webhook_endpoint.test": {
    summary: "Um teste que alguém pediu.",
    note: "Vai só ao endpoint testado, tenha ele escolhido o que for.",
    data: { webhook_endpoint_id: endpointId }
  }
}

/** As it is sent. */
export const exampleOf = (type: EventType) => ({
  id: type.startsWith("message.") ? `evt_${hex}_${type.slice("message.".length)}` : `evt_${hex}`,
  type,
  timestamp: at,
  instance_id: 4,
  data: events[type].data
})

export const schemas: { readonly [name: string]: Schema } = {
  Event: {
    type: "object",
    description: "O que aconteceu, com a mesma forma no feed e nos webhooks.",
    properties: {
      id: {
        type: "string",
        description:
          "O mesmo em todas as tentativas e reenvios: quem o recebe duas vezes percebe. Vem também em `webhook-id`."
      },
      type: { type: "string", enum: eventTypes, description: "O que aconteceu." },
      timestamp: { type: "string", description: "Quando aconteceu (RFC 3339), pelo relógio de quem conta." },
      instance_id: { type: "integer", minimum: 1, description: "A instância." },
      data: { type: "object", description: "Conforme o tipo; nomes novos podem aparecer." }
    },
    required: ["id", "type", "timestamp", "instance_id", "data"]
  }
}

const signing = [
  { name: "webhook-id", description: "O `id` do evento, o mesmo em todas as tentativas." },
  { name: "webhook-timestamp", description: "Quando esta tentativa começou, em segundos desde 1970." },
  {
    name: "webhook-signature",
    description:
      "`v1,` e o HMAC-SHA256, em base64, de `{webhook-id}.{webhook-timestamp}.{corpo}`. Depois de uma troca de segredo vêm duas, separadas por espaço: basta que uma confira."
  }
].map(({ description, name }) => ({
  name,
  in: "header" as const,
  description,
  required: true,
  schema: { type: "string" }
}))

const operationOf = (type: EventType): Operation => {
  const { note, summary } = events[type]
  return {
    operationId: `on_${type.replaceAll(".", "_")}`,
    summary,
    description: note ?? summary,
    tags: ["Webhooks"],
    security: [],
    parameters: signing,
    requestBody: {
      required: true,
      content: {
        "application/json": { schema: schemaRef("Event"), examples: { [type]: { summary, value: exampleOf(type) } } }
      }
    },
    responses: {
      "2XX": {
        description: "Recebido. Qualquer outro status, ou nenhum em 15 segundos, é falha e será tentado de novo."
      },
      "410": { description: "O endpoint não quer mais nada e é desligado." }
    }
  }
}

export const webhooks = Object.fromEntries(eventTypes.map((type) => [type, { post: operationOf(type) }]))
