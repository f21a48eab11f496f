/** For integrators: how their system is told of what happens, and how it checks that it was us. */
import { eventTypes } from "../../../core/event/Event.ts"
import { mostEndpoints } from "../../../core/webhook/WebhookEndpoint.ts"
import { codeLink } from "./CodeLink.ts"
import * as Code from "./Code.ts"
import { answerFields } from "./FieldTable.ts"
import { events, exampleOf } from "./HookEvents.ts"
import { type Html, html } from "./Html.ts"
import { type Document, schemaRef } from "./OpenApiDocument.ts"
import { inline } from "./Prose.ts"
import { table } from "./Table.ts"

const errors = "docs/errors"

const call = (url: string, method: string, path: string, body?: object): string =>
  [
    `curl -X ${method} ${url}/v1/webhook-endpoints${path}`,
    `-H "apikey: sua_api_key_aqui"`,
    ...(body === undefined ? [] : [`-H "Content-Type: application/json"`, `-d '${JSON.stringify(body)}'`])
  ].join(" \\\n  ")

const verification = `import { Webhook } from "standardwebhooks"

// corpo: o texto recebido, antes de qualquer JSON.parse
const evento = new Webhook(process.env.WEBHOOK_SECRET).verify(corpo, cabecalhos)`

const rows = eventTypes.map((type) => {
  const { note, summary } = events[type]
  return [html`<code>${type}</code>`, inline(note === undefined ? summary : `${summary} ${note}`)] as const
})

export const outgoing = (document: Document): Html => {
  const url = document.servers[0]?.url ?? ""
  return html`<section id="webhooks">
    <h2>Ser avisado do que acontece</h2>
    <p class="path"><span class="method">POST</span> <code>${url}/v1/webhook-endpoints</code></p>
    <div class="pair">
      <div>
        <p>
          Cadastre um endereço seu e receba cada evento por <code>POST</code>, assinado pelo padrão aberto
          <strong>Standard Webhooks</strong>. O cadastro responde com o segredo, que só aparece dessa vez.
        </p>
        <h3>Conferir a assinatura</h3>
        <p>
          Use a biblioteca <code>standardwebhooks</code> da sua linguagem com o segredo <code>whsec_…</code>. À mão:
          <code>webhook-signature</code> traz <code>v1,</code> e o HMAC-SHA256 em base64 de
          <code>webhook-id.webhook-timestamp.corpo</code>, com a chave que vem em base64 depois de <code>whsec_</code>.
          Na troca de segredo vêm duas assinaturas, e basta que uma confira.
        </p>
        <h3>Responder</h3>
        <ul>
          <li>Só um status de 200 a 299 conta como recebido, em até 15 segundos. Guarde o evento e responda logo.</li>
          <li>
            O resto é tentado de novo depois de 5 s, 5 min, 30 min, 2 h, 5 h, 10 h e 10 h, um pouco mais ou um pouco
            menos. Redirecionamentos não são seguidos.
          </li>
          <li>
            <code>429</code>, <code>502</code>, <code>503</code> e <code>504</code> seguram tudo o que vai a esse
            endereço; <code>Retry-After</code> diz por quanto tempo, até um dia.
          </li>
          <li>
            <code>410</code> desliga o endereço na hora, e cinco dias só de falhas também. Religado, ele recebe o que
            houve nesse tempo, até 30 dias.
          </li>
          <li>
            Um evento pode chegar mais de uma vez, sempre com o mesmo <code>id</code>, e fora de ordem: guarde os
            <code>id</code> que já tratou.
          </li>
          <li>Um endereço lento ou fora do ar não atrasa os outros.</li>
        </ul>
        <h3>O que chega</h3>
        ${answerFields(document, schemaRef("Event"))}
      </div>
      <div class="beside">
        ${Code.shell(
          "Cadastrar (cURL)",
          call(url, "POST", "", {
            url: "https://loja.example.com/webhooks",
            event_types: ["message.received", "message.failed"]
          })
        )}
        ${Code.json("Um evento", exampleOf("message.delivered"))} ${Code.plain("Conferir, em JavaScript", verification)}
        ${Code.shell("Testar, e ver o resultado", call(url, "POST", "/we_…/test"))}
        ${Code.shell("O que foi enviado, e o que houve", call(url, "GET", "/we_…/deliveries?state=exhausted"))}
        ${Code.shell(
          "Enviar de novo tudo o que se esgotou",
          call(url, "POST", "/we_…/replay", { failed_since: "2026-03-01T00:00:00-03:00" })
        )}
        ${Code.shell("Trocar o segredo", call(url, "POST", "/we_…/rotate-secret", { previous_valid_hours: 24 }))}
      </div>
    </div>
    <h3>Os eventos</h3>
    ${table(["Tipo", "Quando"], rows)}
    <ul>
      <li>
        Endereços que não são públicos são recusados com ${codeLink("webhook_url_not_allowed", errors)}. Quem opera a
        plataforma libera redes internas em <code>AIDESK_WEBHOOK_ALLOW_CIDRS</code>; o que elas respondem não é
        guardado. Rodando tudo em um processo só, o próprio computador já está liberado.
      </li>
      <li>
        Uma instância tem no máximo ${mostEndpoints} endpoints; o seguinte é recusado com
        ${codeLink("too_many_webhook_endpoints", errors)}. O que não é dela responde
        ${codeLink("webhook_endpoint_not_found", errors)}, ${codeLink("delivery_not_found", errors)} ou
        ${codeLink("event_not_found", errors)}.
      </li>
      <li>
        O corpo de uma entrega é guardado até ela ser recebida. O registro das tentativas fica 7 dias nas recebidas e 30
        nas esgotadas.
      </li>
    </ul>
  </section>`
}
