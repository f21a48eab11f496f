import { assert, describe, it } from "@effect/vitest"
import { errorsPage } from "../../apps/http/docs/ErrorsPage.ts"
import { openApi } from "../../apps/http/docs/OpenApi.ts"
import { referencePage } from "../../apps/http/docs/ReferencePage.ts"
import { magicRecipients } from "../../adapters/simulator/MagicRecipients.ts"
import { entryOf, errorCodes } from "../../core/failure/Catalogue.ts"
import { knownCodes } from "../../core/failure/MetaErrorTable.ts"
import { elementsOf, faultOf, textOf } from "./WellFormed.ts"

const publicUrl = "https://api.example.com"
const reference = referencePage(openApi(publicUrl))

const pages = [
  ["/docs", reference],
  ["/docs/errors", errorsPage]
] as const

/** The commands of the published page. */
const published = [
  `curl -X POST ${publicUrl}/send-message \\
  -H "Content-Type: application/json" \\
  -H "apikey: sua_api_key_aqui" \\
  -d '{
    "number": "5511978049825",
    "template_id": 15,
    "variables": {
      "nome": "João",
      "codigo": "ABC123"
    },
    "queue_id": 5,
    "status_id": 1
  }'`,
  `curl -X POST ${publicUrl}/send-message \\
  -H "Content-Type: application/json" \\
  -H "apikey: sua_api_key_aqui" \\
  -d '{
    "number": "5511978049825",
    "campaign_id": 3,
    "variables": {
      "nomeCliente": "João",
      "codigo": "ABC123"
    },
    "queue_id": 5,
    "status_id": 1
  }'`,
  `curl -X POST ${publicUrl}/sendmessage \\
  -H "Content-Type: application/json" \\
  -H "apikey: SUA_API_KEY_AQUI" \\
  -d '{
    "contact_id": 53,
    "instance_id": 4,
    "message_content": "Olá, tudo bem?"
  }'`,
  `curl -X POST ${publicUrl}/sendmessage \\
  -H "Content-Type: application/json" \\
  -H "apikey: SUA_API_KEY_AQUI" \\
  -d '{
    "contact_id": 53,
    "instance_id": 4,
    "media_url": "https://meusite.com/arquivo.pdf",
    "media_caption": "Segue o documento solicitado."
  }'`
]

const idsOf = (page: string): ReadonlyArray<string> =>
  elementsOf(page).flatMap(({ attributes: { id } }) => (id === undefined ? [] : [id]))

const linksOf = (page: string): ReadonlyArray<string> =>
  elementsOf(page).flatMap(({ attributes: { href }, name }) => (href === undefined || name === "link" ? [] : [href]))

const needOf = (field: string) =>
  /class="(must|either|may)"/u.exec(reference.slice(reference.indexOf(`<code>${field}</code>\n`)))?.[1]

/** The fields of both bodies, as published. */
const fields =
  "number template_id campaign_id contact_name variables queue_id status_id contact_id instance_id message_content media_url media_caption"

describe.each(pages)("The page %s", (path, page) => {
  it("is in Portuguese, and every element is closed in its turn", () => {
    assert.match(page, /^<!doctype html>\n<html lang="pt-BR">/u)
    assert.strictEqual(faultOf(page), undefined)
  })

  it("loads nothing: no script, no frame, no image, no address but its own icon", () => {
    const loading = elementsOf(page).filter(
      ({ attributes, name }) =>
        ["script", "img", "iframe", "object", "embed", "base", "form"].includes(name) || attributes["src"] !== undefined
    )
    assert.deepStrictEqual(loading, [])
    const sheets = elementsOf(page).filter(({ name }) => name === "link")
    for (const { attributes } of sheets) assert.match(attributes["href"] ?? "", /^data:image\/svg\+xml,/u)
    assert.notMatch(page.slice(page.indexOf("<style>"), page.indexOf("</style>")), /url\(|@import/u)
  })

  it("has no inline style or handler, which its policy would not let through", () => {
    const inline = elementsOf(page).flatMap(({ attributes }) => Object.keys(attributes))
    assert.deepStrictEqual(
      inline.filter((name) => name === "style" || name.startsWith("on")),
      []
    )
  })

  it("gives every anchor once, and links to nothing that is missing", () => {
    const ids = idsOf(page)
    assert.strictEqual(new Set(ids).size, ids.length)
    const targets = new Map<string, ReadonlySet<string>>(
      pages.map(([other, source]) => [other, new Set(idsOf(source))])
    )
    for (const href of linksOf(page)) {
      const { hash, pathname, origin } = new URL(href, `http://localhost${path}`)
      assert.strictEqual(origin, "http://localhost", href)
      assert.include(["/docs", "/docs/errors", "/openapi.json"], pathname, href)
      if (hash !== "") assert.isTrue(targets.get(pathname)?.has(hash.slice(1)), href)
    }
  })
})

describe("The reference", () => {
  it.each(published)("has the published command, ready to paste: %#", (command) => {
    const blocks = [...reference.matchAll(/<pre[^>]*>(.*?)<\/pre>/gsu)].map(([, block = ""]) => textOf(block))
    assert.include(blocks, command)
  })

  it("tells of every field of both endpoints", () => {
    for (const field of fields.split(" ")) assert.include(reference, `<code>${field}</code>`)
  })

  it("says which fields are required, which are alternatives and which are optional", () => {
    assert.deepStrictEqual(
      ["number", "template_id", "campaign_id", "variables", "contact_id", "message_content", "media_caption"].map(
        needOf
      ),
      ["must", "either", "either", "may", "must", "either", "may"]
    )
  })

  it("leads to every failure a send can meet", () => {
    const links = new Set(linksOf(reference))
    const unlinked = errorCodes.filter((code) => !links.has(`docs/errors#${code}`))
    assert.deepStrictEqual(unlinked, ["not_found"])
  })

  it("lists every number that the simulator treats in its own way", () => {
    for (const { description, number } of magicRecipients) {
      assert.include(reference, `<code>${number}</code>`)
      assert.include(textOf(reference), description)
    }
  })

  it("shows a hostile address as text", () => {
    const hostile = `https://x.example/"><script>alert(1)</script><b title='`
    const page = referencePage(openApi(hostile))
    assert.strictEqual(faultOf(page), undefined)
    assert.isFalse(elementsOf(page).some(({ name }) => name === "script" || name === "b"))
    assert.include(textOf(page), hostile)
  })
})

describe("The catalogue of failures", () => {
  it.each(errorCodes)("explains %s at its anchor: status, message, action", (code) => {
    const { action, message, status } = entryOf(code)
    const start = errorsPage.indexOf(`<article id="${code}">`)
    assert.isAbove(start, -1)
    const article = textOf(errorsPage.slice(start, errorsPage.indexOf("</article>", start)))
    assert.include(article, message.replaceAll("`", ""))
    assert.include(article, action.replaceAll("`", ""))
    const section = errorsPage.lastIndexOf("<section ", start)
    assert.include(errorsPage.slice(section, start), `<section id="${status}">`)
  })

  it("says of each failure whether it may be repeated", () => {
    const repeatable = [...errorsPage.matchAll(/pode ser repetida/gu)].length
    assert.strictEqual(repeatable, errorCodes.filter((code) => entryOf(code).retryable).length)
  })

  it("lists every code of Meta that the product knows", () => {
    const table = errorsPage.slice(errorsPage.indexOf('<section id="meta">'))
    for (const code of knownCodes) assert.include(table, `<th scope="row">${code}</th>`)
  })
})
