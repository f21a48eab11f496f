/** What look-ups answer, member by member. */
import { ConsentSource } from "../../../core/consent/Consent.ts"
import { MediaState } from "../../../core/media/MediaFile.ts"
import { ShownStatus } from "../../../core/message/MessageDetail.ts"
import { type Schema, schemaRef } from "./OpenApiDocument.ts"
import { maybe, object, text, time } from "./V1Operation.ts"

type Members = { readonly [name: string]: Schema }

const integer = (description: string): Schema => ({ type: "integer", description })
const flag = (description: string): Schema => ({ type: "boolean", description })
/** Meta's own form, which grows. */
const ofMeta = (description: string): Schema => ({ type: "object", description })
const orNothing = (schema: Schema): Schema => ({ oneOf: [schema, { type: "null" }] })

const uuid = (description: string): Schema => ({ type: "string", format: "uuid", description })

const statuses = ShownStatus.literals.filter((status) => status !== "received")

const names: Members = {
  id: uuid("Nosso id, o de `Message-Id`."),
  wamid: maybe(text("O id da Meta, quando ela disse um.")),
  contact_id: integer("O contato. Um id aposentado por fusão responde como o que ficou.")
}

const times: Members = {
  status_at: time("Desde quando está assim"),
  created_at: time("Quando foi registrada aqui; é por este instante que a lista ordena e filtra"),
  conversation: orNothing(schemaRef("MessageConversation"))
}

const sent: Members = {
  ...names,
  direction: { type: "string", const: "outbound", description: "Da empresa para o contato." },
  campaign_id: maybe(integer("A campanha.")),
  template_id: maybe(integer("O template.")),
  kind: text("`template`, `text`, `image`, `video`, `audio` ou `document`."),
  status: {
    type: "string",
    enum: statuses,
    description:
      "O que se sabe agora. `reserved`: o envio pode estar em andamento; `unknown`: ninguém sabe se saiu, e o webhook da Meta dirá."
  },
  ...times,
  text: text("O texto como a pessoa o lê, com as variáveis preenchidas; de uma mídia, a legenda."),
  media_url: maybe(text("O link enviado.")),
  held_for_quality_assessment: flag("A Meta aceitou e segura a mensagem para avaliar a qualidade do template."),
  attempts: maybe(integer("Quantas vezes a Meta foi chamada.")),
  timeline: {
    type: "array",
    items: schemaRef("TimelineEntry"),
    description: "Tudo o que se ouviu, em ordem, uma entrada por status e fonte."
  },
  conflict: flag("Uma falha foi contada de uma mensagem que foi entregue."),
  error: orNothing(schemaRef("MessageFailure")),
  cost: orNothing(schemaRef("Cost")),
  reason: maybe(text("De uma `unknown`: por que não se sabe, e o que fazer."))
}

const received: Members = {
  ...names,
  direction: { type: "string", const: "inbound", description: "Do contato para a empresa." },
  kind: text("O tipo, como a Meta o chama: `text`, `image`, `button`, `reaction`…"),
  status: { type: "string", const: "received", description: "Sempre este." },
  ...times,
  text: text("O que dela se lê; de um arquivo, o que é e a legenda."),
  content: ofMeta("O conteúdo, como a Meta o escreve."),
  context: { type: ["object", "null"], description: "A que responde, ou se foi encaminhada." },
  referral: { type: ["object", "null"], description: "O anúncio ou a publicação de onde a pessoa veio." },
  media: orNothing(schemaRef("MessageMedia")),
  errors: { type: "array", items: ofMeta("Um erro da Meta."), description: "Por que a Meta não a entregou inteira." },
  received_at: time("Quando o webhook chegou; `status_at` é quando a pessoa escreveu, pela Meta")
}

const window: Members = {
  open: flag("Se mensagens livres são aceitas agora."),
  closes_at: maybe(time("Quando fecha, ou fechou")),
  last_inbound_at: maybe(time("Quando o contato escreveu por último, pelo relógio da Meta")),
  reason: {
    type: "string",
    enum: ["customer_wrote", "never_wrote", "expired"],
    description: "Por que está assim: o contato escreveu, nunca escreveu, ou já faz 24 horas."
  },
  message: text("O mesmo, em uma frase.")
}

const page = (items: string): Schema =>
  object({
    data: { type: "array", items: schemaRef(items) },
    next_cursor: { type: ["string", "null"], description: "O `cursor` da página seguinte; nada na última." }
  })

export const schemas: { readonly [name: string]: Schema } = {
  MessageConversation: object({
    id: integer("A conversa."),
    queue_id: maybe(integer("A fila onde ela está agora.")),
    status_id: maybe(integer("O status dela agora.")),
    open: flag("Ainda não foi encerrada.")
  }),
  MessageFailure: object(
    {
      code: schemaRef("ErrorCode"),
      message: text("O que houve, em português."),
      retryable: flag("Repetir a mesma requisição pode dar certo e não envia duas vezes."),
      retry_after: integer("Segundos depois dos quais faz sentido repetir."),
      action: text("O que fazer, em português."),
      meta: schemaRef("MetaError")
    },
    ["code", "message", "retryable", "action"]
  ),
  Cost: {
    ...object({
      category: maybe(text("`marketing`, `utility`, `authentication`, `service`…")),
      type: maybe(text("`regular`, `free_customer_service`, `free_entry_point`…")),
      billable: { type: ["boolean", "null"], description: "Se a Meta a cobra." }
    }),
    description: "O que a Meta diz do custo. Preços não vêm daqui."
  },
  TimelineEntry: object({
    status: { type: "string", enum: statuses, description: "O que aconteceu." },
    source: {
      type: "string",
      enum: ["aidesk", "meta"],
      description: "Quem conta: o nosso envio ou um webhook da Meta."
    },
    at: time("Quando aconteceu, pelo relógio de quem conta; o da Meta tem segundos inteiros"),
    received_at: maybe(time("Quando o primeiro webhook disso chegou")),
    conflict: flag("Uma falha ao lado de uma entrega."),
    error: orNothing(schemaRef("MessageFailure")),
    cost: orNothing(schemaRef("Cost"))
  }),
  MessageMedia: object({
    state: {
      type: "string",
      enum: MediaState.literals,
      description: "`stored`: pode ser baixado em `/v1/messages/{id}/media`."
    },
    mime_type: maybe(text("O tipo, nas palavras de quem mandou.")),
    filename: maybe(text("O nome, nas palavras de quem mandou.")),
    size: maybe(integer("Bytes, depois de baixado."))
  }),
  SentMessage: object(sent),
  ReceivedMessage: object(received),
  Message: { oneOf: [schemaRef("SentMessage"), schemaRef("ReceivedMessage")] },
  Messages: page("Message"),
  Window: object({ contact_id: integer("O contato."), ...window }),
  Contact: object({
    id: integer("O contato; de um id aposentado por fusão, o que ficou."),
    name: maybe(text("O nome.")),
    number: maybe(text("O telefone, quando é conhecido.")),
    user_id: maybe(text("O id da pessoa para a sua empresa, na Meta.")),
    username: maybe(text("O nome de usuário no WhatsApp.")),
    opted_out: orNothing({
      ...object({
        since: time("Desde quando"),
        source: { type: "string", enum: ConsentSource.literals, description: "Como se soube." }
      }),
      description: "O contato não quer marketing."
    }),
    window: object(window)
  }),
  EventPage: object({
    data: { type: "array", items: schemaRef("Event") },
    next_cursor: text("O `after` do próximo pedido; vem sempre, também quando não há nada novo.")
  })
}
