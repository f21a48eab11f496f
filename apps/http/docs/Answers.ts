/** What the document says of successes and of the headers that go both ways. */
import { Duration } from "effect"
import { MediaKind } from "../../../core/media/MediaKind.ts"
import { keptFor } from "../../../core/message/Idempotency.ts"
import * as Examples from "./Examples.ts"
import { type Header, headerRefs, type Parameter, type Response, type Schema, schemaRef } from "./OpenApiDocument.ts"

const hoursKept = Duration.toHours(keptFor)

export const headers: { readonly [name: string]: Header } = {
  "Request-Id": {
    description:
      "Identificador desta requisição: o seu `X-Request-Id`, se utilizável, ou um nosso. Informe-o ao pedir ajuda.",
    required: true,
    schema: { type: "string" }
  },
  "Message-Id": {
    description: "Nosso identificador da mensagem (UUID). Existe a partir da reserva do envio, inclusive nas falhas.",
    schema: { type: "string", format: "uuid" }
  },
  "Contact-Id": {
    description: "ID do contato da mensagem, criado se não existia.",
    schema: { type: "integer", minimum: 1 }
  },
  "Idempotent-Replayed": {
    description: "`true` quando a resposta é a de uma requisição anterior com a mesma `Idempotency-Key`.",
    schema: { type: "string", const: "true" }
  },
  "Retry-After": {
    description: "Segundos a esperar antes de repetir.",
    schema: { type: "integer", minimum: 0 }
  },
  Allow: { description: "Os métodos aceitos neste endereço.", schema: { type: "string" } }
}

export const parameters: { readonly [name: string]: Parameter } = {
  IdempotencyKey: {
    name: "Idempotency-Key",
    in: "header",
    description: `Nome que você dá a este envio, para repeti-lo sem enviar duas vezes: de 1 a 255 caracteres ASCII visíveis. Vale por instância e endereço, durante ${hoursKept} horas.`,
    schema: { type: "string", minLength: 1, maxLength: 255, pattern: String.raw`^[\x21-\x7e]+$` },
    example: "pedido-1234-aviso-de-envio"
  },
  RequestId: {
    name: "X-Request-Id",
    in: "header",
    description:
      "Nome que você dá a esta requisição, devolvido em `Request-Id`. Até 128 letras, dígitos e `. _ : @ / + = -`; outro valor é trocado por um nosso, nunca recusado.",
    schema: { type: "string" },
    example: "checkout-8f2c"
  }
}

const wamid: Schema = { type: "string", description: "Identificador da mensagem na Meta (`wamid`)." }

export const schemas: { readonly [name: string]: Schema } = {
  TemplateSent: {
    type: "object",
    properties: { success: { type: "boolean", const: true }, message_id: wamid },
    required: ["success", "message_id"],
    additionalProperties: false
  },
  DirectSent: {
    type: "object",
    properties: {
      status: { type: "string", const: "success" },
      message: { type: "string", const: "Mensagem enviada com sucesso" },
      whatsapp_message_id: wamid,
      media_type: {
        type: "string",
        enum: ["text", ...MediaKind.literals],
        description: "O que foi enviado: `text` ou o tipo da mídia."
      },
      media_file_id: { type: "string", description: "Vazio: a mídia vai por link." },
      source: { type: "string", const: "api" }
    },
    required: ["status", "message", "whatsapp_message_id", "media_type", "media_file_id", "source"],
    additionalProperties: false
  }
}

const accepted = "A Meta aceitou a mensagem. A entrega é confirmada depois, por ela."

const sentHeaders = headerRefs("Request-Id", "Message-Id", "Contact-Id", "Idempotent-Replayed")

export const templateSent: Response = {
  description: accepted,
  headers: sentHeaders,
  content: {
    "application/json": { schema: schemaRef("TemplateSent"), examples: { template: Examples.templateSent } }
  }
}

export const directSent: Response = {
  description: accepted,
  headers: sentHeaders,
  content: {
    "application/json": {
      schema: schemaRef("DirectSent"),
      examples: { texto: Examples.textSent, midia: Examples.mediaSent }
    }
  }
}
