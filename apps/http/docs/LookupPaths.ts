/** What the document says of look-ups: messages, contacts, the feed of events, and what Meta calls. */
import type { ErrorCode } from "../../../core/failure/Catalogue.ts"
import { ShownStatus } from "../../../core/message/MessageDetail.ts"
import { Direction } from "../../../core/message/Messages.ts"
import * as Failures from "./Failures.ts"
import { headerRefs, type Parameter, type PathItem, type Response, type Schema, schemaRef } from "./OpenApiDocument.ts"
import { answer, inQuery, maybe, object, operation, text, time } from "./V1Operation.ts"

const tag = "Consulta"

const integer = (description: string): Schema => ({ type: "integer", description })
const record = (description: string): Schema => ({ type: "object", description })

const status: Schema = {
  type: "string",
  enum: ShownStatus.literals,
  description: "O que se sabe agora. `unknown`: ninguém sabe se saiu; o webhook da Meta dirá."
}
const cost: Schema = {
  type: ["object", "null"],
  description: "A categoria, o tipo e se é cobrada, segundo a Meta. Preços não vêm daqui."
}

const common: { readonly [name: string]: Schema } = {
  id: text("Nosso id, o de `Message-Id`."),
  wamid: maybe(text("O id da Meta, quando ela disse um.")),
  direction: { type: "string", enum: Direction.literals, description: "De quem para quem." },
  contact_id: integer("O contato. Um id aposentado por fusão responde como o que ficou."),
  kind: text("`template`, `text`, `image`…"),
  status,
  status_at: time("Desde quando está assim"),
  created_at: time("Quando foi criada"),
  conversation: record("`id`, `queue_id`, `status_id` e se está aberta; nada se não há conversa.")
}

const message: Schema = {
  type: "object",
  description: "As enviadas têm texto, histórico, falha e custo; as recebidas, o conteúdo como a Meta o escreve.",
  properties: {
    ...common,
    campaign_id: maybe(integer("A campanha.")),
    template_id: maybe(integer("O template.")),
    text: text("O que a pessoa lê."),
    media_url: maybe(text("O link enviado.")),
    attempts: maybe(integer("Quantas vezes a Meta foi chamada.")),
    timeline: {
      type: "array",
      description: "Tudo o que se ouviu, em ordem. `conflict`: uma falha ao lado de uma entrega.",
      items: { type: "object" }
    },
    conflict: { type: "boolean", description: "Se o histórico se contradiz." },
    error: { type: ["object", "null"], description: "Por que falhou e o que fazer." },
    cost,
    reason: maybe(text("De uma desconhecida: o que esperar.")),
    content: record("De uma recebida: o conteúdo, como a Meta o escreve."),
    context: record("De uma recebida: a que responde."),
    referral: record("De uma recebida: o anúncio de onde veio."),
    media: record("De uma recebida: o arquivo.")
  },
  required: Object.keys(common)
}

const windowFields: { readonly [name: string]: Schema } = {
  open: { type: "boolean", description: "Se mensagens livres são aceitas agora." },
  closes_at: maybe(time("Quando fecha, ou fechou")),
  last_inbound_at: maybe(time("Quando o contato escreveu por último, pela Meta")),
  reason: {
    type: "string",
    enum: ["customer_wrote", "never_wrote", "expired"],
    description: "Por que está assim."
  },
  message: text("O mesmo, em uma frase.")
}

const page = (items: string): Schema =>
  object({
    data: { type: "array", items: schemaRef(items) },
    next_cursor: { type: ["string", "null"], description: "O `cursor` da página seguinte; nada na última." }
  })

export const schemas: { readonly [name: string]: Schema } = {
  Message: message,
  Messages: page("Message"),
  Window: object({ contact_id: integer("O contato."), ...windowFields }),
  Contact: object({
    id: integer("O contato."),
    name: maybe(text("O nome.")),
    number: maybe(text("O telefone, quando é conhecido.")),
    user_id: maybe(text("O id da pessoa para a sua empresa, na Meta.")),
    username: maybe(text("O nome de usuário no WhatsApp.")),
    opted_out: { type: ["object", "null"], description: "Desde quando e como parou o marketing." },
    window: object(windowFields)
  }),
  EventPage: object({
    data: {
      type: "array",
      items: { type: "object", description: "`id`, `type`, `timestamp`, `instance_id` e `data`." }
    },
    next_cursor: text("O `after` do próximo pedido, também quando não há nada novo.")
  })
}

