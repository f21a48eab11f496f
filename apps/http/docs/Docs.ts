/**
 * The documentation, served: `/openapi.json`, `/docs` and `/docs/errors`. All of it is made once, when
 * the layer is built, for the `PublicUrl` of that moment.
 */
import { Effect, Layer } from "effect"
import { HttpRouter, type HttpServerRequest, HttpServerResponse } from "effect/http"
import { PublicUrl } from "../PublicUrl.ts"
import { catalogueJson } from "./CatalogueJson.ts"
import { errorsPage } from "./ErrorsPage.ts"
import { prefersJson } from "./Negotiation.ts"
import { openApi } from "./OpenApi.ts"
import { referencePage } from "./ReferencePage.ts"
import { stylesheetHash } from "./Stylesheet.ts"

/** The pages load nothing and run nothing: one style by its hash, one icon that is part of the page. */
const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src '${stylesheetHash}'`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'"
].join("; ")

/** The documents change with the program only; an upgrade is seen within minutes. */
const common = { "cache-control": "public, max-age=300", "x-content-type-options": "nosniff" }

const page = (text: string, headers: Readonly<Record<string, string>> = {}) =>
  HttpServerResponse.text(text, {
    contentType: "text/html; charset=utf-8",
    headers: {
      ...common,
      "content-security-policy": contentSecurityPolicy,
      "referrer-policy": "no-referrer",
      ...headers
    }
  })

const json = (body: object, headers: Readonly<Record<string, string>> = {}) =>
  HttpServerResponse.text(JSON.stringify(body, undefined, 2), {
    contentType: "application/json",
    headers: { ...common, ...headers }
  })

const vary = { vary: "Accept" }

const routesFor = (publicUrl: string) => {
  const document = openApi(publicUrl)
  const errorsForPeople = page(errorsPage, vary)
  const errorsForPrograms = json(catalogueJson(publicUrl), vary)
  return Layer.mergeAll(
    HttpRouter.add("GET", "/openapi.json", json(document)),
    HttpRouter.add("GET", "/docs", page(referencePage(document))),
    HttpRouter.add("GET", "/docs/errors", (request: HttpServerRequest.HttpServerRequest) =>
      Effect.succeed(prefersJson(request.headers["accept"]) ? errorsForPrograms : errorsForPeople)
    )
  )
}

export const layer = Layer.unwrap(Effect.map(PublicUrl, routesFor))
