/** `/docs`: the whole reference on one page, made from the OpenAPI document. */
import { example } from "../../../core/contact/PhoneNumber.ts"
import { codeLink } from "./CodeLink.ts"
import * as Code from "./Code.ts"
import { endpointSection } from "./EndpointSection.ts"
import { sampleOf, sendTemplate, sendText } from "./Examples.ts"
import { type Group, page } from "./Frame.ts"
import { type Html, html } from "./Html.ts"
import { warnings } from "./Introduction.ts"
import type { Document } from "./OpenApiDocument.ts"
import { outgoing } from "./OutgoingSection.ts"
import { lookups } from "./LookupSection.ts"
import { metaWebhook } from "./MetaWebhookSection.ts"
import { inline } from "./Prose.ts"
import * as Sending from "./SendingSections.ts"
import { simulator } from "./SimulatorSection.ts"
import { table } from "./Table.ts"

const navigation: ReadonlyArray<Group> = [
  {
    title: "Começar",
    links: [
      { href: "#inicio", label: "Início rápido" },
      { href: "#avisos", label: "Avisos importantes" },
      { href: "#autenticacao", label: "Autenticação" }
    ]
  },
  {
    title: "Enviar",
    links: [
      { href: "#template", label: "Template ou campanha" },
      { href: "#direto", label: "Texto e mídia" }
    ]
  },
  {
    title: "Como funciona",
    links: [
      { href: "#ordem", label: "Ordem das verificações" },
      { href: "#cabecalhos", label: "Cabeçalhos" },
      { href: "#repetir", label: "O que se sabe, e quando repetir" },
      { href: "#idempotencia", label: "Enviar uma vez só" },
      { href: "#janela", label: "A janela de 24 horas" },
      { href: "#numeros", label: "Números de telefone" },
      { href: "#midias", label: "Mídias" }
    ]
  },
  {
    title: "Acompanhar",
    links: [
      { href: "#consultas", label: "Consultar mensagens e contatos" },
      { href: "#webhooks", label: "Ser avisado do que acontece" }
    ]
  },
  {
    title: "Testar e operar",
    links: [
      { href: "#simulador", label: "Testar sem enviar" },
      { href: "#webhook-da-meta", label: "Webhooks da Meta" },
      { href: "#saude", label: "Saúde do servidor" }
    ]
  },
  {
    title: "Também aqui",
    links: [
      { href: "docs/errors", label: "Catálogo de falhas" },
      { href: "openapi.json", label: "OpenAPI (JSON)" }
    ]
  }
]

const start = (url: string): Html =>
  html`<section id="inicio">
    <h2>Início rápido</h2>
    <div class="pair">
      <div>
        <ol>
          <li>
            Tenha uma API key. Quem opera a plataforma cria a chave da sua instância; <code>ad_test_…</code> fala com o
            simulador e <code>ad_live_…</code> envia de verdade.
          </li>
          <li>Ponha a chave no primeiro comando e envie um template a um número.</li>
          <li>
            Guarde o <code>message_id</code> da resposta. Se algo falhar, <code>error.code</code> diz o que houve e
            <code>error.action</code> o que fazer.
          </li>
          <li>Quando o contato responder, converse com ele por <code>POST /sendmessage</code>.</li>
        </ol>
        <p class="note">URL base: <code>${url}</code></p>
      </div>
      <div class="beside">
        ${[sendTemplate, sendText].map((request) => {
          const { label, source } = sampleOf(request, url)
          return Code.shell(`${label} (clique para selecionar o comando)`, source)
        })}
      </div>
    </div>
  </section>`

const notices: Html = html`<section id="avisos">
  <h2>Avisos importantes</h2>
  <ul class="warnings">
    ${warnings.map(
      ({ text, title }) =>
        html`<li>
          <strong>${inline(title)}</strong>
          ${inline(text)}
        </li>`
    )}
  </ul>
</section>`

const authentication: Html = html`<section id="autenticacao">
  <h2>Autenticação</h2>
  <p>Toda requisição de envio leva a API key em um cabeçalho:</p>
  ${Code.plain("Cabeçalho", "apikey: sua_api_key_aqui")}
  <p>
    Cada chave é de uma instância, e uma instância pode ter várias. Sem chave a resposta é
    ${codeLink("missing_api_key", "docs/errors")}; com uma desconhecida ou revogada,
    ${codeLink("invalid_api_key", "docs/errors")}; com a de outra instância em
    <code>/sendmessage</code>, ${codeLink("instance_not_authorized", "docs/errors")}. Uma chave revogada deixa de valer
    em segundos.
  </p>
</section>`

const numbers: Html = html`<section id="numeros">
  <h2>Números de telefone</h2>
  <p>
    Código do país, DDD e número, só com dígitos e como texto: <code>"${example}"</code>. Sem <code>+</code>, espaços ou
    traços, e nunca como número JSON.
  </p>
  <ul>
    <li>
      No Brasil (55), o DDD deve existir, e depois dele vêm 9 e mais oito dígitos, ou oito dígitos que começam de 2 a 9:
      um celular sem o nono dígito ou um telefone fixo.
    </li>
    <li>Com e sem o nono dígito, um celular brasileiro é o mesmo contato.</li>
    <li>Nos outros países vale a quantidade de dígitos possível em cada um.</li>
  </ul>
</section>`

const health = (document: Document): Html =>
  html`<section id="saude">
    <h2>Saúde do servidor</h2>
    ${table(
      ["Endereço", "Para quê"],
      Object.entries(document.paths).flatMap(([path, { get }]) =>
        // Those that ask for no key are for whoever operates the server.
        get?.security?.length === 0
          ? [[html`<code>GET ${path}</code>`, `${get.summary}. ${get.description}`] as const]
          : []
      )
    )}
  </section>`

/** Made from `document`: another URL, another page. */
export const referencePage = (document: Document): string => {
  const url = document.servers[0]?.url ?? ""
  const { summary, title, version } = document.info
  return page({
    title: `${title}: referência da API`,
    description: summary,
    home: "docs",
    navigation,
    body: html`<header>
        <h1>API para desenvolvedores</h1>
        <p class="lead">Mensagens do WhatsApp Business por HTTP, com nada perdido e nada enviado duas vezes.</p>
        <ul class="facts">
          <li><span class="tag">contrato ${version}</span></li>
          <li><a href="openapi.json">OpenAPI 3.1</a></li>
          <li><a href="docs/errors">Catálogo de falhas</a></li>
        </ul>
      </header>
      ${start(url)} ${notices} ${authentication} ${endpointSection(document, "template", "/send-message")}
      ${endpointSection(document, "direto", "/sendmessage")} ${Sending.order} ${Sending.headers(document)}
      ${Sending.knowledge} ${Sending.idempotency} ${Sending.window} ${numbers} ${Sending.media} ${lookups(url)}
      ${outgoing(document)} ${simulator} ${metaWebhook(url)} ${health(document)}`
  })
}