const at = "2026-03-01T15:00:00.000Z"
const id = "019f0c5e-7b1a-7cc3-9d5e-3f2a1b4c5d6e"
const wamid = "wamid.HBgNNTUxMTk3ODA0OTgyNRUCABEYEkYzRThEQzAwQjdBNUY4QTY5MQA="

const exampleMessage = {
  id,
  wamid,
  direction: "outbound",
  contact_id: 54,
  campaign_id: null,
  template_id: 15,
  kind: "template",
  status: "delivered",
  status_at: at,
  created_at: at,
  conversation: { id: 7, queue_id: 5, status_id: 1, open: true },
  text: "Olá João, o código do seu pedido é ABC123.",
  media_url: null,
  attempts: 1,
  timeline: [
    { status: "accepted", source: "aidesk", at, received_at: null, conflict: false, error: null, cost: null },
    { status: "delivered", source: "meta", at, received_at: at, conflict: false, error: null, cost: null }
  ],
  conflict: false,
  error: null,
  cost: { category: "utility", type: "regular", billable: true },
  reason: null
}

const exampleWindow = {
  open: true,
  closes_at: "2026-03-02T15:00:00.000Z",
  last_inbound_at: at,
  reason: "customer_wrote",
  message: "O contato escreveu nas últimas 24 horas: mensagens livres são aceitas até a janela fechar."
}

const inPath = (description: string): Parameter => ({
  name: "id",
  in: "path",
  required: true,
  description,
  schema: { type: "string" }
})
const messageInPath = inPath("Nosso id (`Message-Id`) ou o `wamid`, codificado na URL.")
const contactInPath = inPath("O contato, o de `Contact-Id`.")

const number = (name: string, description: string) => inQuery(name, description, { type: "integer", minimum: 1 })
const limit = inQuery("limit", "Itens por página; 50 se nada for dito.", { type: "integer", minimum: 1, maximum: 100 })

const queryFaults: ReadonlyArray<ErrorCode> = ["unknown_field", "invalid_field", "invalid_cursor"]

/** Of Meta's own calls, which bring a signature in place of a key. */
const ofMeta = (publicUrl: string, ...codes: ReadonlyArray<ErrorCode>): { readonly [status: string]: Response } =>
  Failures.problems(codes, publicUrl)

const taken = (description: string): Response => ({
  description,
  headers: headerRefs("Request-Id"),
  content: { "text/plain": { schema: { type: "string" } } }
})

const metaPaths = (publicUrl: string): PathItem => ({
  get: {
    operationId: "verifyWebhook",
    summary: "A Meta confere o endereço do webhook",
    description: "Responde `hub.challenge` a quem traz a palavra de `META_VERIFY_TOKEN`.",
    tags: ["Operação"],
    security: [],
    responses: { "200": taken("O `hub.challenge`."), ...ofMeta(publicUrl, "invalid_verify_token") }
  },
  post: {
    operationId: "receiveWebhook",
    summary: "A Meta conta o que aconteceu",
    description:
      "Até 3 MB, assinados em `X-Hub-Signature-256`. O 200 vem depois de gravado; o que não se entende é separado.",
    tags: ["Operação"],
    security: [],
    responses: {
      "200": taken("Gravado."),
      ...ofMeta(
        publicUrl,
        "invalid_signature",
        "body_too_large",
        "unsupported_media_type",
        "database_unavailable",
        "internal_error"
      )
    }
  }
})

