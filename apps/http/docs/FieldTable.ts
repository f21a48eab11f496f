/** A body's fields as a table, read from its schemas. */
import { type Html, html } from "./Html.ts"
import type { Document, Schema } from "./OpenApiDocument.ts"
import { inline } from "./Prose.ts"

const prefix = "#/components/schemas/"

/** What `schema` stands for: itself, or what it refers to. */
const resolve = (document: Document, schema: Schema): Schema =>
  schema.$ref === undefined ? schema : (document.components.schemas[schema.$ref.slice(prefix.length)] ?? {})

const typeNames: { readonly [type: string]: string } = {
  string: "texto",
  integer: "inteiro",
  number: "número",
  boolean: "verdadeiro ou falso",
  object: "objeto",
  array: "lista"
}

const typeOf = ({ type }: Schema): string =>
  [type ?? "object"]
    .flat()
    .map((name) => typeNames[name] ?? name)
    .join(" ou ")

const count = (value: number): string => value.toLocaleString("pt-BR")

const limitsOf = ({ const: only, enum: values, maxLength, minLength }: Schema): string | undefined => {
  if (only !== undefined) return `Sempre \`${String(only)}\`.`
  if (values !== undefined && values.length < 10) return `Um de ${values.map((value) => `\`${value}\``).join(", ")}.`
  if (maxLength !== undefined) return `De ${count(minLength ?? 0)} a ${count(maxLength)} caracteres.`
  return undefined
}

const describe = (schema: Schema): Html => {
  const limits = limitsOf(schema)
  if (schema.description === undefined) return inline(limits ?? "")
  const more = limits === undefined ? undefined : html`<small class="limits">${inline(limits)}</small>`
  return html`${inline(schema.description)} ${more}`
}

/** `must` in every variant of the body, `either` in some of which one is chosen, `may` in none. */
type Need = "must" | "either" | "may"

const needNames: { readonly [need in Need]: string } = {
  must: "obrigatório",
  either: "um destes, e só um",
  may: "opcional"
}

interface Field {
  readonly name: string
  readonly schema: Schema
  readonly need: Need
}

const order: ReadonlyArray<Need> = ["must", "either", "may"]

/** The fields of a body that has one of several shapes, the required first. */
const fieldsOf = (variants: ReadonlyArray<Schema>): ReadonlyArray<Field> => {
  const byName = new Map(variants.flatMap(({ properties }) => Object.entries(properties ?? {})))
  const needOf = (name: string): Need => {
    const requiring = variants.filter(({ required }) => required?.includes(name) === true).length
    if (requiring === 0) return "may"
    return requiring === variants.length ? "must" : "either"
  }
  return Array.from(byName, ([name, schema]) => ({ name, schema, need: needOf(name) })).toSorted(
    (a, b) => order.indexOf(a.need) - order.indexOf(b.need)
  )
}

const row =
  (document: Document, withNeed: boolean) =>
  ({ name, need, schema: given }: Field): Html => {
    const schema = resolve(document, given)
    return html`<tr>
      <th class="field" scope="row">
        <code>${name}</code>
        <small
          >${typeOf(schema)}${withNeed ? html` · <span class="${need}">${needNames[need]}</span>` : undefined}</small
        >
      </th>
      <td>${describe(schema)}</td>
    </tr>`
  }

const table = (rows: ReadonlyArray<Html>): Html =>
  html`<div class="scroll">
    <table class="fields">
      <thead>
        <tr>
          <th scope="col">Campo</th>
          <th scope="col">Descrição</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`

/** Of a request body: each field with whether it must be there. */
export const requestFields = (document: Document, body: Schema): Html =>
  table(fieldsOf((body.oneOf ?? [body]).map((variant) => resolve(document, variant))).map(row(document, true)))

/** Of an answer. */
export const answerFields = (document: Document, body: Schema): Html =>
  table(fieldsOf([resolve(document, body)]).map(row(document, false)))
