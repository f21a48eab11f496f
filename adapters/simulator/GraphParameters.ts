import type { SchemaIssue } from "effect"
import { Match, Result, Schema, SchemaParser } from "effect"
import { graphError } from "./GraphError.ts"
import type { GraphError } from "./GraphError.ts"

type Path = ReadonlyArray<PropertyKey>

/**
 * A schema problem told as the Graph API tells it: 131008 for what is missing, 100 for what is unexpected or wrong, with
 * the parameter in Meta's spelling (`text['body']`).
 */
interface Problem {
  readonly path: Path
  readonly kind: "missing" | "unexpected" | "invalid"
  readonly text: string
}

const annotated = (annotations: Schema.Annotations.Annotations | undefined): string | undefined => {
  const text = annotations?.["message"] ?? annotations?.["expected"]
  return typeof text === "string" ? text : undefined
}

const invalid = (path: Path, text: string): Problem => ({ path, kind: "invalid", text })

/** The first problem only, as Meta reports one at a time. */
const firstProblem = (issue: SchemaIssue.Issue, path: Path): Problem =>
  Match.valueTags(issue, {
    Pointer: (at) => firstProblem(at.issue, [...path, ...at.path]),
    Composite: ({ issues }) => firstProblem(issues[0], path),
    Encoding: (encoding) => firstProblem(encoding.issue, path),
    Filter: (check) => {
      const inner = firstProblem(check.issue, path)
      return { ...inner, text: annotated(check.filter.annotations) ?? inner.text }
    },
    AnyOf: ({ ast, issues: [only] }) =>
      only === undefined
        ? invalid(path, annotated(ast.annotations) ?? "is not one of the allowed values.")
        : firstProblem(only, path),
    MissingKey: (): Problem => ({ path, kind: "missing", text: "is missing." }),
    UnexpectedKey: (): Problem => ({ path, kind: "unexpected", text: "is unexpected." }),
    InvalidType: ({ ast }) => invalid(path, annotated(ast.annotations) ?? "has the wrong type."),
    InvalidValue: ({ annotations }) => invalid(path, annotated(annotations) ?? "is not valid."),
    Forbidden: ({ annotations }) => invalid(path, annotated(annotations) ?? "is not allowed."),
    OneOf: () => invalid(path, "is ambiguous.")
  })

const spelled = (path: Path): string =>
  path
    .map((key, depth) => (depth === 0 ? String(key) : typeof key === "number" ? `[${key}]` : `['${String(key)}']`))
    .join("")

const refusal = ({ kind, path, text }: Problem): GraphError => {
  if (kind === "missing") return graphError(131008, { details: `The parameter ${spelled(path)} is required.` })
  const details =
    kind === "unexpected"
      ? `Unexpected key "${String(path.at(-1))}" on param "${spelled(path.slice(0, -1))}".`
      : `Param ${spelled(path)} ${text}`
  return graphError(100, { details })
}

/**
 * A decoder whose refusal is Meta's. `root` is the parameter that the decoded value is the value of, if it is one.
 * Keys that the schema does not know are refused with `"strict"`, ignored otherwise.
 */
export const parameters = <S extends Schema.ConstraintDecoder<unknown>>(
  schema: S,
  options: { readonly root?: string; readonly unknownKeys: "refused" | "ignored" }
): ((input: unknown) => Result.Result<S["Type"], GraphError>) => {
  const root = options.root === undefined ? [] : [options.root]
  const decode = SchemaParser.decodeUnknownResult(
    schema,
    options.unknownKeys === "refused" ? { onExcessProperty: "error" } : undefined
  )
  return (input) => Result.mapError(decode(input), (issue) => refusal(firstProblem(issue, root)))
}

/** A string of so many characters (UTF-16 code units). */
export const text = (longest: number, shortest = 1) =>
  Schema.String.annotate({ message: "must be a string." }).check(
    Schema.isMinLength(shortest, { message: `must be at least ${shortest} characters long.` }),
    Schema.isMaxLength(longest, { message: `must be at most ${longest} characters long.` })
  )

/** An absolute http or https address. */
export const link = Schema.String.check(
  Schema.makeFilter((value: string) => /^https?:$/u.test(URL.parse(value)?.protocol ?? ""), {
    message: "is not a valid URI."
  })
)
