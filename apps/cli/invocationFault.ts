import { Match } from "effect"
import type { NonShowHelpErrors } from "effect/cli/CliError"

const suggested = (suggestions: ReadonlyArray<string>): string =>
  suggestions.length === 0 ? "" : ` Seria ${suggestions.join(" ou ")}?`

/** What is wrong with how a command was called, in Portuguese. */
export const invocationFault = Match.type<NonShowHelpErrors>().pipe(
  Match.tags({
    UnrecognizedOption: ({ option, suggestions }) => `A opção ${option} não existe.${suggested(suggestions)}`,
    MissingOption: ({ option }) => `Falta a opção --${option}.`,
    MissingArgument: ({ argument }) => `Falta o argumento <${argument}>.`,
    UnexpectedArgument: ({ arguments: all }) => `Argumento a mais: ${all.join(" ")}.`,
    InvalidValue: ({ expected, kind, option }) =>
      `Valor inválido em ${kind === "flag" ? `--${option}` : `<${option}>`}: esperado ${expected}.`,
    UnknownSubcommand: ({ subcommand, suggestions }) => `O comando ${subcommand} não existe.${suggested(suggestions)}`
  }),
  Match.orElse(({ message }) => message)
)