/** Pure. `publicUrl` is where callers reach the server, no slash at the end. */
export const paths = (publicUrl: string): { readonly [path: string]: PathItem } => ({
  "/v1/messages": {
    get: operation(
      tag,
      publicUrl,
      {
        operationId: "listMessages",
        summary: "Listar mensagens",
        description:
          "As mais novas primeiro; todos os filtros devem valer. Uma página pode vir curta, até vazia, e ainda ter `next_cursor`.",
        parameters: [
          number("contact_id", "De um contato."),
          number("conversation_id", "De uma conversa."),
          number("campaign_id", "De uma campanha."),
          inQuery("status", "Com este status.", { type: "string", enum: ShownStatus.literals }),
          inQuery("direction", "Enviadas ou recebidas.", { type: "string", enum: Direction.literals }),
          inQuery("since", "Criadas desde este instante (RFC 3339).", { type: "string" }),
          inQuery("until", "Criadas antes deste instante (RFC 3339).", { type: "string" }),
          limit,
          inQuery("cursor", "O `next_cursor` da página anterior.", { type: "string" })
        ]
      },
      { "200": answer("Uma página de mensagens", "Messages", { data: [exampleMessage], next_cursor: null }) },
      ...queryFaults
    )
  },
  "/v1/messages/{id}": {
    get: operation(
      tag,
      publicUrl,
      {
        operationId: "getMessage",
        summary: "Ver uma mensagem",
        description: "O que aconteceu com ela, com todo o histórico.",
        parameters: [messageInPath]
      },
      { "200": answer("A mensagem", "Message", exampleMessage) },
      "message_not_found",
      "unknown_field"
    )
  },
  "/v1/messages/{id}/media": {
    get: operation(
      tag,
      publicUrl,
      {
        operationId: "getMessageMedia",
        summary: "Baixar o arquivo de uma mensagem recebida",
        description: "O arquivo como a pessoa o mandou. Quem o mandou diz o tipo e o nome: não confie neles.",
        parameters: [messageInPath]
      },
      {
        "200": {
          description: "O arquivo.",
          headers: headerRefs("Request-Id"),
          content: { "application/octet-stream": { schema: { type: "string" } } }
        }
      },
      "message_not_found",
      "media_pending",
      "media_unavailable",
      "media_store_unavailable",
      "unknown_field"
    )
  },
  "/v1/contacts/{id}": {
    get: operation(
      tag,
      publicUrl,
      {
        operationId: "getContact",
        summary: "Ver um contato",
        description: "Quem é, se parou o marketing, e se pode receber mensagens livres.",
        parameters: [contactInPath]
      },
      {
        "200": answer("O contato", "Contact", {
          id: 54,
          name: "João",
          number: "5511978049825",
          user_id: null,
          username: null,
          opted_out: null,
          window: exampleWindow
        })
      },
      "no_such_contact",
      "unknown_field"
    )
  },
  "/v1/contacts/{id}/window": {
    get: operation(
      tag,
      publicUrl,
      {
        operationId: "getContactWindow",
        summary: "Ver a janela de 24 horas de um contato",
        description: "Se está aberta, até quando, e por quê.",
        parameters: [contactInPath]
      },
      { "200": answer("A janela", "Window", { contact_id: 54, ...exampleWindow }) },
      "no_such_contact",
      "unknown_field"
    )
  },
  "/v1/events": {
    get: operation(
      tag,
      publicUrl,
      {
        operationId: "listEvents",
        summary: "Ler tudo o que aconteceu",
        description:
          "Na ordem em que foi gravado, cada evento uma vez, por 30 dias. Siga sempre o `next_cursor`: nada aparece atrás de um que já foi dado.",
        parameters: [
          inQuery("after", "O `next_cursor` da resposta anterior; do mais antigo, sem ele.", { type: "string" }),
          limit
        ]
      },
      {
        "200": answer("Uma página de eventos", "EventPage", {
          data: [
            {
              id: `evt_${id.replaceAll("-", "")}_delivered`,
              type: "message.delivered",
              timestamp: at,
              instance_id: 4,
              data: { message_id: id, wamid, direction: "outbound", contact_id: 54, status: "delivered", at }
            }
          ],
          next_cursor: "Nzg2LjEy"
        })
      },
      ...queryFaults
    )
  },
  "/webhooks/whatsapp": metaPaths(publicUrl)
})
