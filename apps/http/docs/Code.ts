/** Blocks of code: JSON with its parts told apart, and commands to paste. */
import { type Content, type Html, html } from "./Html.ts"

const token = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null|-?\d[\d.eE+-]*)\b/gu

const coloured = (source: string): ReadonlyArray<Content> => {
  const parts: Array<Content> = []
  let end = 0
  for (const { 0: whole, 1: text, 2: colon, 3: scalar, index } of source.matchAll(token)) {
    parts.push(source.slice(end, index))
    if (scalar !== undefined) parts.push(html`<span class="n">${scalar}</span>`)
    else parts.push(html`<span class="${colon === undefined ? "s" : "k"}">${text}</span>`, colon)
    end = index + whole.length
  }
  return [...parts, source.slice(end)]
}

const figure = (label: string, kind: string, content: Content): Html =>
  html`<figure class="code ${kind}">
    <figcaption>${label}</figcaption>
    <pre tabindex="0"><code>${content}</code></pre>
  </figure>`

export const json = (label: string, value: object): Html =>
  figure(label, "json", coloured(JSON.stringify(value, undefined, 2)))

/** One click selects all of it. */
export const shell = (label: string, source: string): Html => figure(label, "shell", source)

export const plain = (label: string, source: string): Html => figure(label, "plain", source)
