import { Option } from "effect"
import type { FlagDoc, HelpDoc } from "effect/cli/HelpDoc"
import { displayWidth } from "effect/cli/CliOutput"

type Row = readonly [left: string, right: string]

const section = (title: string, rows: ReadonlyArray<Row>): ReadonlyArray<string> => {
  const width = Math.max(0, ...rows.map(([left]) => displayWidth(left)))
  const lines = rows.map(([left, right]) => `  ${left}${" ".repeat(width - displayWidth(left) + 3)}${right}`.trimEnd())
  return rows.length === 0 ? [] : [`${title}:`, ...lines, ""]
}

const flagRow = ({ aliases, description, name, required, type }: FlagDoc): Row => [
  [`--${name}`, ...aliases].join(", ") + (type === "boolean" ? "" : ` <${type}>`),
  Option.getOrElse(description, () => "") + (required && type !== "boolean" ? " (obrigatória)" : "")
]

const usageOf = ({ args = [], commandPath = [], flags, subcommands = [] }: HelpDoc): string =>
  [
    ...commandPath,
    ...(subcommands.length > 0 ? ["<comando>"] : []),
    ...args.map(({ name }) => `<${name}>`),
    ...(flags.length > 0 ? ["[opções]"] : [])
  ].join(" ")

/** The help of one command, in Portuguese. */
export const help = (doc: HelpDoc): string => {
  const { args = [], examples = [], flags, globalFlags = [], subcommands = [] } = doc
  const lines = [
    doc.description,
    "",
    `Uso: ${usageOf(doc)}`,
    "",
    ...section(
      "Comandos",
      subcommands.flatMap(({ commands }) => commands.map(({ description, name }): Row => [name, description]))
    ),
    ...section(
      "Argumentos",
      args.map(({ description, name }): Row => [`<${name}>`, Option.getOrElse(description, () => "")])
    ),
    ...section("Opções", [...flags, ...globalFlags].map(flagRow)),
    ...section(
      "Exemplos",
      examples.map(({ command }): Row => [command, ""])
    )
  ]
  return lines.join("\n").trimEnd()
}
