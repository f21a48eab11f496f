/**
 * Our variables: names that callers use, whatever Meta calls the places they go to.
 *
 * A variable names its place with `component` and `position`:
 *
 * | place                                    | target                                                          |
 * | ---------------------------------------- | --------------------------------------------------------------- |
 * | `{{1}}` of the body                      | `{"component": "body", "position": 1}`                          |
 * | `{{customer_name}}` of the body (NAMED)  | `{"component": "body", "position": "customer_name"}`            |
 * | `{{1}}` of a text header                 | `{"component": "header", "position": 1}` (NAMED: the name)      |
 * | link of an image, video or document      | `{"component": "header", "position": "link"}`                   |
 * | file name of a document (may be left out)| `{"component": "header", "position": "filename"}`               |
 * | a location header                        | `"position"`: `"latitude"`, `"longitude"`, `"name"`, `"address"`|
 * | end of a button's URL                    | `{"component": "button", "position": 0}`: the button's index    |
 * | coupon of a copy-code button             | `{"component": "button", "position": 1}`                        |
 * | payload of a quick reply (may be left out)| `{"component": "button", "position": 2}`                       |
 * | token of a flow button (may be left out) | `{"component": "button", "position": 0}`                        |
 * | one-time code                            | `{"component": "body", "position": 1}`: goes to its button too  |
 *
 * Buttons count from 0, in the order of the template, all kinds together. One variable may fill several
 * places: the others are listed in `also`.
 *
 * ```json
 * {
 *   "nome":  { "component": "body", "position": 1, "default": "cliente" },
 *   "cupom": { "component": "body", "position": 2, "also": [{ "component": "button", "position": 0 }] }
 * }
 * ```
 */
import { Schema } from "effect"
import { PlainText } from "../message/PlainText.ts"

export const Target = Schema.Struct({
  component: Schema.Literals(["header", "body", "button"]),
  position: Schema.Union([Schema.Int, PlainText])
})
export type Target = typeof Target.Type

export const Variable = Schema.Struct({
  ...Target.fields,
  also: Schema.optionalKey(Schema.Array(Target)),
  /** Used where a value is missing, empty or blank. */
  default: Schema.optionalKey(PlainText)
})
export type Variable = typeof Variable.Type

export const Variables = Schema.Record(Schema.String, Variable)
export type Variables = typeof Variables.Type

/** `body:1`, `header:link`, `button:0`: one string for one place. A number and its digits are the same position. */
export const addressOf = ({
  component,
  position
}: {
  readonly component: string
  readonly position: string | number
}) => `${component}:${position}`

export const addressesOf = (variable: Variable): ReadonlyArray<string> =>
  [variable, ...(variable.also ?? [])].map(addressOf)

/** A letter, then letters, digits, `_` or `-`: what can stand in `variables.nome` and be told from everything else. */
export const isName = (text: string): boolean => /^\p{L}[\p{L}\p{M}\p{N}_-]{0,63}$/u.test(text)
