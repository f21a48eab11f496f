/** What an integrator must know before the first call: the published warnings, and those that our promises add. */
import { Duration } from "effect"
import * as ServiceWindow from "../../../core/conversation/ServiceWindow.ts"

const hours = Duration.toHours(ServiceWindow.duration)

export interface Warning {
  readonly title: string
  readonly text: string
}

export const warnings: ReadonlyArray<Warning> = [
  {
    title: "Primeiro contato só com template",
    text: "A Meta não entrega mensagem livre a quem ainda não escreveu para a empresa: a conversa começa com um template oficial aprovado."
  },
  {
    title: "Disparo em massa pode banir o número",
    text: "Envie só o que a pessoa espera receber, e aos poucos. Volume sem consentimento viola as diretrizes do WhatsApp, e um bloqueio por mau uso é responsabilidade de quem envia."
  },
  {
    title: `Janela de ${hours} horas`,
    text: `Cada mensagem do contato abre uma janela de ${hours} horas para respostas livres por \`POST /sendmessage\`. Fechada a janela, só template.`
  },
  {
    title: "`POST /send-message` só envia template ou campanha",
    text: "É o que a política do WhatsApp permite fora da janela. Texto e arquivos vão por `POST /sendmessage`."
  },
  {
    title: "A API key é um segredo",
    text: "Cada chave abre uma única instância. Ela fica no servidor: nunca em página, aplicativo ou repositório público."
  },
  {
    title: "Nunca repita um 504",
    text: "`outcome_unknown` quer dizer que ninguém sabe se a mensagem saiu. Repetir pode enviar duas vezes. Com `Idempotency-Key`, toda repetição é segura."
  }
]

const bullets = warnings.map(({ text, title }) => `- **${title}.** ${text}`).join("\n")

/** CommonMark. */
export const description = `Envio de mensagens pelo WhatsApp Business, com nada perdido e nada enviado duas vezes.

Toda requisição de envio leva a chave no cabeçalho \`apikey\`. Toda resposta traz \`Request-Id\`; quando a mensagem já foi registrada, também \`Message-Id\` e \`Contact-Id\`, inclusive nas falhas.

## Avisos importantes

${bullets}

## Falhas

Cada falha tem um código estável em \`error.code\`, diz se vale repetir em \`error.retryable\` e o que fazer em \`error.action\`. Um endereço que não existe responde 404 \`not_found\`, e um método não aceito 405 \`method_not_allowed\`; fora dos dois endereços de envio, no formato \`application/problem+json\` (RFC 9457).`
