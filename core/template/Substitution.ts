/**
 * From a template and the caller's values to what Meta is sent and what a person will read.
 *
 * Pure and total. Everything the values lack is told at once; then the first value that Meta would refuse.
 */
import { Result } from "effect"
import { failure, type Failure } from "../failure/Failure.ts"
import { isBlank } from "./Blank.ts"
import type { CompiledTemplate } from "./CompiledTemplate.ts"
import type { SendComponent } from "./SendComponent.ts"

/** A file the message will carry, to be inspected before it is sent (`MediaLink.inspect`). */
interface TemplateLink {
  /** As the caller knows it: the failure's field is `variables.<variable>`. */
  readonly variable: string
  readonly url: string
  /** What the header takes, and nothing else. */
  readonly kind: "image" | "video" | "document"
}

export interface Filled {
  /** `template.components` of the send. Empty where the template has no variable part. */
  readonly components: ReadonlyArray<SendComponent>
  /** Text header, body and footer, a blank line between them. No buttons, no links. */
  readonly text: string
  readonly links: ReadonlyArray<TemplateLink>
}

/** The names a caller gives to the template's variables. */
export type NameOf = (variable: string) => string

const asDeclared: NameOf = (variable) => variable

/**
 * Fills `template` with `values`, by the template's own names; values it has no use for are ignored. A default stands
 * in for a value that is missing, empty or blank. Failures speak of the variables by `nameOf`.
 *
 * Fails with `missing_variables` (field `variables`, all names in the message) or `invalid_variable` (field
 * `variables.<name>`, the rule in the message).
 */
export const substitute = (
  template: CompiledTemplate,
  values: Readonly<Record<string, string>>,
  nameOf: NameOf = asDeclared
): Result.Result<Filled, Failure> => {
  const given: Array<string> = []
  const missing: Array<string> = []
  for (const input of template.inputs) {
    const value = valueOf(values, input.name) ?? input.default
    if (value === undefined) missing.push(nameOf(input.name))
    else given.push(value)
  }
  if (missing.length > 0) return Result.fail(missingVariables(missing))
  for (const check of template.checks) {
    const refusal = check(given)
    if (refusal !== undefined) return Result.fail(invalidVariable(nameOf(refusal.input.name), refusal.reason))
  }
  return Result.succeed({
    components: template.components.map((fill) => fill(given)),
    text: template.text(given),
    links: template.media.map(({ kind, source }) => ({
      variable: nameOf(source.input.name),
      url: source.read(given),
      kind
    }))
  })
}

/** Own members only: a variable called `constructor` is missing until somebody gives it. */
export const valueOf = (values: Readonly<Record<string, string>>, name: string): string | undefined => {
  const value = Object.hasOwn(values, name) ? values[name] : undefined
  return value === undefined || isBlank(value) ? undefined : value
}

const missingVariables = (names: ReadonlyArray<string>): Failure =>
  failure("missing_variables", {
    field: "variables",
    message:
      names.length === 1
        ? `Falta o valor da variável ${names.join()}.`
        : `Faltam os valores das variáveis ${names.slice(0, -1).join(", ")} e ${names.at(-1) ?? ""}.`
  })

const invalidVariable = (name: string, reason: string): Failure =>
  failure("invalid_variable", { field: `variables.${name}`, message: `A variável "${name}" ${reason}.` })
