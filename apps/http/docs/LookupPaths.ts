/** What the document says of look-ups: messages, contacts, the feed of events, and what Meta calls. */
import type { ErrorCode } from "../../../core/failure/Catalogue.ts"
import { ShownStatus } from "../../../core/message/MessageDetail.ts"
import { Direction } from "../../../core/message/Messages.ts"
import * as Failures from "./Failures.ts"
import { headerRefs, type PathItem, type Response } from "./OpenApiDocument.ts"
import { answer, inPath, inQuery, operation } from "./V1Operation.ts"

export { schemas } from "./LookupSchemas.ts"

const tag = "Consulta"

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
  held_for_quality_assessment: false,
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

const exampleReceived = {
  id: "019f0c5e-8f21-7a4e-b0c1-6d2f9a7b3c55",
  wamid: "wamid.HBgNNTUxMTk3ODA0OTgyNRUCABIYFDNBRjE5QjI4MkEzQzBENzU2RTAA",
  direction: "inbound",
  contact_id: 54,
  kind: "text",
  status: "received",
  status_at: at,
  created_at: at,
  conversation: { id: 7, queue_id: 5, status_id: 1, open: true },
  text: "Chegou, obrigado!",
  content: { type: "text", text: { body: "Chegou, obrigado!" } },
  context: { id: wamid },
  referral: null,
  media: null,
  errors: [],
  received_at: at
}

const exampleWindow = {
  open: true,
  closes_at: "2026-03-02T15:00:00.000Z",
  last_inbound_at: at,
  reason: "customer_wrote",
  message: "O contato escreveu nas últimas 24 horas: mensagens livres são aceitas até a janela fechar."
}

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
          "As mais novas primeiro, enviadas e recebidas; todos os filtros devem valer. Uma página olha um número limitado de mensagens: com um filtro que poucas atendem ela pode vir curta, até vazia, e ainda ter `next_cursor`. Só `next_cursor: null` é o fim.",
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
      {
        "200": answer("Uma página de mensagens", "Messages", {
          data: [exampleReceived, exampleMessage],
          next_cursor: null
        })
      },
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
          next_cursor: "786.12"
        })
      },
      ...queryFaults
    )
  },
  "/webhooks/whatsapp": metaPaths(publicUrl)
})
