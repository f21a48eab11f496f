import { Match, Result, Schema, type SchemaAST, SchemaIssue } from "effect"

/** What an operator gave cannot be used: everything that is wrong with it, in Portuguese, each with its place. */
export class InvalidDefinition extends Schema.TaggedError<InvalidDefinition>()("InvalidDefinition", {
  /** `variables.nome: …`, `components[2].buttons[0].url: …` */
  problems: Schema.NonEmptyArray(Schema.String)
}) {
  override get message(): string {
    return this.problems.join("\n")
  }
}

/** Notes that the member at `path` has a problem. */
export type Report = (path: string, problem: string) => undefined

/** What `judge` makes of a definition, unless it reports problems. */
export const judged = <A>(judge: (report: Report) => A): Result.Result<A, InvalidDefinition> => {
  const problems: Array<string> = []
  const value = judge((path, problem) => {
    problems.push(`${path}: ${problem}.`)
  })
  const [first, ...others] = problems
  return first === undefined
    ? Result.succeed(value)
    : Result.fail(new InvalidDefinition({ problems: [first, ...others] }))
}

const kindOf = Match.type<SchemaAST.AST>().pipe(
  Match.tags({
    String: () => "um texto",
    Number: () => "um número",
    Boolean: () => "true ou false",
    Arrays: () => "uma lista",
    Objects: () => "um objeto"
  }),
  Match.orElse(() => "de outro tipo")
)

const faultOf = Match.type<SchemaIssue.Leaf>().pipe(
  Match.tags({ MissingKey: () => "falta", InvalidType: ({ ast }) => `deve ser ${kindOf(ast)}` }),
  Match.orElse(() => "tem valor inválido")
)

const spoken = SchemaIssue.makeFormatterStandardSchemaV1({ leafHook: faultOf, checkHook: () => "tem valor inválido" })

type Path = ReadonlyArray<PropertyKey | { readonly key: PropertyKey }>

const pathOf = (path: Path): string =>
  path
    .map((segment) => (typeof segment === "object" ? segment.key : segment))
    .map((key, depth) => (typeof key === "number" ? `[${key}]` : `${depth === 0 ? "" : "."}${String(key)}`))
    .join("")

/** Reads what an operator gave by `schema`, every fault of form with its place: `components[0].type: falta.` */
export const reader = <S extends Schema.ConstraintDecoder<unknown>>(
  schema: S
): ((input: unknown) => Result.Result<S["Type"], InvalidDefinition>) => {
  const decode = Schema.decodeUnknownResult(schema, { errors: "all" })
  return (input) =>
    Result.mapError(decode(input), ({ issue }) => {
      const [first = "A definição tem valor inválido.", ...others] = spoken(issue).issues.map(
        ({ message, path = [] }) => `${pathOf(path) || "A definição"}: ${message}.`
      )
      return new InvalidDefinition({ problems: [first, ...others] })
    })
}
