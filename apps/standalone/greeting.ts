/** What a person sees when the product has started: where it is, the key, and the published examples ready to paste. */
import { Option, Redacted } from "effect"
import { curl, sendCampaign, sendMedia, sendTemplate, sendText } from "../http/docs/Examples.ts"

export interface Started {
  readonly url: string
  readonly simulatorUrl: string
  readonly dataDir: string
  /** Made by this start. */
  readonly madeKey: Option.Option<Redacted.Redacted>
  /** Whether AIDESK_DEMO_API_KEY gave one. */
  readonly keyGiven: boolean
}

const published = [sendTemplate, sendCampaign, sendText, sendMedia]

const examples = (url: string, apiKey: string): string =>
  published.map((request) => `# ${request.label}\n${curl({ ...request, apiKey }, url)}`).join("\n\n")

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
