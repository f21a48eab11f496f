import { entryOf, type ErrorCode } from "../../../core/failure/Catalogue.ts"
import { type Html, html } from "./Html.ts"

/** A failure's code that leads to its entry on `page`, the errors page as seen from where the link stands. */
export const codeLink = (code: ErrorCode, page: string): Html =>
  html`<a href="${page}#${code}"><code>${code}</code></a>`

const toneOf = (status: number): string => {
  if (status < 300) return "ok"
  return status < 500 ? "warn" : "bad"
}

export const statusTag = (status: number): Html => html`<span class="tag ${toneOf(status)}">${status}</span>`

/** The status and the code of a failure, as an answer shows them. */
export const answerOf = (code: ErrorCode, page: string): Html =>
  html`${statusTag(entryOf(code).status)} ${codeLink(code, page)}`
