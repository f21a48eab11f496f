/** What the document says of webhook endpoints and of what was sent to them. */
import type { ErrorCode } from "../../../core/failure/Catalogue.ts"
import { chosenTypes, DisabledReason, mostEndpoints } from "../../../core/webhook/WebhookEndpoint.ts"
import { AttemptError, DeliveryState } from "../../../core/webhook/Delivery.ts"
import * as HookEvents from "./HookEvents.ts"
import { headerRefs, type PathItem, type Schema, schemaRef } from "./OpenApiDocument.ts"
import { answer, inPath, inQuery, maybe, object, operation, text, time } from "./V1Operation.ts"

const subscription: Schema = {
  type: "array",
  description: '`["*"]`, também para tipos que ainda não existem, ou os tipos escolhidos, sem repetição.',
  items: { type: "string", enum: ["*", ...chosenTypes] }
}

const settings: { readonly [name: string]: Schema } = {
  url: {
    type: "string",
    maxLength: 2048,
    description: "Endereço `https` (ou `http`) que recebe os eventos, sem usuário e senha. Deve ser público."
  },
  event_types: subscription,
  description: { type: "string", maxLength: 200, description: "Para você reconhecê-lo." },
  enabled: {
    type: "boolean",
    description: "Desligado, nada é enviado e nada se perde: ao religar, chega o que houve nos últimos 30 dias."
  }
}

const shown: { readonly [name: string]: Schema } = {
  id: { type: "string", pattern: "^we_[0-9a-f]{32}$", description: "Identificador do endpoint." },
  ...settings,
  disabled: {
    type: ["object", "null"],
    description: "Por que está desligado e desde quando.",
    properties: {
      reason: {
        type: "string",
        enum: DisabledReason.literals,
        description: "`requested`: alguém desligou; `failing`: cinco dias só de falhas; `gone`: respondeu 410."
      },
      since: time("Desde quando")
    },
    required: ["reason", "since"]
  },
  failing_since: maybe(time("Desde quando nada dá certo")),
  previous_secret_until: maybe(time("Até quando o segredo anterior também assina")),
  created_at: time("Quando foi criado")
}

const secret: Schema = {
  type: "string",
  pattern: "^whsec_[A-Za-z0-9+/]{43}=$",
  description: "O segredo que assina, mostrado só desta vez."
}

