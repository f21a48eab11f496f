/** The part of OpenAPI 3.1 that our document uses, as the pages read it. Source: OpenAPI Specification 3.1. */

export interface Reference {
  readonly $ref: string
}

/** JSON Schema 2020-12. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string | ReadonlyArray<string>
  readonly title?: string
  readonly description?: string
  readonly properties?: { readonly [name: string]: Schema }
  readonly required?: ReadonlyArray<string>
  readonly additionalProperties?: boolean | Schema
  readonly propertyNames?: Schema
  readonly items?: Schema
  readonly oneOf?: ReadonlyArray<Schema>
  readonly enum?: ReadonlyArray<string>
  readonly const?: string | boolean
  readonly pattern?: string
  readonly format?: string
  /** In code points, as JSON Schema counts. */
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
}

export interface Example {
  readonly summary: string
  readonly value: object
}

export interface MediaType {
  readonly schema: Schema
  readonly examples?: { readonly [name: string]: Example }
}

export interface Header {
  readonly description: string
  readonly required?: boolean
  readonly schema: Schema
}

export interface Parameter extends Header {
  readonly name: string
  readonly in: "header" | "path" | "query"
  readonly example?: string
}

export interface Response {
  readonly description: string
  readonly headers?: { readonly [name: string]: Reference }
  readonly content?: { readonly [type: string]: MediaType }
}

/** A command to paste. Not of the specification, but what its readers agreed on. */
export interface CodeSample {
  readonly lang: string
  readonly label: string
  readonly source: string
}

export interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly description: string
  readonly tags: ReadonlyArray<string>
  readonly security?: ReadonlyArray<{ readonly [scheme: string]: ReadonlyArray<string> }>
  readonly parameters?: ReadonlyArray<Reference | Parameter>
  readonly requestBody?: { readonly required: boolean; readonly content: { readonly "application/json": MediaType } }
  readonly responses: { readonly [status: string]: Response }
  readonly "x-codeSamples"?: ReadonlyArray<CodeSample>
}

export interface PathItem {
  readonly get?: Operation
  readonly post?: Operation
  readonly patch?: Operation
  readonly delete?: Operation
}

export interface Document {
  readonly openapi: "3.1.0"
  readonly info: {
    readonly title: string
    readonly version: string
    readonly summary: string
    readonly description: string
    readonly license: { readonly name: string; readonly identifier: string }
  }
  readonly servers: ReadonlyArray<{ readonly url: string; readonly description: string }>
  readonly externalDocs: { readonly url: string; readonly description: string }
  readonly security: ReadonlyArray<{ readonly [scheme: string]: ReadonlyArray<string> }>
  readonly tags: ReadonlyArray<{ readonly name: string; readonly description: string }>
  readonly paths: { readonly [path: string]: PathItem }
  /** What we call, by the type of the event. */
  readonly webhooks?: { readonly [type: string]: PathItem }
  readonly components: {
    readonly securitySchemes: {
      readonly [name: string]: {
        readonly type: "apiKey"
        readonly in: "header" | "path" | "query"
        readonly name: string
        readonly description: string
      }
    }
    readonly schemas: { readonly [name: string]: Schema }
    readonly headers: { readonly [name: string]: Header }
    readonly parameters: { readonly [name: string]: Parameter }
    readonly responses: { readonly [name: string]: Response }
  }
}

export const schemaRef = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })

export const headerRefs = (...names: ReadonlyArray<string>): { readonly [name: string]: Reference } =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
