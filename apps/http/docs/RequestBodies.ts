/**
 * What the two endpoints accept, as JSON Schema. Written by hand, because the rules of the decoders are
 * functions that no export can read; a property test holds the two together.
 *
 * One thing is left unsaid, for lack of a way that every validator understands: half a surrogate pair
 * (`"\ud800"` alone) is refused too.
 */
import { example } from "../../../core/contact/PhoneNumber.ts"
import { captionLimit } from "../../../core/media/MediaKind.ts"
import { textLimit } from "../../../core/message/OutgoingMessage.ts"
import type { Schema } from "./OpenApiDocument.ts"

const id = (description: string): Schema => ({ type: "integer", minimum: 1, maximum: 2_147_483_647, description })

/** No NUL, and something besides blanks. */
const text = (maxLength: number, description: string): Schema => ({
  type: "string",
  minLength: 1,
  maxLength,
  pattern: String.raw`^\s*[^\s\x00][^\x00]*$`,
  description
})

const number: Schema = {
  type: "string",
  pattern: "^[1-9][0-9]{7,14}$",
  description: `Telefone com código do país, só dígitos e entre aspas: \`"${example}"\`. No Brasil o DDD deve existir; um celular sem o nono dígito e um telefone fixo também são aceitos.`
}

const variables: Schema = {
  type: "object",
  propertyNames: { type: "string", pattern: String.raw`^[^\x00]*$` },
  additionalProperties: {
    type: ["string", "number", "boolean"],
    pattern: String.raw`^[^\x00]*$`,
    minimum: -Number.MAX_SAFE_INTEGER,
    maximum: Number.MAX_SAFE_INTEGER
  },
  description:
    'Valores das variáveis, `{"chave": "valor"}`. Números e booleanos são escritos como texto; variáveis que o template não tem são ignoradas. Um valor ausente, vazio ou só de espaços dá lugar ao padrão da variável; sem padrão, a requisição é recusada com a lista de todas as que faltam.'
}

const template = {
  number,
  contact_name: text(255, "Nome do contato: dado a um novo, ou atualizado num que já existe."),
  variables,
  queue_id: id("ID da fila para a mensagem e a conversa."),
  status_id: id("ID do status para a conversa.")
}

const direct = {
  contact_id: id("ID do contato, que deve pertencer à `instance_id`."),
  instance_id: id("ID da instância, que deve ser a da API key.")
}

export const schemas: { readonly [name: string]: Schema } = {
  SendTemplate: {
    title: "Envio de um template",
    type: "object",
    properties: {
      number: template.number,
      template_id: id("ID do template, aprovado pela Meta."),
      contact_name: template.contact_name,
      variables: template.variables,
      queue_id: template.queue_id,
      status_id: template.status_id
    },
    required: ["number", "template_id", "queue_id", "status_id"],
    additionalProperties: false
  },
  SendCampaign: {
    title: "Envio por uma campanha",
    type: "object",
    properties: {
      number: template.number,
      campaign_id: id("ID de uma campanha ativa, que contém um template. As variáveis têm os nomes da campanha."),
      contact_name: template.contact_name,
      variables: template.variables,
      queue_id: template.queue_id,
      status_id: template.status_id
    },
    required: ["number", "campaign_id", "queue_id", "status_id"],
    additionalProperties: false
  },
  SendText: {
    title: "Envio de texto",
    type: "object",
    properties: { ...direct, message_content: text(textLimit, "Texto da mensagem.") },
    required: ["contact_id", "instance_id", "message_content"],
    additionalProperties: false
  },
  SendMedia: {
    title: "Envio de mídia",
    type: "object",
    properties: {
      ...direct,
      media_url: {
        type: "string",
        format: "uri",
        minLength: 1,
        maxLength: 2048,
        pattern: String.raw`^[^\s\x00]+$`,
        description:
          "Link público, http ou https, de uma imagem, um vídeo, um áudio ou um documento. A extensão do caminho diz o tipo; sem uma conhecida, o servidor do arquivo é consultado, sem seguir redirecionamentos."
      },
      media_caption: text(captionLimit, "Legenda da mídia. Áudio não tem legenda.")
    },
    required: ["contact_id", "instance_id", "media_url"],
    additionalProperties: false
  }
}
