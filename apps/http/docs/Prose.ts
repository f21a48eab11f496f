/** The little of CommonMark that our own sentences use: `code`, **strong**, paragraphs. */
import { type Content, type Html, html } from "./Html.ts"

const piece = (text: string): Content => {
  if (text.length > 2 && text.startsWith("`")) return html`<code>${text.slice(1, -1)}</code>`
  return text.length > 4 && text.startsWith("**") ? html`<strong>${text.slice(2, -2)}</strong>` : text
}

/** One line of text. */
export const inline = (text: string): Html => html`${text.split(/(`[^`]+`|\*\*[^*]+\*\*)/u).map(piece)}`

/** Text whose paragraphs are parted by blank lines. */
export const paragraphs = (text: string): Html =>
  html`${text.split("\n\n").map((paragraph) => html`<p>${inline(paragraph)}</p>`)}`
