/** `/docs/errors`: every failure an answer can carry, each at an anchor of its own, and what Meta's codes become. */
import { entryOf, type ErrorCode, errorCodes } from "../../../core/failure/Catalogue.ts"
import { deadlineMillis } from "../../../core/message/Verdict.ts"
import { answerOf, statusTag } from "./CodeLink.ts"
import { byStatus, titleOf } from "./Failures.ts"
import { type Group, page } from "./Frame.ts"
import { type Html, html } from "./Html.ts"
import { type MetaCode, metaCodes } from "./MetaCodes.ts"
import { inline } from "./Prose.ts"
import { table } from "./Table.ts"

const groups = byStatus(errorCodes)

const navigation: ReadonlyArray<Group> = [
  {
    title: "Por status",
    links: groups.map(([status]) => ({ href: `#${status}`, label: `${status} · ${titleOf(status)}` }))
  },
  { title: "Da Meta", links: [{ href: "#meta", label: "Códigos da Meta" }] },
  {
    title: "Também aqui",
    links: [
      { href: "../docs", label: "Referência da API" },
      { href: "../openapi.json", label: "OpenAPI (JSON)" }
    ]
  }
]

const entry = (code: ErrorCode): Html => {
  const { action, message, retryable } = entryOf(code)
  return html`<article id="${code}">
    <h3>
      <a href="#${code}"><code>${code}</code></a>
      ${retryable ? html`<span class="tag ok">pode ser repetida</span>` : html`<span class="tag">não repita a mesma requisição</span>`}
    </h3>
    <p class="what">${inline(message)}</p>
    <p class="do">${inline(action)}</p>
  </article>`
}

const groupOf = ([status, codes]: readonly [number, ReadonlyArray<ErrorCode>]): Html =>
  html`<section id="${status}">
    <h2>${statusTag(status)} ${titleOf(status)}</h2>
    ${codes.map(entry)}
  </section>`

const waitOf = (seconds: number): string => {
  const [value, unit] = seconds >= 3600 ? [seconds / 3600, "hora"] : [seconds / 60, "minuto"]
  return `${value} ${unit}${value === 1 ? "" : "s"}`
}

const noteOf = ({ answer, repeatedByUs, retryAfter }: MetaCode): string => {
  if (answer === "outcome_unknown") return "não repita: a própria Meta não sabe se enviou"
  if (repeatedByUs) return `repetimos por até ${deadlineMillis / 1000} segundos antes`
  return retryAfter === undefined ? "" : `repita depois de ${waitOf(retryAfter)}`
}

const meta: Html = html`<section id="meta">
  <h2>Códigos da Meta</h2>
  <p>
    Quando a Meta recusa, o erro dela vem inteiro em <code>meta</code>. O código decide a nossa resposta; as palavras
    são para pessoas. Com qualquer código que não está aqui, a resposta é ${answerOf("meta_unrecognized", "")}.
  </p>
  ${table(
    ["Código", "Significado", "Resposta", "Antes ou depois"],
    metaCodes.map((row) => [row.code, row.meaning, answerOf(row.answer, ""), noteOf(row)])
  )}
</section>`

export const errorsPage: string = page({
  title: "AI Desk: catálogo de falhas",
  description: "Todos os códigos de falha da API, o que significam e o que fazer",
  home: "../docs",
  navigation,
  body: html`<header>
      <h1>Catálogo de falhas</h1>
      <p class="lead">
        Toda falha traz um destes códigos em <code>error.code</code>, estável, e uma frase em português em
        <code>error.message</code>, que pode mudar.
      </p>
      <p>Para programas: este endereço com <code>Accept: application/json</code>.</p>
    </header>
    ${groups.map(groupOf)} ${meta}`
})
