/** Meta's OpenAPI description of a message, where it lies beside this clone, as a validator. */
import { Ajv2020 } from "ajv/dist/2020.js"
import { Schema } from "effect"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { parse } from "yaml"
import type { Correction } from "./openApiCorrections.ts"

/** Beside the repository: the description is Meta's and is not part of it. */
const folder = new URL("../../../shared/reference/graph-openapi/", import.meta.url)

const Description = Schema.Struct({
  components: Schema.Struct({ schemas: Schema.Record(Schema.String, Schema.Json) })
})

type Schemas = (typeof Description.Type)["components"]["schemas"]

/** The schemas of the description, or nothing in a clone that stands alone. */
export const read = (): Schemas | undefined => {
  const file = existsSync(folder) ? readdirSync(folder).find((name) => name.endsWith(".yaml")) : undefined
  if (file === undefined) return undefined
  return Schema.decodeUnknownSync(Description)(parse(readFileSync(new URL(file, folder), "utf8"))).components.schemas
}

const isArray = (json: Schema.Json | undefined): json is Schema.JsonArray => Array.isArray(json)

/** `json` with `value` at `path`, or without what is there; objects on the way are made where they are missing. */
export const put = (
  json: Schema.Json | undefined,
  path: ReadonlyArray<string>,
  value: Schema.Json | undefined
): Schema.Json => {
  const [key = "", ...deeper] = path
  const inside = (old: Schema.Json | undefined) => (deeper.length > 0 ? put(old, deeper, value) : value)
  if (isArray(json)) return json.map((item, index) => (String(index) === key ? (inside(item) ?? null) : item))
  const object = new Map(Object.entries(typeof json === "object" && json !== null ? json : {}))
  const now = inside(object.get(key))
  if (now === undefined) object.delete(key)
  else object.set(key, now)
  return Object.fromEntries(object)
}

const corrected = (schemas: Schemas, corrections: ReadonlyArray<Correction>): Schema.Json =>
  corrections
    .flatMap(({ changes }) => changes)
    .reduce((current: Schema.Json, [at, value]) => put(current, at.split("/"), value), schemas)

/** Whether a body is a message by the description with `corrections` applied. */
export const validator = (
  schemas: Schemas,
  corrections: ReadonlyArray<Correction>
): ((body: Schema.Json) => boolean) => {
  const ajv = new Ajv2020({
    // OpenAPI's own keywords (`discriminator`, `example`) are no fault of a schema.
    strict: false,
    logger: false,
    formats: { url: (text: string) => URL.canParse(text), uri: true, email: true, date: true }
  })
  return ajv.compile({
    components: { schemas: corrected(schemas, corrections) },
    $ref: "#/components/schemas/Message"
  })
}
