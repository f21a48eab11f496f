/** The frame of every page: head, navigation, foot. */
import { type Html, html, verbatim } from "./Html.ts"
import { stylesheet } from "./Stylesheet.ts"

/** Byte for byte what the hash was made of: no blank may come between. */
const style = verbatim(`<style>${stylesheet}</style>`)

interface Link {
  readonly href: string
  readonly label: string
}

export interface Group {
  readonly title: string
  readonly links: ReadonlyArray<Link>
}

export interface Page {
  readonly title: string
  readonly description: string
  /** From this page to the reference. */
  readonly home: string
  readonly navigation: ReadonlyArray<Group>
  readonly body: Html
}

const mark = html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
  <path
    fill="currentColor"
    d="M16 3C8.3 3 2 8.6 2 15.6c0 3.6 1.7 6.8 4.4 9.1L5.3 29l5-2.1c1.8.7 3.7 1 5.7 1 7.7 0 14-5.5 14-12.4S23.7 3 16 3Z"
  />
  <circle cx="10" cy="15.6" r="2" fill="#fff" />
  <circle cx="16" cy="15.6" r="2" fill="#fff" />
  <circle cx="22" cy="15.6" r="2" fill="#fff" />
</svg>`

const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Cpath fill='%230a7350' " +
  "d='M16 3C8.3 3 2 8.6 2 15.6c0 3.6 1.7 6.8 4.4 9.1L5.3 29l5-2.1c1.8.7 3.7 1 5.7 1 7.7 0 14-5.5 14-12.4S23.7 3 16 3Z'/%3E%3C/svg%3E"

const group = ({ links, title }: Group): Html => html`
  <span class="group">${title}</span>
  <ul>
    ${links.map(({ href, label }) => html`<li><a href="${href}">${label}</a></li>`)}
  </ul>
`

/** A whole document. */
export const page = ({ body, description, home, navigation, title }: Page): string =>
  `<!doctype html>\n${html`<html lang="pt-BR">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="description" content="${description}" />
      <title>${title}</title>
      <link rel="icon" href="${icon}" />
      ${style}
    </head>
    <body>
      <div class="layout">
        <nav class="side" aria-label="Nesta documentação">
          <a class="brand" href="${home}">${mark}<span>AI Desk</span></a>
          ${navigation.map(group)}
        </nav>
        <main>
          ${body}
          <footer>
            AI Desk é software livre, sob a licença MIT. WhatsApp e Meta são marcas da Meta Platforms, Inc.
          </footer>
        </main>
      </div>
    </body>
  </html>`.toString()}\n`
