/** The failing answers of the document: one per HTTP status, an example for each code of the catalogue. */
import { entryOf, type ErrorCode, errorCodes } from "../../../core/failure/Catalogue.ts"
import { MessageId } from "../../../core/message/Message.ts"
import { directForm, type Form, problemForm, templateForm } from "../Rendering.ts"
import * as Occurrences from "./Occurrences.ts"
import { type Example, headerRefs, type Response, type Schema, schemaRef } from "./OpenApiDocument.ts"

const messageId = MessageId.make("019f0c5e-7b1a-7cc3-9d5e-3f2a1b4c5d6e")
const requestId = "0d9f6a52-63a4-4f0e-9a57-1c2d3e4f5a6b"

const titles = new Map([
  [400, "Pedido inválido ou recusado"],
  [401, "Não autorizado"],
  [404, "Endereço inexistente"],
  [405, "Método não aceito"],
  [409, "Requisição original em andamento"],
  [410, "Não está mais disponível"],
  [413, "Corpo grande demais"],
  [415, "Tipo de corpo não aceito"],
  [422, "Chave de idempotência já usada"],
  [429, "Ritmo ou tempo de espera da Meta"],
  [500, "Erro interno"],
  [502, "Recusa que exige quem opera a plataforma"],
  [503, "Indisponível por enquanto, nada foi enviado"],
  [504, "Resultado desconhecido"]
])

export const titleOf = (status: number): string => titles.get(status) ?? `Falha ${status}`

/** The codes by HTTP status, both in ascending order of the status and in the catalogue's order. */
export const byStatus = (codes: ReadonlyArray<ErrorCode>): ReadonlyArray<readonly [number, ReadonlyArray<ErrorCode>]> =>
  [...Map.groupBy(codes, (code) => entryOf(code).status)].toSorted(([a], [b]) => a - b)

interface Place {
  readonly form: Form
  readonly schema: string
  readonly fields: { readonly [code: string]: string }
}

const responseOf = (status: number, codes: ReadonlyArray<ErrorCode>, place: Place, publicUrl: string): Response => {
  const failures = codes.map((code) => Occurrences.sampleOf(code, place.fields))
  const names = failures.some(({ code }) => Occurrences.namesMessage.has(code))
  const headers = [
    "Request-Id",
    ...(names ? ["Message-Id", "Contact-Id"] : []),
    ...(failures.some(({ retryAfter }) => retryAfter !== undefined) ? ["Retry-After"] : []),
    ...(failures.some(({ code }) => Occurrences.isKept.has(code)) ? ["Idempotent-Replayed"] : []),
    ...(status === 405 ? ["Allow"] : [])
  ]
  const examples = failures.map((failure): [string, Example] => {
    const named = Occurrences.namesMessage.has(failure.code) ? messageId : undefined
    const value = place.form.failure(failure, { requestId, messageId: named, publicUrl })
    return [failure.code, { summary: entryOf(failure.code).message, value }]
  })
  return {
    description: `${titleOf(status)}: ${codes.map((code) => `\`${code}\``).join(", ")}.`,
    headers: headerRefs(...headers),
    content: {
      [place.form.contentType]: { schema: schemaRef(place.schema), examples: Object.fromEntries(examples) }
    }
  }
}

const responsesOf = (codes: ReadonlyArray<ErrorCode>, place: Place, publicUrl: string) =>
  Object.fromEntries(
    byStatus(codes).map(([status, group]) => [String(status), responseOf(status, group, place, publicUrl)])
  )

export const templateResponses = (publicUrl: string): { readonly [status: string]: Response } =>
  responsesOf(
    Occurrences.templateCodes,
    { form: templateForm, schema: "SendMessageFailure", fields: Occurrences.templateFields },
    publicUrl
  )

export const directResponses = (publicUrl: string): { readonly [status: string]: Response } =>
  responsesOf(
    Occurrences.directCodes,
    { form: directForm, schema: "SendDirectFailure", fields: Occurrences.directFields },
    publicUrl
  )

/** What an address under `/v1` answers where it fails with one of `codes`. */
export const problems = (codes: ReadonlyArray<ErrorCode>, publicUrl: string): { readonly [status: string]: Response } =>
  responsesOf(codes, { form: problemForm, schema: "Problem", fields: {} }, publicUrl)

/** What every other address answers. */
export const problemResponses = (publicUrl: string): { readonly [name: string]: Response } => {
  const place: Place = { form: problemForm, schema: "Problem", fields: {} }
  return {
    NotFound: responseOf(404, ["not_found"], place, publicUrl),
    MethodNotAllowed: responseOf(405, ["method_not_allowed"], place, publicUrl)
  }
}

const text = (description: string): Schema => ({ type: "string", description })

/** The members of a failure, but for the sentence of what happened: its place differs between the forms. */
const members: { readonly [name: string]: Schema } = {
  code: schemaRef("ErrorCode"),
  field: text("O campo da requisição que está errado: `number`, `variables.nome`."),
  retryable: {
    type: "boolean",
    description: "A mesma requisição, repetida mais tarde sem mudança, pode dar certo e não envia duas vezes."
  },
  retry_after: {
    type: "integer",
    minimum: 0,
    description: "Segundos a esperar antes de repetir, como em Retry-After."
  },
  action: text("O que fazer, em português."),
  meta: schemaRef("MetaError"),
  message_ref: {
    type: "string",
    format: "uuid",
    description: "Nosso identificador da mensagem, como em Message-Id. Existe a partir da reserva do envio."
  },
  request_id: text("Identificador da requisição que fez o trabalho, como em Request-Id."),
  doc_url: { type: "string", format: "uri", description: "Onde este código é explicado." }
}

const always = ["code", "retryable", "action", "request_id", "doc_url"]

const message = text("O que aconteceu, em português.")

export const schemas: { readonly [name: string]: Schema } = {
  ErrorCode: {
    type: "string",
    enum: errorCodes,
    description: "Código estável, em inglês: é com ele que um programa decide."
  },
  MetaError: {
    type: "object",
    description: "O erro como a Meta o informou, sem alteração.",
    properties: {
      code: { type: "integer", description: "Código da Meta." },
      subcode: { type: "integer", description: "Subcódigo da Meta." },
      title: text("Título."),
      details: text("Detalhes."),
      fbtrace_id: text("Identificador para o suporte da Meta.")
    },
    required: ["code"]
  },
  ErrorDetails: { type: "object", properties: { ...members, message }, required: [...always, "message"] },
  SendMessageFailure: {
    type: "object",
    properties: { success: { type: "boolean", const: false }, error: schemaRef("ErrorDetails") },
    required: ["success", "error"]
  },
  SendDirectFailure: {
    type: "object",
    properties: { status: { type: "string", const: "error" }, message, error: schemaRef("ErrorDetails") },
    required: ["status", "message", "error"]
  },
  Problem: {
    type: "object",
    description: "Problema no formato da RFC 9457, com os mesmos membros das outras falhas.",
    properties: {
      type: { type: "string", format: "uri", description: "Igual a `doc_url`." },
      title: text("A frase do catálogo para este código."),
      status: { type: "integer", description: "Status HTTP." },
      detail: message,
      ...members
    },
    required: ["type", "title", "status", "detail", ...always]
  }
}
