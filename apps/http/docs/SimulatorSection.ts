/** Numbers that make a simulated send go wrong in a known way, for whoever tests an integration. */
import type { Fault } from "../../../adapters/simulator/Faults.ts"
import { type MagicRecipient, magicRecipients } from "../../../adapters/simulator/MagicRecipients.ts"
import { answerOf, statusTag } from "./CodeLink.ts"
import { type Html, html } from "./Html.ts"
import { refusedBy } from "./Occurrences.ts"
import { table } from "./Table.ts"

const errors = "docs/errors"

const sent = html`${statusTag(200)} enviada`

const answerTo = (fault: Fault): Html => {
  switch (fault.kind) {
    case "graph_error":
      return answerOf(refusedBy(fault.code).code, errors)
    case "slow":
    case "held":
    case "paused":
      return sent
    case "reset":
    case "lost_response":
    case "truncated":
    case "late":
    case "http_error":
    case "no_wamid":
    case "garbage":
      return answerOf("outcome_unknown", errors)
  }
}

const tableOf = (recipients: ReadonlyArray<MagicRecipient>): Html =>
  table(
    ["Número", "O que acontece", "Resposta da API"],
    recipients.map(({ description, fault, number }) => [html`<code>${number}</code>`, description, answerTo(fault)])
  )

const isRefusal = ({ fault }: MagicRecipient): boolean => fault.kind === "graph_error"

const refusals = magicRecipients.filter(isRefusal)

export const simulator: Html = html`<section id="simulador">
  <h2>Testar sem enviar</h2>
  <p>
    Com uma chave <code>ad_test_…</code> a instância é simulada: a API faz tudo o que faria, mas no lugar da Meta
    responde um simulador, e nada chega a um celular. Qualquer número possível é aceito. Enviados por
    <code>POST /send-message</code>, os números abaixo respondem sempre do mesmo jeito, para você ver como a sua
    integração reage.
  </p>
  <h3>Respostas lentas, perdidas ou ilegíveis</h3>
  ${tableOf(magicRecipients.filter((recipient) => !isRefusal(recipient)))}
  <h3>Recusas da Meta</h3>
  <p>
    O número é <code>5511990</code> seguido do código da Meta com seis algarismos: <code>5511990131026</code> recusa com
    o código 131026.
  </p>
  <details>
    <summary>Os ${refusals.length} números que a Meta recusa</summary>
    <div>${tableOf(refusals)}</div>
  </details>
</section>`
