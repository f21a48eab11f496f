import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { openApi } from "../../apps/http/docs/OpenApi.ts"
import type { MediaType, Operation, Response } from "../../apps/http/docs/OpenApiDocument.ts"
import { entryOf, errorCodes } from "../../core/failure/Catalogue.ts"
import { Code } from "../../core/failure/Failure.ts"
import { MetaError } from "../../core/failure/MetaError.ts"
import { validator } from "./JsonSchema.ts"

const publicUrl = "https://api.example.com"
const document = openApi(publicUrl)

const operations: ReadonlyArray<readonly [string, Operation]> = Object.entries(document.paths).flatMap(
  ([path, { delete: remove, get, patch, post }]) =>
    [get, post, patch, remove].flatMap((operation) => (operation === undefined ? [] : [[path, operation] as const]))
)

const operationAt = (path: string): Operation =>
  document.paths[path]?.post ?? assert.fail(`there is no POST ${path} in the document`)

const failuresOf = (responses: { readonly [status: string]: Response }) =>
  Object.entries(responses).flatMap(([status, response]) =>
    Object.values(response.content ?? {}).flatMap(({ examples = {}, schema }) =>
      Object.entries(examples).map(([code, { value }]) => ({ status, response, schema, code, value }))
    )
  )

const failuresAt = (path: string) => failuresOf(operationAt(path).responses).filter(({ status }) => status !== "200")

const sendingFailures = ["/send-message", "/sendmessage"].flatMap(failuresAt)

const isFailure = ({ status }: { readonly status: string }): boolean => /^[45]/u.test(status)

const problems = [
  ...failuresOf(document.components.responses),
  ...operations
    .filter(([path]) => path.startsWith("/v1/") || path.startsWith("/webhooks/"))
    .flatMap(([, { responses }]) => failuresOf(responses).filter(isFailure))
]

const mediaTypes: ReadonlyArray<readonly [string, MediaType]> = [
  ...operations.flatMap(([path, { requestBody, responses }]) => [
    ...(requestBody === undefined ? [] : [[`${path} request`, requestBody.content["application/json"]] as const]),
    ...Object.entries(responses).flatMap(([status, { content = {} }]) =>
      Object.entries(content).map(([type, media]) => [`${path} ${status} ${type}`, media] as const)
    )
  ]),
  ...Object.entries(document.components.responses).flatMap(([name, { content = {} }]) =>
    Object.values(content).map((media) => [name, media] as const)
  )
]

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null

const referencesIn = (value: unknown): ReadonlyArray<string> =>
  isObject(value)
    ? Object.entries(value).flatMap(([key, inner]) =>
        key === "$ref" && typeof inner === "string" ? [inner] : referencesIn(inner)
      )
    : []

const at = (path: string): unknown =>
  path
    .slice(2)
    .split("/")
    .reduce((value: unknown, key) => (isObject(value) ? value[key] : undefined), document)

/** What the failure says of itself, whichever form it has. */
const readDetails = Schema.decodeUnknownSync(
  Schema.Struct({
    code: Code,
    retryable: Schema.Boolean,
    retry_after: Schema.optionalKey(Schema.Int),
    meta: Schema.optionalKey(MetaError),
    message_ref: Schema.optionalKey(Schema.String),
    doc_url: Schema.String
  })
)
const detailsOf = (value: object) => readDetails("error" in value ? value.error : value)

