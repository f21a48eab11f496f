/** Numbers that make a simulated send go wrong in a known way, for whoever tests an integration. */
import type { Fault } from "../../../adapters/simulator/Faults.ts"
import { fatedRecipients, type MagicRecipient, magicRecipients } from "../../../adapters/simulator/MagicRecipients.ts"
import { shell } from "./Code.ts"
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

const told = table(
  ["Número", "O que os webhooks dizem"],
  fatedRecipients.map(({ description, number }) => [html`<code>${number}</code>`, description])
)

/** The shell knows where the simulator is; this page does not. */
const base = "$SIMULADOR/_simulator"

const post = (path: string, body: object): string => `curl -X POST ${base}${path} -d '${JSON.stringify(body)}'`

/** Each with what it does, as a comment. */
const commands = (...lines: ReadonlyArray<readonly [comment: string, command: string]>): string =>
  lines.map(([comment, command]) => `# ${comment}\n${command}`).join("\n\n")

const from = "5511978049825"

const customers = commands(
  ["um cliente escreve: a janela de 24 horas abre", post("/customers/messages", { from, text: "Oi" })],
  ["manda um arquivo (também audio, video, document e sticker)", post("/customers/messages", { from, image: true })],
  ["toca num botão de template", post("/customers/messages", { from, button: "Quero" })],
  ["pede para sair (PARAR)", post("/customers/messages", { from, opt_out: true })],
  ["escreve sem mostrar o número", post("/customers/messages", { from, text: "Oi", without_number: true })],
  [
    "escreve com o número de 12 dígitos, sem o nono",
    post("/customers/messages", { from, text: "Oi", ninth_digit: false })
  ]
)

const pedido = { name: "codigo_do_pedido", language: "pt_BR" }

const events = commands(
  ["um template é pausado (ou APPROVED, REJECTED, DISABLED…)", post("/templates", { ...pedido, event: "PAUSED" })],
  ["a qualidade dele cai", post("/templates", { ...pedido, quality: "RED" })],
  ["a qualidade do número cai", post("/numbers/106540352242922", { quality: "RED" })],
  ["a conta é restringida", post("/accounts/102290129340398", { event: "ACCOUNT_RESTRICTION" })]
)

const behaviour = commands(
  [
    "embaralhados, três em dez repetidos, em lotes",
    post("/webhooks", { shuffle: true, duplicate: 0.3, batch: { size: 50 } })
  ],
  [
    "retidos até segunda ordem, e soltos",
    `${post("/webhooks", { hold: true })}\ncurl -X POST ${base}/webhooks/release`
  ],
  ["de volta ao normal", `curl -X DELETE ${base}/webhooks`],
  ["mil de uma vez, em lotes de 100", post("/webhooks/flood", { count: 1000, size: 100, kind: "messages" })],
  ["o que foi entregue e o que falta", `curl ${base}/webhooks/log`]
)

const clock = commands([
  "passam 25 horas: janelas fecham, novas tentativas acontecem",
  post("/clock", { advance: "25 hours" })
])

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
  <h3>O que acontece depois do envio</h3>
  <p>
    Toda mensagem aceita recebe webhooks assinados como os da Meta: enviada, entregue e lida depois de 0,3, 1 e 3
    segundos. Para estes números a história é outra; uma falha por webhook é <code>5511991</code> seguido do código:
  </p>
  <details>
    <summary>Os ${fatedRecipients.length} números cujo envio é aceito e termina de outro jeito</summary>
    <div>${told}</div>
  </details>
  <h3>Ser o cliente, e ser a Meta</h3>
  <p>
    O simulador também faz um cliente escrever e a Meta avisar. Nos comandos, <code>$SIMULADOR</code> é o endereço que
    ele mostra quando começa, como em <code>export SIMULADOR=http://localhost:8081</code>;
    <code>npm run aidesk -- simulate</code> faz o mesmo na linha de comando.
  </p>
  ${shell("O cliente", customers)} ${shell("A Meta", events)}
  <p>
    Os webhooks podem vir como na vida real: fora de ordem, repetidos, em lotes, atrasados ou antes da resposta do envio
    (<code>before_answer</code>). Cada POST é repetido até receber 200, por até sete dias.
  </p>
  ${shell("Como os webhooks chegam", behaviour)}
  <p>
    Quando tudo roda num processo só (<code>npm start</code>), o produto e o simulador têm o mesmo relógio, e ele pode
    ser adiantado.
  </p>
  ${shell("O relógio", clock)}
</section>`
