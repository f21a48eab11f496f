/** What the descriptions of the endpoints under `/v1` are made of. */
import { entryOf, type ErrorCode } from "../../../core/failure/Catalogue.ts"
import * as Failures from "./Failures.ts"
import { headerRefs, type Operation, type Parameter, type Response, type Schema, schemaRef } from "./OpenApiDocument.ts"

export const text = (description: string): Schema => ({ type: "string", description })
export const time = (description: string): Schema => ({ type: "string", description: `${description} (RFC 3339).` })
export const maybe = (schema: Schema): Schema => ({ ...schema, type: [String(schema.type), "null"] })

export const object = (
  properties: { readonly [name: string]: Schema },
  required = Object.keys(properties)
): Schema => ({
  type: "object",
  properties,
  required,
  additionalProperties: false
})

export const answer = (description: string, schema: string, value: object): Response => ({
  description,
  headers: headerRefs("Request-Id"),
  content: { "application/json": { schema: schemaRef(schema), examples: { exemplo: { summary: description, value } } } }
})

export const inPath = (description: string): Parameter => ({
  name: "id",
  in: "path",
  required: true,
  description,
  schema: { type: "string" }
})

export const inQuery = (name: string, description: string, schema: Schema): Parameter => ({
  name,
  in: "query",
  description,
  schema
})

/** What can go wrong anywhere. */
const always: ReadonlyArray<ErrorCode> = [
  "missing_api_key",
  "invalid_api_key",
  "internal_error",
  "database_unavailable"
]
/** By status; a status may stand for several codes. */
const failing = (publicUrl: string, ...codes: ReadonlyArray<ErrorCode>): { readonly [status: string]: Response } =>
  Object.fromEntries(
    Object.entries(Failures.problems([...always, ...codes], publicUrl)).map(([status, response]) => {
      const own = [...always, ...codes].filter((code) => String(entryOf(code).status) === status)
      return [
        status,
        { ...response, description: own.map((code) => `\`${code}\`: ${entryOf(code).message}`).join(" ") }
      ]
    })
  )

export const operation = (
  tag: string,
  publicUrl: string,
  of: Omit<Operation, "tags" | "responses">,
  success: { readonly [status: string]: Response },
  ...codes: ReadonlyArray<ErrorCode>
): Operation => ({ ...of, tags: [tag], responses: { ...success, ...failing(publicUrl, ...codes) } })
