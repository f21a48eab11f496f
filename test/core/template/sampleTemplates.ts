import { Result } from "effect"
import { Template, type TemplateContent, TemplateId } from "../../../core/template/Template.ts"
import * as TemplateDefinition from "../../../core/template/TemplateDefinition.ts"

/** What an operator might register for a shop in São Paulo, one for each kind of part a template can have. */
const base = { language: "pt_BR", category: "UTILITY", status: "APPROVED" }

export const orderShipped = {
  ...base,
  name: "pedido_enviado",
  parameter_format: "POSITIONAL",
  components: [
    { type: "HEADER", format: "TEXT", text: "Pedido {{1}} a caminho" },
    { type: "BODY", text: "Olá {{1}}, o pedido {{2}} saiu para entrega.\nAté já, {{1}}!" },
    { type: "FOOTER", text: "Loja do Bairro" },
    {
      type: "BUTTONS",
      buttons: [
        { type: "URL", text: "Rastrear", url: "https://loja.example/rastreio/{{1}}" },
        { type: "PHONE_NUMBER", text: "Ligar", phone_number: "+551130000000" },
        { type: "QUICK_REPLY", text: "Não vou estar em casa" },
        { type: "QUICK_REPLY", text: "Parar avisos" }
      ]
    }
  ],
  variables: {
    nome: { component: "body", position: 1, default: "cliente" },
    codigo: { component: "header", position: 1, also: [{ component: "body", position: 2 }] },
    rastreio: { component: "button", position: 0 },
    ausente: { component: "button", position: 2 }
  }
}

export const named = {
  ...base,
  name: "lembrete_consulta",
  parameter_format: "NAMED",
  components: [
    { type: "HEADER", format: "TEXT", text: "Consulta de {{paciente}}" },
    { type: "BODY", text: "Olá {{paciente}}, sua consulta com {{medica}} é em {{data}}." }
  ]
}

const withHeader = (format: string, variables: Record<string, unknown>) => ({
  ...base,
  name: `cabecalho_${format.toLowerCase()}`,
  components: [
    { type: "HEADER", format, example: { header_handle: ["https://scontent.example/v/t61"] } },
    { type: "BODY", text: "Segue o que você pediu." }
  ],
  variables
})

export const image = withHeader("IMAGE", { foto: { component: "header", position: "link" } })
export const video = withHeader("VIDEO", { filme: { component: "header", position: "link" } })
export const document = withHeader("DOCUMENT", {
  boleto: { component: "header", position: "link" },
  arquivo: { component: "header", position: "filename", default: "boleto.pdf" }
})
export const location = withHeader("LOCATION", {
  lat: { component: "header", position: "latitude" },
  lon: { component: "header", position: "longitude" },
  loja: { component: "header", position: "name" },
  rua: { component: "header", position: "address" }
})

export const coupon = {
  ...base,
  name: "cupom_de_volta",
  category: "MARKETING",
  components: [
    { type: "BODY", text: "Use {{1}} e ganhe {{2}} de desconto no frete." },
    {
      type: "BUTTONS",
      buttons: [
        { type: "QUICK_REPLY", text: "Parar" },
        { type: "COPY_CODE", example: ["VOLTA10"] }
      ]
    }
  ],
  variables: {
    cupom: { component: "body", position: 1, also: [{ component: "button", position: 1 }] },
    desconto: { component: "body", position: 2 }
  }
}

/** As one creates it: without texts, they are Meta's. */
export const oneTimeCodeAsCreated = {
  name: "codigo_de_acesso",
  language: "pt_BR",
  category: "authentication",
  status: "approved",
  components: [
    { type: "body", add_security_recommendation: true },
    { type: "footer", code_expiration_minutes: 10 },
    { type: "buttons", buttons: [{ type: "otp", otp_type: "copy_code", text: "Copiar código" }] }
  ],
  variables: { codigo: { component: "body", position: 1 } }
}

/** As Meta returns it: the button has become a URL. */
export const oneTimeCodeAsReturned = {
  ...oneTimeCodeAsCreated,
  components: [
    { type: "BODY", text: "*{{1}}* é o seu código.", add_security_recommendation: false },
    {
      type: "BUTTONS",
      buttons: [
        {
          type: "URL",
          text: "Copiar código",
          url: "https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}"
        }
      ]
    }
  ]
}

export const flow = {
  ...base,
  name: "pesquisa",
  components: [
    { type: "BODY", text: "Conte como foi." },
    { type: "BUTTONS", buttons: [{ type: "FLOW", text: "Responder", flow_id: "123", flow_action: "navigate" }] }
  ]
}

export const plain = { ...base, name: "ola_mundo", components: [{ type: "BODY", text: "Olá, mundo!" }] }

export const contentOf = (definition: unknown): TemplateContent =>
  Result.getOrThrow(TemplateDefinition.decode(definition))

export const templateOf = (definition: unknown): Template =>
  new Template({ id: TemplateId.make(15), ...contentOf(definition) })