const attempt: Schema = {
  type: "object",
  properties: {
    at: time("Quando começou"),
    status: { type: ["integer", "null"], description: "O status respondido, ou nada." },
    latency_ms: { type: "integer", minimum: 0, description: "Milissegundos até o fim da resposta." },
    error: {
      type: ["string", "null"],
      description: `Por que falhou: ${AttemptError.literals.map((one) => `\`${one}\``).join(", ")}.`
    },
    response: {
      type: ["string", "null"],
      description: "Até 1 KiB do que foi respondido. Não é guardado de endereços que não são públicos."
    }
  },
  required: ["at", "status", "latency_ms", "error", "response"]
}

const deliveryId: Schema = { type: "string", pattern: "^dlv_[0-9a-f]{32}$", description: "Identificador da entrega." }

const delivery: { readonly [name: string]: Schema } = {
  id: deliveryId,
  webhook_endpoint_id: text("O endpoint."),
  event_id: text("O evento, como em `webhook-id`."),
  event_type: text("O tipo do evento."),
  state: {
    type: "string",
    enum: DeliveryState.literals,
    description:
      "`pending`: a enviar, ou a enviar de novo; `succeeded`: recebida; `exhausted`: todas as tentativas falharam."
  },
  attempts: { type: "integer", minimum: 0, description: "Tentativas feitas desde que foi pedida." },
  next_attempt_at: maybe(time("Quando será a próxima tentativa")),
  created_at: time("Quando foi criada"),
  settled_at: maybe(time("Quando terminou"))
}

const cursor: Schema = { type: ["string", "null"], description: "O `cursor` para continuar; nada quando terminou." }

export const schemas: { readonly [name: string]: Schema } = {
  ...HookEvents.schemas,
  NewWebhookEndpoint: object(settings, ["url"]),
  WebhookEndpointChanges: object(settings, []),
  WebhookEndpoint: object(shown),
  WebhookEndpointWithSecret: object({ ...shown, secret }),
  WebhookEndpoints: object({
    data: { type: "array", items: schemaRef("WebhookEndpoint") },
    next_cursor: { type: "null" }
  }),
  SecretRotation: object(
    {
      previous_valid_hours: {
        type: "integer",
        minimum: 0,
        maximum: 168,
        description: "Por quantas horas o segredo anterior ainda assina; 24 se nada for dito."
      }
    },
    []
  ),
  Attempt: attempt,
  WebhookTest: object({
    delivered: { type: "boolean", description: "O endpoint respondeu de 200 a 299." },
    delivery_id: deliveryId,
    event_id: text("O evento de teste."),
    attempt: schemaRef("Attempt")
  }),
  Delivery: object({ ...delivery, log: { type: "array", items: schemaRef("Attempt"), description: "As tentativas." } }),
  ListedDelivery: object({ ...delivery, last_attempt: { oneOf: [schemaRef("Attempt"), { type: "null" }] } }),
  Deliveries: object({ data: { type: "array", items: schemaRef("ListedDelivery") }, next_cursor: cursor }),
  ReplayEvent: object({ event_id: text("Um evento, tenha o endpoint escolhido o tipo dele ou não.") }),
  ReplayFailed: object(
    { failed_since: time("Tudo o que se esgotou desde então"), cursor: text("O `next_cursor` da resposta anterior.") },
    ["failed_since"]
  ),
  ReplaySpan: object(
    {
      from: time("O que aconteceu desde este instante"),
      to: time("e até este"),
      cursor: text("O `next_cursor` da resposta anterior.")
    },
    ["from", "to"]
  ),
  Replayed: object({
    queued: { type: "integer", minimum: 0, description: "Quantas entregas estão na fila por causa deste pedido." },
    next_cursor: cursor
  })
}

const at = "2026-03-01T15:00:00.000Z"
const hex = "019f0c5e7b1a7cc39d5e3f2a1b4c5d6e"

const endpoint = {
  id: `we_${hex}`,
  url: "https://loja.example.com/webhooks",
  event_types: ["message.received", "message.failed"],
  description: "Loja",
  enabled: true,
  disabled: null,
  failing_since: null,
  previous_secret_until: null,
  created_at: at
}
const withSecret = { ...endpoint, secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=" }

const failedAttempt = { at, status: 503, latency_ms: 212, error: "refused", response: "Em manutenção" }
const oneDelivery = {
  id: `dlv_${hex}`,
  webhook_endpoint_id: endpoint.id,
  event_id: `evt_${hex}_delivered`,
  event_type: "message.delivered",
  state: "pending",
  attempts: 1,
  next_attempt_at: "2026-03-01T15:00:05.000Z",
  created_at: at,
  settled_at: null
}

const body = (schema: Schema, required: boolean, examples: { readonly [name: string]: object }) => ({
  required,
  content: {
    "application/json": {
      schema,
      examples: Object.fromEntries(Object.entries(examples).map(([summary, value]) => [summary, { summary, value }]))
    }
  }
})

const endpointInPath = inPath("O endpoint, como `we_…`.")

const ofBody: ReadonlyArray<ErrorCode> = [
  "invalid_json",
  "invalid_body",
  "missing_field",
  "unknown_field",
  "invalid_field",
  "body_too_large",
  "unsupported_media_type"
]
const ofEndpoint: ReadonlyArray<ErrorCode> = ["webhook_endpoint_not_found"]

export const paths = (publicUrl: string): { readonly [path: string]: PathItem } => ({
  "/v1/webhook-endpoints": {
    post: operation(
      "Webhooks",
      publicUrl,
      {
        operationId: "addWebhookEndpoint",
        summary: "Criar endpoint de webhook",
        description: `Passa a receber o que acontecer a partir de agora. A resposta traz o segredo que assina os eventos, e é a única que o traz. Uma instância tem no máximo ${mostEndpoints} endpoints.`,
        requestBody: body(schemaRef("NewWebhookEndpoint"), true, {
          alguns: { url: endpoint.url, event_types: endpoint.event_types, description: endpoint.description },
          todos: { url: endpoint.url }
        })
      },
      { "201": answer("Criado.", "WebhookEndpointWithSecret", withSecret) },
      ...ofBody,
      "webhook_url_not_allowed",
      "too_many_webhook_endpoints"
    ),
    get: operation(
      "Webhooks",
      publicUrl,
      {
        operationId: "webhookEndpoints",
        summary: "Listar endpoints de webhook",
        description: "São poucos: vêm todos em uma página, do mais antigo ao mais novo."
      },
      { "200": answer("Os endpoints da instância.", "WebhookEndpoints", { data: [endpoint], next_cursor: null }) }
    )
  },
  "/v1/webhook-endpoints/{id}": {
    get: operation(
      "Webhooks",
      publicUrl,
      {
        operationId: "webhookEndpoint",
        summary: "Ver um endpoint",
        description: "Sem o segredo.",
        parameters: [endpointInPath]
      },
      { "200": answer("O endpoint.", "WebhookEndpoint", endpoint) },
      ...ofEndpoint
    ),
    patch: operation(
      "Webhooks",
      publicUrl,
      {
        operationId: "changeWebhookEndpoint",
        summary: "Mudar um endpoint",
        description:
          "Muda só o que for informado. Religado (`enabled: true`), o endpoint começa sem falhas e recebe o que houve enquanto estava desligado, até 30 dias; para não receber, crie outro e remova este.",
        parameters: [endpointInPath],
        requestBody: body(schemaRef("WebhookEndpointChanges"), true, {
          religar: { enabled: true },
          tipos: { event_types: ["*"] }
        })
      },
      { "200": answer("Como ficou.", "WebhookEndpoint", endpoint) },
      ...ofEndpoint,
      ...ofBody,
      "webhook_url_not_allowed"
    ),
    delete: operation(
      "Webhooks",
      publicUrl,
      {
        operationId: "removeWebhookEndpoint",
        summary: "Remover um endpoint",
        description: "O que ainda não foi entregue a ele não será.",
        parameters: [endpointInPath]
      },
      { "204": { description: "Removido.", headers: headerRefs("Request-Id") } },
      ...ofEndpoint
    )
  },
  "/v1/webhook-endpoints/{id}/rotate-secret": {
    post: operation(
      "Webhooks",
      publicUrl,
      {
        operationId: "rotateWebhookSecret",
        summary: "Trocar o segredo",
        description:
          "O novo segredo vem na resposta. O anterior continua assinando ao lado dele por 24 horas, ou pelo que for pedido, para você trocá-lo sem perder nada; zero o desliga na hora.",
        parameters: [endpointInPath],
        requestBody: body(schemaRef("SecretRotation"), false, { comSobreposicao: { previous_valid_hours: 48 } })
      },
      {
        "200": answer("Trocado.", "WebhookEndpointWithSecret", {
          ...withSecret,
          previous_secret_until: "2026-03-02T15:00:00.000Z"
        })
      },
      ...ofEndpoint,
      ...ofBody
    )
  },
  "/v1/webhook-endpoints/{id}/test": {
    post: operation(
      "Webhooks",
      publicUrl,
      {
        operationId: "testWebhookEndpoint",
        summary: "Testar um endpoint",
        description:
          "Envia um `webhook_endpoint.test` só a ele, ligado ou não, e espera o resultado por até 15 segundos. É uma tentativa só, e não conta para o desligamento.",
        parameters: [endpointInPath]
      },
      {
        "200": answer("O que aconteceu.", "WebhookTest", {
          delivered: false,
          delivery_id: `dlv_${hex}`,
          event_id: `evt_${hex}`,
          attempt: failedAttempt
        })
      },
      ...ofEndpoint
    )
  },
  "/v1/webhook-endpoints/{id}/deliveries": {
    get: operation(
      "Webhooks",
      publicUrl,
      {
        operationId: "deliveries",
        summary: "O que foi enviado a um endpoint",
        description: "As mais novas primeiro. As recebidas são guardadas por 7 dias, as esgotadas por 30.",
        parameters: [
          endpointInPath,
          inQuery("state", "Só as que estão assim.", { type: "string", enum: DeliveryState.literals }),
          inQuery("limit", "Quantas por página: de 1 a 100, ou 50.", { type: "integer", minimum: 1, maximum: 100 }),
          inQuery("cursor", "O `next_cursor` da página anterior.", { type: "string" })
        ]
      },
      {
        "200": answer("Uma página.", "Deliveries", {
          data: [{ ...oneDelivery, last_attempt: failedAttempt }],
          next_cursor: null
        })
      },
      ...ofEndpoint,
      "unknown_field",
      "invalid_field",
      "invalid_cursor"
    )
  },
  "/v1/webhook-endpoints/{id}/replay": {
    post: operation(
      "Webhooks",
      publicUrl,
      {
        operationId: "replay",
        summary: "Enviar de novo",
        description:
          "Põe de novo na fila um evento, tudo o que se esgotou desde um instante ou o que aconteceu em um período, sempre com o mesmo `id`. O que é muito vem em partes: enquanto houver `next_cursor`, repita o pedido com ele em `cursor`. A um endpoint desligado, fica à espera.",
        parameters: [endpointInPath],
        requestBody: body(
          { oneOf: [schemaRef("ReplayEvent"), schemaRef("ReplayFailed"), schemaRef("ReplaySpan")] },
          true,
          {
            evento: { event_id: oneDelivery.event_id },
            falhas: { failed_since: at },
            periodo: { from: "2026-03-01T00:00:00-03:00", to: "2026-03-02T00:00:00-03:00" }
          }
        )
      },
      { "202": answer("Na fila.", "Replayed", { queued: 12, next_cursor: null }) },
      ...ofEndpoint,
      ...ofBody,
      "one_of_required",
      "event_not_found",
      "invalid_cursor"
    )
  },
  "/v1/deliveries/{id}": {
    get: operation(
      "Webhooks",
      publicUrl,
      {
        operationId: "delivery",
        summary: "Uma entrega e suas tentativas",
        description: "De cada tentativa: quando, o status, quanto demorou e o começo do que foi respondido.",
        parameters: [inPath("A entrega, como `dlv_…`.")]
      },
      { "200": answer("A entrega.", "Delivery", { ...oneDelivery, log: [failedAttempt] }) },
      "delivery_not_found"
    )
  }
})
