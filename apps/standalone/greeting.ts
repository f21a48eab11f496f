/** What a person sees when the product has started: where it is, the key, and the published examples ready to paste. */
import { Option, Redacted } from "effect"
import * as demo from "./demoData.ts"

export interface Started {
  readonly url: string
  readonly simulatorUrl: string
  readonly dataDir: string
  /** Made by this start. */
  readonly madeKey: Option.Option<Redacted.Redacted>
  /** Whether AIDESK_DEMO_API_KEY gave one. */
  readonly keyGiven: boolean
}

const curl = (url: string, path: string, key: string, body: object): string =>
  [
    `curl -X POST ${url}${path} \\`,
    `  -H "Content-Type: application/json" \\`,
    `  -H "apikey: ${key}" \\`,
    `  -d '${JSON.stringify(body, null, 2).replaceAll("\n", "\n  ")}'`
  ].join("\n")

const variables = { nome: "João", codigo: "ABC123" }
const place = { queue_id: demo.queue.id, status_id: demo.status.id }
const person = { contact_id: demo.contact.id, instance_id: demo.instance.id }

const examples = (url: string, key: string): string =>
  [
    "# Template",
    curl(url, "/send-message", key, { number: "5511978049825", template_id: demo.templateId, variables, ...place }),
    "",
    "# Campanha",
    curl(url, "/send-message", key, {
      number: "5511978049825",
      campaign_id: demo.campaignId,
      variables: { nomeCliente: "João", codigo: "ABC123" },
      ...place
    }),
    "",
    `# Texto, na janela de 24 horas do contato ${demo.contact.id} (que acabou de escrever)`,
    curl(url, "/sendmessage", key, { ...person, message_content: "Olá, tudo bem?" }),
    "",
    "# Mídia",
    curl(url, "/sendmessage", key, {
      ...person,
      media_url: "https://meusite.com/arquivo.pdf",
      media_caption: "Segue o documento solicitado."
    })
  ].join("\n")

const keyLine = ({ keyGiven, madeKey }: Started): string => {
  if (Option.isSome(madeKey)) return `API key         ${Redacted.value(madeKey.value)}   (mostrada só agora: guarde-a)`
  return keyGiven
    ? "API key         a de AIDESK_DEMO_API_KEY"
    : "API key         a do primeiro início; para fazer outra: npm run aidesk -- key add --instance 4 --label teste"
}

/** The shell fills in what is not shown again. */
const keyInCurl = ({ keyGiven, madeKey }: Started): string => {
  if (Option.isSome(madeKey)) return Redacted.value(madeKey.value)
  return keyGiven ? "$AIDESK_DEMO_API_KEY" : "sua_api_key_aqui"
}

export const greeting = (started: Started): string => `
AI Desk está no ar.

Endereço        ${started.url}
${keyLine(started)}
Documentação    ${started.url}/docs
Simulador       ${started.simulatorUrl}   (faz o papel da Meta: nada sai desta máquina)
Dados           ${started.dataDir}

${examples(started.url, keyInCurl(started))}
`
