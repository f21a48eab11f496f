/** One sending endpoint, whole: what it takes, what it answers, commands to paste. */
import { errorCodes } from "../../../core/failure/Catalogue.ts"
import { codeLink, statusTag } from "./CodeLink.ts"
import * as Code from "./Code.ts"
import { titleOf } from "./Failures.ts"
import { answerFields, requestFields } from "./FieldTable.ts"
import { type Html, html } from "./Html.ts"
import type { Document, MediaType, Operation } from "./OpenApiDocument.ts"
import { paragraphs } from "./Prose.ts"
import { table } from "./Table.ts"

const examplesOf = ({ examples }: MediaType): ReadonlyArray<Html> =>
  Object.values(examples ?? {}).map(({ summary, value }) => Code.json(summary, value))

const jsonOf = (operation: Operation, status: string): MediaType | undefined =>
  operation.responses[status]?.content?.["application/json"]

const failureRows = (operation: Operation) =>
  Object.keys(operation.responses)
    .filter((status) => status !== "200")
    .map((status) => {
      const examples = jsonOf(operation, status)?.examples ?? {}
      const codes = errorCodes.filter((code) => Object.hasOwn(examples, code))
      const links = html`<div class="codes">${codes.map((code) => codeLink(code, "docs/errors"))}</div>`
      return [statusTag(Number(status)), titleOf(Number(status)), links] as const
    })

/** The one that teaches most: what Meta said comes with it. */
const failureExample = (operation: Operation): Html | undefined => {
  const example = jsonOf(operation, "400")?.examples?.["meta_rejected"]
  return example === undefined ? undefined : Code.json("Uma falha: a Meta recusou (400)", example.value)
}

export const endpointSection = (document: Document, id: string, path: string): Html | undefined => {
  const operation = document.paths[path]?.post
  const body = operation?.requestBody?.content["application/json"]
  if (operation === undefined || body === undefined) return undefined
  const success = jsonOf(operation, "200")
  return html`<section id="${id}">
    <h2>${operation.summary}</h2>
    <p class="path"><span class="method">POST</span> <code>${document.servers[0]?.url}${path}</code></p>
    <div class="pair">
      <div>
        ${paragraphs(operation.description)}
        <h3>Campos da requisição</h3>
        ${requestFields(document, body.schema)}
        ${
          success === undefined
            ? undefined
            : html`<h3>Resposta de sucesso</h3>
                ${answerFields(document, success.schema)}`
        }
      </div>
      <div class="beside">
        ${(operation["x-codeSamples"] ?? []).map(({ label, source }) => Code.shell(`${label} (cURL)`, source))}
        ${success === undefined ? undefined : examplesOf(success)} ${failureExample(operation)}
      </div>
    </div>
    <h3>Falhas possíveis</h3>
    ${table(["Status", "Significado", "Códigos"], failureRows(operation))}
  </section>`
}