describe("The OpenAPI document", () => {
  it("is OpenAPI 3.1 about this server", () => {
    assert.match(document.openapi, /^3\.1\.\d$/u)
    assert.deepStrictEqual(
      document.servers.map(({ url }) => url),
      [publicUrl]
    )
  })

  it("refers to nothing that is not there, and holds no schema that nobody uses", () => {
    const references = referencesIn(document)
    assert.isAbove(references.length, 50)
    for (const reference of references) assert.isDefined(at(reference), reference)
    const unused = Object.keys(document.components.schemas).filter(
      (name) => !references.includes(`#/components/schemas/${name}`)
    )
    assert.deepStrictEqual(unused, [])
  })

  it("gives every operation an id of its own, a known tag and a description for every answer", () => {
    const ids = operations.map(([, { operationId }]) => operationId)
    assert.strictEqual(new Set(ids).size, ids.length)
    const tags = new Set(document.tags.map(({ name }) => name))
    for (const [path, operation] of operations) {
      assert.isTrue(
        operation.tags.every((tag) => tags.has(tag)),
        path
      )
      for (const response of Object.values(operation.responses)) assert.isNotEmpty(response.description)
    }
  })

  it("asks for the apikey header where a message is sent and under /v1, and only there", () => {
    assert.deepInclude(document.components.securitySchemes["apikey"], { type: "apiKey", in: "header", name: "apikey" })
    for (const [path, { security = document.security, tags }] of operations) {
      const asks = tags.includes("Envio") || path.startsWith("/v1/")
      assert.deepStrictEqual(security, asks ? [{ apikey: [] }] : [], path)
    }
  })

  it.each(mediaTypes)("every example of %s fits its schema", (_, { examples = {}, schema }) => {
    const { faultsOf } = validator(document, schema)
    for (const [name, { value }] of Object.entries(examples)) assert.strictEqual(faultsOf(value), "", name)
  })

  it("describes every member that a failure has", () => {
    const { ErrorDetails, Problem, SendDirectFailure, SendMessageFailure } = document.components.schemas
    const described = new Set(
      [ErrorDetails, Problem, SendDirectFailure, SendMessageFailure].flatMap((schema) =>
        Object.keys(schema?.properties ?? {})
      )
    )
    for (const { value } of [...sendingFailures, ...problems]) {
      const members = [
        ...Object.keys(value),
        ...("error" in value && isObject(value.error) ? Object.keys(value.error) : [])
      ]
      for (const member of members) assert.isTrue(described.has(member), member)
    }
  })

  it("shows a failure for each code of the catalogue, and none besides", () => {
    const shown = new Set([...sendingFailures, ...problems].map(({ code }) => code))
    assert.deepStrictEqual([...shown].toSorted(), [...errorCodes].toSorted())
  })

  it("shows at each endpoint only what can happen there", () => {
    const template = new Set(failuresAt("/send-message").map(({ code }) => code))
    const direct = new Set(failuresAt("/sendmessage").map(({ code }) => code))
    assert.sameMembers(
      [...template].filter((code) => !direct.has(code)),
      [
        "invalid_number",
        "template_not_found",
        "template_not_approved",
        "campaign_not_found",
        "campaign_not_active",
        "queue_not_found",
        "status_not_found",
        "contact_opted_out",
        "missing_variables",
        "invalid_variable"
      ]
    )
    assert.sameMembers(
      [...direct].filter((code) => !template.has(code)),
      ["instance_not_authorized", "contact_not_found", "contact_without_number", "window_closed", "caption_not_allowed"]
    )
  })

  it("shows each failure under its own status and code, linked to its explanation", () => {
    for (const { code, status, value } of sendingFailures) {
      const details = detailsOf(value)
      assert.strictEqual(details.code, code)
      assert.strictEqual(String(entryOf(details.code).status), status)
      assert.strictEqual(details.retryable, entryOf(details.code).retryable)
      assert.strictEqual(details.doc_url, `${publicUrl}/docs/errors#${code}`)
    }
  })

  it("shows Meta's own error where Meta refused", () => {
    for (const { code, value } of sendingFailures) {
      const refused = code.startsWith("meta_") && code !== "meta_unavailable"
      assert.strictEqual(detailsOf(value).meta !== undefined, refused, code)
    }
  })

  it("announces the headers that the failures of a status need", () => {
    for (const { code, response, value } of sendingFailures) {
      const headers = Object.keys(response.headers ?? {})
      const { message_ref, retry_after } = detailsOf(value)
      assert.include(headers, "Request-Id")
      if (message_ref !== undefined) assert.includeMembers(headers, ["Message-Id", "Contact-Id"], code)
      if (retry_after !== undefined) assert.include(headers, "Retry-After", code)
      if (code === "outcome_unknown") assert.include(headers, "Idempotent-Replayed")
      if (code === "method_not_allowed") assert.include(headers, "Allow")
    }
  })

  it("has a title for every status", () => {
    for (const { response } of sendingFailures) assert.notMatch(response.description, /^Falha \d/u)
  })

  it("answers with exactly the published successes", () => {
    const successes = ["/send-message", "/sendmessage"].flatMap((path) =>
      Object.values(operationAt(path).responses["200"]?.content?.["application/json"]?.examples ?? {})
    )
    assert.deepStrictEqual(
      successes.map(({ value }) => value),
      [
        { success: true, message_id: "wamid.HBgLNTExOTc4MDQ5ODI1FQIAERgSMTIzNDU2Nzg5MDEyMzQ1Njc4" },
        {
          status: "success",
          message: "Mensagem enviada com sucesso",
          whatsapp_message_id: "wamid.XXXX...",
          media_type: "text",
          media_file_id: "",
          source: "api"
        },
        {
          status: "success",
          message: "Mensagem enviada com sucesso",
          whatsapp_message_id: "wamid.XXXX...",
          media_type: "document",
          media_file_id: "",
          source: "api"
        }
      ]
    )
  })

  it.prop(
    "describes every error that Meta's part of a failure can hold",
    [MetaError],
    ([meta]) => {
      const { MetaError: schema } = document.components.schemas
      const json = Schema.encodeSync(MetaError)(meta)
      const { accepts } = metaValidator
      return accepts(json) && Object.keys(json).every((member) => schema?.properties?.[member] !== undefined)
    },
    { arbitrary: { runs: 100 } }
  )
})

const metaValidator = validator(document, { $ref: "#/components/schemas/MetaError" })
