import { Ajv2020 } from "ajv/dist/2020.js"
import type { Document, Schema } from "../../apps/http/docs/OpenApiDocument.ts"

/** Whether a value fits `schema`, whose references are those of `document`; and what is wrong where it does not. */
export const validator = (document: Document, schema: Schema) => {
  const ajv = new Ajv2020({ strict: true, strictTypes: true, allowUnionTypes: true })
  ajv.addKeyword("components")
  ajv.addFormat("uri", (text: string) => URL.canParse(text))
  ajv.addFormat("uuid", /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/u)
  const validate = ajv.compile({ ...schema, components: { schemas: document.components.schemas } })
  return {
    accepts: (value: unknown): boolean => validate(value),
    faultsOf: (value: unknown): string => (validate(value) ? "" : ajv.errorsText(validate.errors))
  }
}
