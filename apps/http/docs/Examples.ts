/** The examples of the published page: the same ids, the same texts, the same commands. */
import { directSuccess, templateSuccess } from "../Rendering.ts"
import type { CodeSample, Example } from "./OpenApiDocument.ts"

export interface PublishedRequest {
  readonly path: "/send-message" | "/sendmessage"
  readonly label: string
  /** What the page writes where the caller's key goes. */
  readonly apiKey: string
  readonly body: object
}

export const sendTemplate: PublishedRequest = {
  path: "/send-message",
  label: "Envio via template",
  apiKey: "sua_api_key_aqui",
  body: {
    number: "5511978049825",
    template_id: 15,
    variables: { nome: "João", codigo: "ABC123" },
    queue_id: 5,
    status_id: 1
  }
}

export const sendCampaign: PublishedRequest = {
  path: "/send-message",
  label: "Envio via campanha",
  apiKey: "sua_api_key_aqui",
  body: {
    number: "5511978049825",
    campaign_id: 3,
    variables: { nomeCliente: "João", codigo: "ABC123" },
    queue_id: 5,
    status_id: 1
  }
}

export const sendText: PublishedRequest = {
  path: "/sendmessage",
  label: "Texto",
  apiKey: "SUA_API_KEY_AQUI",
  body: { contact_id: 53, instance_id: 4, message_content: "Olá, tudo bem?" }
}

export const sendMedia: PublishedRequest = {
  path: "/sendmessage",
  label: "Mídia",
  apiKey: "SUA_API_KEY_AQUI",
  body: {
    contact_id: 53,
    instance_id: 4,
    media_url: "https://meusite.com/arquivo.pdf",
    media_caption: "Segue o documento solicitado."
  }
}

const wamid = "wamid.HBgLNTExOTc4MDQ5ODI1FQIAERgSMTIzNDU2Nzg5MDEyMzQ1Njc4"

export const templateSent: Example = {
  summary: "A Meta aceitou a mensagem",
  value: templateSuccess({ _tag: "Sent", wamid, kind: "template" })
}

export const textSent: Example = {
  summary: "Texto aceito",
  value: directSuccess({ _tag: "Sent", wamid: "wamid.XXXX...", kind: "text" })
}

export const mediaSent: Example = {
  summary: "Documento aceito",
  value: directSuccess({ _tag: "Sent", wamid: "wamid.XXXX...", kind: "document" })
}

export const requestOf = ({ body, label }: PublishedRequest): Example => ({ summary: label, value: body })

const indented = (body: object): string => JSON.stringify(body, undefined, 2).replaceAll("\n", "\n  ")

/** The command as a person pastes it. */
export const curl = ({ apiKey, body, path }: PublishedRequest, publicUrl: string): string =>
  [
    `curl -X POST ${publicUrl}${path} \\`,
    `  -H "Content-Type: application/json" \\`,
    `  -H "apikey: ${apiKey}" \\`,
    `  -d '${indented(body)}'`
  ].join("\n")

/** The published command against `publicUrl`. */
export const sampleOf = (request: PublishedRequest, publicUrl: string): CodeSample => ({
  lang: "Shell",
  label: request.label,
  source: curl(request, publicUrl)
})
