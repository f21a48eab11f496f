/** The OpenAPI description of the HTTP app, served at `/openapi.json` and read by `/docs`. */
import * as Answers from "./Answers.ts"
import * as Examples from "./Examples.ts"
import * as Failures from "./Failures.ts"
import { description } from "./Introduction.ts"
import { type Document, type Operation, schemaRef } from "./OpenApiDocument.ts"
import * as OperatingPaths from "./OperatingPaths.ts"
import * as HookEvents from "./HookEvents.ts"
import * as RequestBodies from "./RequestBodies.ts"
import * as LookupPaths from "./LookupPaths.ts"
import * as WebhookPaths from "./WebhookPaths.ts"

const callerHeaders = [
  { $ref: "#/components/parameters/IdempotencyKey" },
  { $ref: "#/components/parameters/RequestId" }
]

const sendMessage = (publicUrl: string): Operation => ({
  operationId: "sendMessage",
  summary: "Envio via template ou campanha",
  description:
    "Envia um template aprovado pela Meta a um número, por si só ou como o de uma campanha: a única forma de falar com quem está fora da janela de 24 horas.\n\nO contato é criado se não existir, e a conversa abre na fila e no status informados; quando a Meta aceita a mensagem, o nome do contato e o lugar de uma conversa já aberta são atualizados. Informe exatamente um entre `template_id` e `campaign_id`.",
  tags: ["Envio"],
  parameters: callerHeaders,
  requestBody: {
    required: true,
    content: {
      "application/json": {
        schema: { oneOf: [schemaRef("SendTemplate"), schemaRef("SendCampaign")] },
        examples: {
          template: Examples.requestOf(Examples.sendTemplate),
          campanha: Examples.requestOf(Examples.sendCampaign)
        }
      }
    }
  },
  responses: { "200": Answers.templateSent, ...Failures.templateResponses(publicUrl) },
  "x-codeSamples": [Examples.sendTemplate, Examples.sendCampaign].map((sample) => Examples.sampleOf(sample, publicUrl))
})

const sendDirectMessage = (publicUrl: string): Operation => ({
  operationId: "sendDirectMessage",
  summary: "Envio direto de mensagens e mídias",
  description:
    "Envia um texto ou um arquivo a um contato conhecido, dentro da janela de 24 horas que a última mensagem dele abriu. Fora dela a resposta é `window_closed`, e a Meta nem é chamada.\n\nInforme exatamente um entre `message_content` e `media_url`. A API key deve ser a da `instance_id`. O endereço só aceita POST.",
  tags: ["Envio"],
  parameters: callerHeaders,
  requestBody: {
    required: true,
    content: {
      "application/json": {
        schema: { oneOf: [schemaRef("SendText"), schemaRef("SendMedia")] },
        examples: {
          texto: Examples.requestOf(Examples.sendText),
          midia: Examples.requestOf(Examples.sendMedia)
        }
      }
    }
  },
  responses: { "200": Answers.directSent, ...Failures.directResponses(publicUrl) },
  "x-codeSamples": [Examples.sendText, Examples.sendMedia].map((sample) => Examples.sampleOf(sample, publicUrl))
})

/** Pure. `publicUrl` is where callers reach the server, no slash at the end. */
export const openApi = (publicUrl: string): Document => ({
  openapi: "3.1.0",
  info: {
    title: "AI Desk",
    // Of the published contract, not of the program.
    version: "1.0.0",
    summary: "Mensagens do WhatsApp Business por HTTP",
    description,
    license: { name: "MIT", identifier: "MIT" }
  },
  servers: [{ url: publicUrl, description: "Este servidor" }],
  externalDocs: { url: `${publicUrl}/docs`, description: "Esta referência em uma página" },
  security: [{ apikey: [] }],
  tags: [
    { name: "Envio", description: "Os dois endereços de envio." },
    { name: "Consulta", description: "O que aconteceu com cada mensagem, e quem são os contatos." },
    { name: "Webhooks", description: "Avisos assinados do que acontece, ao sistema de quem integra." },
    { name: "Operação", description: "Para quem mantém o servidor no ar." },
    { name: "Documentação", description: "O que esta API diz de si mesma." }
  ],
  paths: {
    "/send-message": { post: sendMessage(publicUrl) },
    "/sendmessage": { post: sendDirectMessage(publicUrl) },
    ...LookupPaths.paths(publicUrl),
    ...WebhookPaths.paths(publicUrl),
    ...OperatingPaths.paths(publicUrl)
  },
  webhooks: HookEvents.webhooks,
  components: {
    securitySchemes: {
      apikey: {
        type: "apiKey",
        in: "header",
        name: "apikey",
        description: "A API key da instância: `ad_live_…` envia de verdade, `ad_test_…` fala só com o simulador."
      }
    },
    schemas: {
      ...RequestBodies.schemas,
      ...Answers.schemas,
      ...Failures.schemas,
      ...OperatingPaths.schemas,
      ...LookupPaths.schemas,
      ...WebhookPaths.schemas
    },
    headers: Answers.headers,
    parameters: Answers.parameters,
    responses: Failures.problemResponses(publicUrl)
  }
})
